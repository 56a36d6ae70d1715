//! Resend: JSON signed by Svix (Standard Webhooks). The secret is Base64 behind `whsec_`.
//! Inbound mail comes without its body; the event carries the id to fetch it with.

use chrono::{DateTime, Utc};
use serde_json::Value;
use touchline_domain::{
    channel::Channel,
    events::{EventKind, InboundMessage, Provider, ProviderEvent, TouchRef},
};

use super::{
    error::{ParseError, VerifyError},
    event,
    fields::{self, Json},
    ignored,
    keyed::{self, Hash},
    mime::telling_header,
    request::{Request, Secrets},
    stamp::{Unit, fresh},
};
use crate::status_code::{BounceWord, bounce};

/// Header names of Svix and of the open standard, in the order id, time, signature.
const NAMES: [[&str; 3]; 2] = [
    ["svix-id", "svix-timestamp", "svix-signature"],
    ["webhook-id", "webhook-timestamp", "webhook-signature"],
];

pub(super) fn verify(
    request: &Request<'_>,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    let [id_name, time_name, signature_name] = names(request);
    let need = |name| {
        request
            .header(name)
            .ok_or(VerifyError::MissingSignature(name))
    };
    let (id, time, given) = (need(id_name)?, need(time_name)?, need(signature_name)?);
    let parts = [id.as_bytes(), b".", time.as_bytes(), b".", request.body];
    let signed = secrets.any(|secret| {
        let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
        let Some(key) = keyed::from_base64(encoded) else {
            return false;
        };
        let expected = keyed::base64(&keyed::hmac(Hash::Sha256, &key, &parts));
        given
            .split(' ')
            .filter_map(|entry| entry.strip_prefix("v1,"))
            .any(|entry| keyed::same(&expected, entry))
    });
    if !signed {
        return Err(VerifyError::BadSignature);
    }
    fresh(time_name, time, Unit::Seconds, now)
}

fn names(request: &Request<'_>) -> [&'static str; 3] {
    let [svix, standard] = NAMES;
    if request.header(svix[0]).is_none() && request.header(standard[0]).is_some() {
        standard
    } else {
        svix
    }
}

pub(super) fn parse(
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let id_name = names(request)[0];
    let id = request
        .header(id_name)
        .ok_or_else(|| ParseError::missing(id_name))?;
    let body = fields::json(request.body)?;
    let json = Json(&body);
    let name = json.need("type")?;
    let at = json.time("created_at").unwrap_or(received_at);
    let kind = match name.strip_prefix("email.") {
        Some(name) => email(name, json)?,
        None => ignored(name),
    };
    let about = json.text("data.email_id");
    let id = match (&kind, about) {
        (EventKind::Reply(_), Some(email)) => received_id(email),
        _ => id.to_owned(),
    };
    let mut event = event(Provider::Resend, id, at, kind);
    event.provider_message_id = about.map(str::to_owned);
    event.reference = reference(json);
    Ok(vec![event])
}

/// An entry of the list of received mail, as the event that its webhook would have been.
pub(crate) fn listed(item: &Value) -> Result<ProviderEvent, ParseError> {
    let item = Json(item);
    let id = item.need("id")?;
    let at = item
        .time("created_at")
        .ok_or_else(|| ParseError::missing("created_at"))?;
    let kind = EventKind::Reply(received(item, id)?);
    let mut event = event(Provider::Resend, received_id(id), at, kind);
    event.provider_message_id = Some(id.to_owned());
    Ok(event)
}

/// A mail is received once, and the list of received mail knows no webhook's id.
fn received_id(email: &str) -> String {
    format!("{email}:received")
}

