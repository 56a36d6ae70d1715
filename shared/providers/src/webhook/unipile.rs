//! Unipile: JSON with a header of our own choosing; nothing is signed.
//! It reports our own messages as well; they are told apart and never become replies.

use chrono::{DateTime, Utc};
use serde_json::Value;
use touchline_domain::{
    channel::Channel,
    events::{EventKind, InboundMessage, Provider, ProviderEvent},
};

use super::{
    error::{ParseError, VerifyError},
    event,
    fields::{self, Json},
    ignored, keyed,
    request::{Request, Secrets},
};

/// The header that we ask Unipile to send when a webhook is created.
const AUTH: &str = "Unipile-Auth";

pub(super) fn verify(request: &Request<'_>, secrets: &Secrets) -> Result<(), VerifyError> {
    let given = request
        .header(AUTH)
        .ok_or(VerifyError::MissingSignature(AUTH))?;
    if secrets.any(|secret| keyed::same(secret, given)) {
        Ok(())
    } else {
        Err(VerifyError::BadSignature)
    }
}

pub(super) fn parse(
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let body = fields::json(request.body)?;
    let json = Json(&body);
    if let Some(status) = json.at("AccountStatus") {
        return account_status(status, received_at);
    }
    let name = json.need("event")?;
    let at = json.time("timestamp").unwrap_or(received_at);
    let (id, about, kind) = match name {
        "message_received" => {
            let id = json.need("message_id")?;
            (id.to_owned(), Some(id.to_owned()), message(json)?)
        }
        "new_relation" => {
            let person = json.need("user_provider_id")?;
            let id = format!("{}:{person}", json.need("account_id")?);
            let kind = EventKind::InvitationAccepted {
                person: person.to_owned(),
            };
            (id, None, kind)
        }
        other => {
            let about = json.need("message_id")?;
            let id = format!("{about}:{other}");
            (id, Some(about.to_owned()), ignored(other))
        }
    };
    let mut event = event(Provider::Unipile, id, at, kind);
    event.provider_message_id = about;
    Ok(vec![event])
}

/// An account goes through the same states again and again and the webhook carries no time of its own, so the
/// day is part of the key: a redelivery changes nothing, next month's disconnection is not lost.
fn account_status(
    json: Json<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let account = json.need("account_id")?;
    let status = json.need("message")?;
    let id = format!("{account}:{status}:{}", received_at.date_naive());
    let kind = EventKind::AccountStatus {
        account: account.to_owned(),
        status: status.to_owned(),
    };
    Ok(vec![event(Provider::Unipile, id, received_at, kind)])
}

fn message(json: Json<'_>) -> Result<EventKind, ParseError> {
    let account = json.need("account_id")?;
    let sender = json.need("sender.attendee_provider_id")?;
    let flagged = json
        .at("is_sender")
        .is_some_and(|flag| *flag.0 == Value::Bool(true) || flag.0.as_i64() == Some(1));
    if flagged || json.text("account_info.user_id") == Some(sender) {
        return Ok(ignored("message_sent"));
    }
    let chat = json
        .text("chat_id")
        .map(|chat| ("Chat-Id".to_owned(), chat.to_owned()));
    let profile = json
        .text("sender.attendee_profile_url")
        .map(|url| ("Profile-Url".to_owned(), url.to_owned()));
    Ok(EventKind::Reply(InboundMessage {
        channel: Some(Channel::Linkedin),
        from: sender.to_owned(),
        to: account.to_owned(),
        text: json.text("message").unwrap_or_default().to_owned(),
        headers: chat.into_iter().chain(profile).collect(),
        ..InboundMessage::default()
    }))
}
