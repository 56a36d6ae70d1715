//! Calendly: JSON signed over time and body. A reschedule comes as a cancellation and a creation; it is reported once.

use chrono::{DateTime, Utc};
use serde_json::Value;
use touchline_domain::events::{EventKind, Provider, ProviderEvent};

use super::{
    error::{ParseError, VerifyError},
    event,
    fields::{self, Json},
    ignored,
    request::{Request, Secrets},
    stamp::{Stamped, Unit, fresh},
};

const SIGNATURE: &str = "Calendly-Webhook-Signature";

pub(super) fn verify(
    request: &Request<'_>,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    let header = request
        .header(SIGNATURE)
        .ok_or(VerifyError::MissingSignature(SIGNATURE))?;
    let stamped = Stamped::read(SIGNATURE, header)?;
    stamped.signs(secrets, &[stamped.time.as_bytes(), b".", request.body])?;
    fresh(SIGNATURE, stamped.time, Unit::Seconds, now)
}

pub(super) fn parse(
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let body = fields::json(request.body)?;
    let json = Json(&body);
    let name = json.need("event")?;
    let invitee = json.need("payload.uri")?;
    let at = json.time("created_at").unwrap_or(received_at);
    let kind = match name {
        "invitee.created" => booking(json, "created")?,
        "invitee.canceled" => booking(json, "canceled")?,
        other => ignored(other),
    };
    let mut event = event(Provider::Calendly, format!("{invitee}:{name}"), at, kind);
    event.provider_message_id = Some(invitee.to_owned());
    Ok(vec![event])
}

fn booking(json: Json<'_>, change: &str) -> Result<EventKind, ParseError> {
    let flag = |path| {
        json.at(path)
            .is_some_and(|found| *found.0 == Value::Bool(true))
    };
    let moved = json.text("payload.old_invitee").is_some();
    let change = match change {
        "canceled" if flag("payload.rescheduled") => {
            return Ok(ignored("invitee.canceled:rescheduled"));
        }
        "created" if moved => "rescheduled",
        other => other,
    };
    Ok(EventKind::Booking {
        change: change.to_owned(),
        email: json.need("payload.email")?.to_owned(),
        starts_at: json.time("payload.scheduled_event.start_time"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_verifies_within_five_minutes() {
        let headers = [(
            SIGNATURE.to_owned(),
            "t=1700000000,v1=c7d72ae4c4c987ce619312933841aef8bd9a76ecd676899fb39a41fabb8385e1"
                .to_owned(),
        )];
        let request = Request {
            method: "POST",
            url: "/hooks/calendly",
            headers: &headers,
            body: br#"{"event":"invitee.created","payload":{"email":"a@example.com"}}"#,
        };
        let check = |now| {
            let now = DateTime::from_timestamp(now, 0).unwrap();
            verify(&request, &Secrets::one("test_key"), now)
        };
        assert_eq!(check(1_700_000_000), Ok(()));
        assert_eq!(check(1_700_000_301), Err(VerifyError::Stale(301)));
    }
}