fn email(name: &str, json: Json<'_>) -> Result<EventKind, ParseError> {
    json.need("data.email_id")?;
    let address = || json.text("data.to.0").map(str::to_owned);
    Ok(match name {
        "sent" => EventKind::Sent,
        "delivered" => EventKind::Delivered,
        "opened" => EventKind::Opened,
        "clicked" => EventKind::Clicked,
        "delivery_delayed" => EventKind::SoftBounced {
            code: "delayed".to_owned(),
        },
        "bounced" => bounced(json, address()),
        // Resend holds the address back because it bounced for good or complained before.
        "suppressed" => EventKind::HardBounced {
            code: format!(
                "suppressed/{}",
                json.text("data.suppressed.type").unwrap_or("unknown")
            ),
            address: address(),
        },
        "complained" => EventKind::Complained { address: address() },
        "failed" => EventKind::Failed {
            code: json
                .text("data.failed.reason")
                .unwrap_or("failed")
                .to_owned(),
        },
        "received" => {
            let data = json.at("data").ok_or_else(|| ParseError::missing("data"))?;
            EventKind::Reply(received(data, json.need("data.email_id")?)?)
        }
        other => ignored(format!("email.{other}")),
    })
}

fn bounced(json: Json<'_>, address: Option<String>) -> EventKind {
    let word = json.text("data.bounce.type").unwrap_or("Undetermined");
    let sub = json.text("data.bounce.subType").unwrap_or("General");
    let name = format!("{word}/{sub}");
    let word = BounceWord {
        name: &name,
        permanent: word == "Permanent",
    };
    bounce(None, json.text("data.bounce.message"), word, address)
}

/// The event of a received mail; its text is fetched later.
fn received(mail: Json<'_>, id: &str) -> Result<InboundMessage, ParseError> {
    let to = mail.first(&["received_for.0", "to.0"]);
    let message_id = mail
        .text("message_id")
        .map(|id| ("Message-ID".to_owned(), id.to_owned()));
    let given = mail
        .at("headers")
        .and_then(|headers| headers.0.as_object())
        .into_iter()
        .flatten()
        .filter(|(name, _)| telling_header(name))
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    Ok(InboundMessage {
        channel: Some(Channel::Email),
        from: mail.need("from")?.to_owned(),
        to: to.ok_or_else(|| ParseError::missing("to"))?.to_owned(),
        subject: mail.text("subject").map(str::to_owned),
        headers: message_id.into_iter().chain(given).collect(),
        fetch_id: Some(id.to_owned()),
        ..InboundMessage::default()
    })
}

/// The touch, from the tags that the sender set: an object, or a list of name and value.
fn reference(json: Json<'_>) -> Option<TouchRef> {
    let tag = |name: &str| match json.at("data.tags")?.0 {
        Value::Object(tags) => tags.get(name)?.as_str(),
        Value::Array(tags) => tags
            .iter()
            .find(|tag| tag.get("name").and_then(Value::as_str) == Some(name))?
            .get("value")?
            .as_str(),
        _ => None,
    };
    Some(TouchRef {
        tenant: tag("tenant")?.parse().ok()?,
        lead: tag("lead")?.parse().ok()?,
        touch: tag("touch")?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"email":"test@example.com","username":"test_user"}"#;
    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    fn check(prefix: &str, signature: &str, now: i64) -> Result<(), VerifyError> {
        let headers = [
            (
                format!("{prefix}-id"),
                "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk".to_owned(),
            ),
            (format!("{prefix}-timestamp"), "1649367553".to_owned()),
            (format!("{prefix}-signature"), signature.to_owned()),
        ];
        let request = Request {
            method: "POST",
            url: "/hooks/resend",
            headers: &headers,
            body: BODY,
        };
        let now = DateTime::from_timestamp(now, 0).unwrap();
        verify(&request, &Secrets::one(SECRET), now)
    }

    #[test]
    fn the_published_vector_verifies_under_both_header_families() {
        let good = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
        assert_eq!(check("svix", good, 1_649_367_553), Ok(()));
        assert_eq!(check("Webhook", good, 1_649_367_553), Ok(()));
        let rotated = format!("v2,xxxx v1,AAAA {good}");
        assert_eq!(check("svix", &rotated, 1_649_367_853), Ok(()));
        assert_eq!(
            check("svix", good, 1_649_367_854),
            Err(VerifyError::Stale(301))
        );
        let version = good.replace("v1,", "v2,");
        assert_eq!(
            check("svix", &version, 1_649_367_553),
            Err(VerifyError::BadSignature)
        );
    }
}
