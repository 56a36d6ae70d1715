//! Apollo: finds a person by what is known about them. Each match costs a credit, so nothing here asks twice (ENR-1); a
//! person whom Apollo does not know costs nothing and comes back as `None`.

mod people;
mod person;

use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};

pub use person::{EnrichedCompany, EnrichedPerson};

use crate::{
    http::{CallError, HttpClient, Replay, call, trimmed},
    redact::redact,
};

/// Most people in one bulk call.
pub const MAX_BULK: usize = 10;

/// What is known about a person (ENR-1). Absent fields are not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PersonQuery {
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Work or personal e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Company name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<String>,
    /// Company domain, without `www.`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// LinkedIn profile URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linkedin_url: Option<String>,
}

/// The Apollo API of one account.
#[derive(Clone, Debug)]
pub struct Apollo {
    client: HttpClient,
    base: String,
    key: SecretString,
}

impl Apollo {
    /// `base` is the address of the API: `https://api.apollo.io`, or the simulator's.
    #[must_use]
    pub fn new(client: HttpClient, base: impl Into<String>, key: SecretString) -> Self {
        Self {
            client,
            base: trimmed(base),
            key,
        }
    }

    /// Looks up to [`MAX_BULK`] people, in order; `None` for somebody whom Apollo does not know.
    ///
    /// # Errors
    /// [`CallError`]; `Refused` with the code `too_many` before any call for a longer list. After `Unknown` credits may
    /// have been spent.
    pub async fn people(
        &self,
        queries: &[PersonQuery],
    ) -> Result<Vec<Option<EnrichedPerson>>, CallError> {
        if queries.len() > MAX_BULK {
            return Err(CallError::Refused {
                code: "too_many".to_owned(),
                message: format!("{} people in one call, at most {MAX_BULK}", queries.len()),
            });
        }
        let request = self
            .client
            .post(format!("{}/api/v1/people/bulk_match", self.base))
            .json(&json!({"details": queries}));
        let body = self.ask(request).await?;
        let matches = body["matches"].as_array();
        let matches = matches.filter(|matches| matches.len() == queries.len());
        // A shorter list would give one person another's data.
        matches
            .ok_or_else(|| CallError::Unreadable("matches do not line up with details".to_owned()))?
            .iter()
            .map(EnrichedPerson::read)
            .collect()
    }

    async fn ask(&self, request: RequestBuilder) -> Result<Value, CallError> {
        let request = request
            .header("x-api-key", self.key.expose_secret())
            .header("Cache-Control", "no-cache");
        let answer = call(request).await?;
        if let Some(error) = answer.transient(Replay::Taken) {
            return Err(error);
        }
        let body = answer.json();
        if answer.status != StatusCode::OK {
            let reason = body["error"].as_str().or(body["message"].as_str());
            return Err(CallError::Refused {
                code: answer.status.as_u16().to_string(),
                message: redact(reason.unwrap_or_default()),
            });
        }
        if body.is_object() {
            Ok(body)
        } else {
            Err(CallError::Unreadable("not a JSON object".to_owned()))
        }
    }
}
