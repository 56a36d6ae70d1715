//! SignalHouse: JSON signed over a time in milliseconds and the body, under two header families.
//! Where both are sent, both must fit.

use chrono::{DateTime, Utc};
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
    request::{Request, Secrets},
    stamp::{Stamped, Unit, fresh},
};

const STAMPED: &str = "X-SignalHouse-Signature-V1";
const PLAIN: &str = "X-SignalHouse-Signature";
const TIME: &str = "X-SignalHouse-Timestamp";
const DELIVERY: &str = "X-SignalHouse-Delivery-Id";
/// The recipient has opted out at SignalHouse.
const OPTED_OUT: &str = "OUT";

pub(super) fn verify(
    request: &Request<'_>,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    let (stamped, plain) = (request.header(STAMPED), request.header(PLAIN));
    if let Some(text) = stamped {
        let stamped = Stamped::read(STAMPED, text)?;
        stamped.signs(secrets, &[stamped.time.as_bytes(), b".", request.body])?;
        fresh(STAMPED, stamped.time, Unit::Milliseconds, now)?;
    }
    match (stamped, plain) {
        (None, None) => Err(VerifyError::MissingSignature(STAMPED)),
        (_, Some(signature)) => verify_plain(request, signature, secrets, now),
        (Some(_), None) => Ok(()),
    }
}

fn verify_plain(
    request: &Request<'_>,
    given: &str,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    let time = request
        .header(TIME)
        .ok_or(VerifyError::MissingSignature(TIME))?;
    let parts = [time.as_bytes(), b".", request.body];
    let signed = secrets.any(|secret| {
        let expected = keyed::hex(&keyed::hmac(Hash::Sha256, secret.as_bytes(), &parts));
        keyed::same(&expected, given)
    });
    if !signed {
        return Err(VerifyError::BadSignature);
    }
    fresh(TIME, time, Unit::Milliseconds, now)
}

pub(super) fn parse(
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let body = fields::json(request.body)?;
    let json = Json(&body);
    let name = json.need("event")?;
    let about = json
        .scalar("metaData.messageId")
        .or_else(|| json.scalar("identifier"));
    let id = match (request.header(DELIVERY), &about) {
        (Some(delivery), _) => delivery.to_owned(),
        (None, Some(about)) => format!("{name}:{about}"),
        (None, None) => return Err(ParseError::missing("identifier")),
    };
    let at = time(json).unwrap_or(received_at);
    let mut event = event(Provider::Signalhouse, id, at, kind(name, json)?);
    event.provider_message_id = about;
    event.reference = request
        .query("ref")
        .and_then(|token| TouchRef::from_token(&token));
    Ok(vec![event])
}

fn time(json: Json<'_>) -> Option<DateTime<Utc>> {
    let text = json.scalar("timestamp")?;
    fields::rfc3339(&text).or_else(|| text.parse().ok().and_then(DateTime::from_timestamp_millis))
}

fn kind(name: &str, json: Json<'_>) -> Result<EventKind, ParseError> {
    Ok(match name {
        "MESSAGE_SENT" => EventKind::Sent,
        "MESSAGE_DELIVERED" => EventKind::Delivered,
        "MESSAGE_FAILED" => match json.scalar("metaData.errorCode") {
            Some(code) if code == OPTED_OUT => EventKind::Unsubscribed {
                address: json
                    .first(&["metaData.recipientPhoneNumber", "metaData.to"])
                    .map(str::to_owned),
            },
            code => EventKind::Failed {
                code: code.unwrap_or_else(|| "unknown".to_owned()),
            },
        },
        // The name of the inbound event is not published.
        name if name.contains("RECEIVED") || name.contains("INBOUND") => {
            EventKind::Reply(inbound(json)?)
        }
        other => ignored(other),
    })
}

fn inbound(json: Json<'_>) -> Result<InboundMessage, ParseError> {
    let need = |paths: &[&str]| {
        let text = json.first(paths).map(str::to_owned);
        text.ok_or_else(|| ParseError::missing(paths[0]))
    };
    Ok(InboundMessage {
        channel: Some(Channel::Sms),
        from: need(&["metaData.senderPhoneNumber", "metaData.from"])?,
        to: need(&["metaData.recipientPhoneNumber", "metaData.to"])?,
        text: json
            .first(&["metaData.messageBody", "metaData.body", "metaData.text"])
            .unwrap_or_default()
            .to_owned(),
        ..InboundMessage::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "9f021d2452c725a96b659bb19ccaee00c05025cf9510f69433ac18ed9c592c88";

    fn check(headers: &[(&str, String)], now_ms: i64) -> Result<(), VerifyError> {
        let headers: Vec<(String, String)> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let request = Request {
            method: "POST",
            url: "/hooks/signalhouse",
            headers: &headers,
            body: br#"{"event":"MESSAGE_DELIVERED"}"#,
        };
        let now = DateTime::from_timestamp_millis(now_ms).unwrap();
        verify(&request, &Secrets::one("sh_secret"), now)
    }

    #[test]
    fn the_vector_verifies_in_both_header_families_with_time_in_milliseconds() {
        let now = 1_700_000_000_000;
        let stamped = (STAMPED, format!("t={now},v1=00,v1={TAG}"));
        let plain = [(PLAIN, TAG.to_owned()), (TIME, now.to_string())];
        assert_eq!(check(std::slice::from_ref(&stamped), now), Ok(()));
        assert_eq!(check(&plain, now + 300_000), Ok(()));
        assert_eq!(check(&plain, now + 300_001), Err(VerifyError::Stale(300)));
        let [tag, time] = plain;
        let wrong = (PLAIN, tag.1.replace('9', "8"));
        assert_eq!(
            check(&[stamped, wrong, time], now),
            Err(VerifyError::BadSignature)
        );
    }
}
