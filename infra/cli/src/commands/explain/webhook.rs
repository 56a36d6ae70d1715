//! Is a webhook genuine, and what does it say? Asks the very functions that the intake asks, without a network: the
//! certificate of an SNS message comes with the question. Decides nothing itself.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use touchline_domain::events::{Provider, ProviderEvent};
use touchline_providers::webhook::{BODY_MAX_BYTES, ParseError, Request, Secrets, parse, verify};

use super::{
    answers::{Answer, fields, required},
    lines::{LineError, Question},
};

/// The only method of the intake's endpoints (HOOK-1).
const METHOD: &str = "POST";

/// What is found out about a request.
#[derive(Debug, Serialize)]
struct Verdict {
    /// It comes from its provider and is fresh.
    valid: bool,
    /// Why not, or why it cannot be understood although it is genuine: a stable code.
    reason: Option<&'static str>,
    /// What it says; the first event where it tells of several.
    event: Option<ProviderEvent>,
    /// The events behind the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    more_events: Vec<ProviderEvent>,
    /// Which field is not as the provider documents it.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

impl Verdict {
    fn refused(reason: &'static str) -> Self {
        Self {
            valid: false,
            reason: Some(reason),
            event: None,
            more_events: Vec::new(),
            field: None,
        }
    }

    fn genuine(parsed: Result<Vec<ProviderEvent>, ParseError>) -> Self {
        let (mut events, error) = match parsed {
            Ok(events) => (events.into_iter(), None),
            Err(error) => (Vec::new().into_iter(), Some(error)),
        };
        Self {
            valid: true,
            reason: error.as_ref().map(|error| error.code),
            event: events.next(),
            more_events: events.collect(),
            field: error.map(|error| error.field),
        }
    }
}

/// `{id, provider, secret, method, url, headers, body, now}` -> `{id, valid, reason, event}`.
pub fn webhook(question: &Question) -> Answer {
    let provider: Provider = required(question, "provider")?;
    let secrets = secrets(question, provider)?;
    let headers = question.pairs("headers")?;
    let now: DateTime<Utc> = required(question, "now")?;
    let request = Request {
        method: question.optional_text("method")?.unwrap_or(METHOD),
        url: question.text("url")?,
        headers: &headers,
        body: question.text("body")?.as_bytes(),
    };
    Ok(fields(json!(judge(provider, &request, &secrets, now))))
}

fn judge(
    provider: Provider,
    request: &Request<'_>,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Verdict {
    if request.method != METHOD {
        return Verdict::refused("method_not_allowed");
    }
    if request.body.len() > BODY_MAX_BYTES {
        return Verdict::refused("body_too_large");
    }
    match verify(provider, request, secrets, now) {
        Ok(()) => Verdict::genuine(parse(provider, request, now)),
        Err(error) => Verdict::refused(error.code()),
    }
}

/// One secret, or the current and the previous one; for Amazon SES the certificate stands in.
fn secrets(question: &Question, provider: Provider) -> Result<Secrets, LineError> {
    if let Some(pem) = question.optional_text("certificate")?
        && provider == Provider::Ses
    {
        return Ok(Secrets::one(pem));
    }
    match question.texts("secrets")?.as_slice() {
        [] => Ok(Secrets::one(question.text("secret")?)),
        [current] => Ok(Secrets::one(*current)),
        [current, previous] => Ok(Secrets {
            current: (*current).to_owned().into(),
            previous: Some((*previous).to_owned().into()),
        }),
        more => Err(LineError::wrong_value(
            "secrets",
            format!("two secrets are accepted at most, not {}", more.len()),
        )),
    }
}
