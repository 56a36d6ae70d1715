//! ClickSend: replies and delivery receipts, as a form or as JSON. Nothing is signed; the URL token stands in.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use touchline_domain::{
    channel::Channel,
    events::{EventKind, InboundMessage, Provider, ProviderEvent, TouchRef},
};

use super::{
    error::ParseError,
    event,
    fields::{self, Form, Json},
    ignored,
    request::Request,
};

/// Receipt: handed to the carrier.
const SENT: i64 = 200;
/// Receipt: received on the handset.
const DELIVERED: i64 = 201;
/// Receipt: failed for now, the carrier tries again.
const RETRYING: i64 = 300;
/// Receipt: failed for good. Says nothing about whether the number exists.
const FAILED: i64 = 301;

pub(super) fn parse(
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let document = document(request.body)?;
    listed(&document, received_at).map(|event| vec![event])
}

/// The event of a webhook, or of an entry of ClickSend's lists: they have the same fields. `otherwise` is used when no
/// time is given.
pub(crate) fn listed(item: &Value, otherwise: DateTime<Utc>) -> Result<ProviderEvent, ParseError> {
    let json = Json(item);
    let id = json
        .scalar("message_id")
        .ok_or_else(|| ParseError::missing("message_id"))?;
    let is_receipt = json.at("status_code").is_some() || json.at("status_text").is_some();
    let (event_id, about, kind) = if is_receipt {
        let (code, kind) = receipt(json)?;
        (format!("{id}:{code}"), id, kind)
    } else {
        let about = json
            .scalar("original_message_id")
            .unwrap_or_else(|| id.clone());
        (id, about, inbound(json)?)
    };
    let at = json
        .scalar("timestamp")
        .and_then(|seconds| DateTime::from_timestamp(seconds.parse().ok()?, 0));
    let mut event = event(Provider::Clicksend, event_id, at.unwrap_or(otherwise), kind);
    event.provider_message_id = Some(about);
    event.reference = json
        .first(&["custom_string", "customstring"])
        .and_then(TouchRef::from_token);
    Ok(event)
}

/// Rules are set up for either encoding, so the body tells which it is.
fn document(body: &[u8]) -> Result<Value, ParseError> {
    if body.trim_ascii_start().starts_with(b"{") {
        return fields::json(body);
    }
    let pairs = Form::read(body)?.0.into_iter();
    let map: Map<String, Value> = pairs.map(|(k, v)| (k, Value::String(v))).collect();
    Ok(Value::Object(map))
}

fn receipt(json: Json<'_>) -> Result<(i64, EventKind), ParseError> {
    let text = json
        .scalar("status_code")
        .ok_or_else(|| ParseError::missing("status_code"))?;
    let code: i64 = text
        .parse()
        .map_err(|_| ParseError::new("wrong_value", "status_code", &text))?;
    let detail = json
        .scalar("error_code")
        .map_or_else(|| text.clone(), |error| format!("{text}/{error}"));
    let kind = match code {
        SENT => EventKind::Sent,
        DELIVERED => EventKind::Delivered,
        RETRYING => EventKind::SoftBounced { code: detail },
        FAILED..=399 => EventKind::Failed { code: detail },
        _ => ignored(format!("receipt:{code}")),
    };
    Ok((code, kind))
}

fn inbound(json: Json<'_>) -> Result<EventKind, ParseError> {
    Ok(EventKind::Reply(InboundMessage {
        channel: Some(Channel::Sms),
        from: json.need("from")?.to_owned(),
        to: json.need("to")?.to_owned(),
        text: json
            .first(&["body", "message", "sms"])
            .unwrap_or_default()
            .to_owned(),
        ..InboundMessage::default()
    }))
}
