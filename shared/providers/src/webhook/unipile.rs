//! Unipile: JSON with a header of our own choosing; nothing is signed.
//! It reports our own messages as well; they are recognised and never become replies.

use chrono::{DateTime, Utc};
use serde_json::Value;
use touchline_domain::{
    channel::Channel,
    events::{CHAT_HEADER, EventKind, InboundMessage, PROFILE_HEADER, Provider, ProviderEvent},
};

use super::{
    error::{ParseError, VerifyError},
    event,
    fields::{self, Json},
    ignored, keyed,
    request::{Request, Secrets},
};

/// The header that we ask Unipile to send when a webhook is created.
pub(crate) const AUTH: &str = "Unipile-Auth";
/// How a message of our own is counted.
const OURS: &str = "message_sent";

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
            let id = relation_id(json.need("account_id")?, person);
            (id, None, accepted(person))
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

fn relation_id(account: &str, person: &str) -> String {
    format!("{account}:{person}")
}

fn accepted(person: &str) -> EventKind {
    EventKind::InvitationAccepted {
        person: person.to_owned(),
    }
}

fn message(json: Json<'_>) -> Result<EventKind, ParseError> {
    let sender = json.need("sender.attendee_provider_id")?;
    let own = json.text("account_info.user_id");
    // A webhook that tells neither counts as a message from outside: our own id is no lead's.
    if is_ours(json, sender, own).unwrap_or(false) {
        return Ok(ignored(OURS));
    }
    Ok(EventKind::Reply(InboundMessage {
        channel: Some(Channel::Linkedin),
        from: sender.to_owned(),
        to: json.need("account_id")?.to_owned(),
        text: json.text("message").unwrap_or_default().to_owned(),
        headers: sender_headers(json, "sender.attendee_profile_url"),
        ..InboundMessage::default()
    }))
}

/// Who sent a message: `is_sender` says so, else the sender is compared with the account's own id; nothing if neither is
/// known (LI).
fn is_ours(json: Json<'_>, sender: &str, own: Option<&str>) -> Option<bool> {
    match json.at("is_sender").map(|flag| flag.0) {
        Some(Value::Bool(flag)) => Some(*flag),
        Some(Value::Number(flag)) => Some(flag.as_i64() == Some(1)),
        _ => own.map(|own| own == sender),
    }
}

/// What identifies the sender besides the id: the chat and the profile.
fn sender_headers(json: Json<'_>, profile: &str) -> Vec<(String, String)> {
    let field = |name: &str, path: &str| {
        json.text(path)
            .map(|value| (name.to_owned(), value.to_owned()))
    };
    let chat = field(CHAT_HEADER, "chat_id");
    chat.into_iter()
        .chain(field(PROFILE_HEADER, profile))
        .collect()
}

/// Whether an entry of the list of messages says itself who sent it.
pub(crate) fn tells_direction(item: &Value) -> bool {
    is_ours(Json(item), "", None).is_some()
}

/// An entry of the list of messages, as the event that its webhook would have been. `own` is the account's own member
/// id. Without a way to tell who sent it, it is refused: it could be our own (LI).
pub(crate) fn listed_message(
    item: &Value,
    account: &str,
    own: Option<&str>,
) -> Result<ProviderEvent, ParseError> {
    let json = Json(item);
    let id = json.need("id")?;
    let at = json
        .time("timestamp")
        .ok_or_else(|| ParseError::missing("timestamp"))?;
    let sender = json.need("sender_id")?;
    let ours = is_ours(json, sender, own).ok_or_else(|| ParseError::missing("is_sender"))?;
    let is_notice = json
        .at("is_event")
        .is_some_and(|flag| flag.0.as_i64() == Some(1));
    let kind = if ours || is_notice {
        ignored(OURS)
    } else {
        EventKind::Reply(InboundMessage {
            channel: Some(Channel::Linkedin),
            from: sender.to_owned(),
            to: account.to_owned(),
            text: json.text("text").unwrap_or_default().to_owned(),
            headers: sender_headers(json, "sender_profile_url"),
            ..InboundMessage::default()
        })
    };
    let mut event = event(Provider::Unipile, id, at, kind);
    event.provider_message_id = Some(id.to_owned());
    Ok(event)
}

/// An entry of the list of relations, as the event that its webhook would have been.
pub(crate) fn listed_relation(item: &Value, account: &str) -> Result<ProviderEvent, ParseError> {
    let json = Json(item);
    let person = json.need("member_id")?;
    let at = json.scalar("created_at").and_then(|text| {
        fields::rfc3339(&text)
            .or_else(|| text.parse().ok().and_then(DateTime::from_timestamp_millis))
    });
    let at = at.ok_or_else(|| ParseError::missing("created_at"))?;
    let id = relation_id(account, person);
    Ok(event(Provider::Unipile, id, at, accepted(person)))
}
