//! Cal.com: JSON with the HMAC of the body in a header. No time is signed, so replays meet the de-duplication.

use chrono::{DateTime, Utc};
use touchline_domain::events::{EventKind, Provider, ProviderEvent};

use super::{
    error::{ParseError, VerifyError},
    event,
    fields::{self, Json},
    ignored,
    keyed::{self, Hash},
    request::{Request, Secrets},
};

const SIGNATURE: &str = "X-Cal-Signature-256";
/// What Cal.com sends when no secret is set.
const UNSIGNED: &str = "no-secret-provided";

pub(super) fn verify(request: &Request<'_>, secrets: &Secrets) -> Result<(), VerifyError> {
    let given = request
        .header(SIGNATURE)
        .filter(|given| *given != UNSIGNED)
        .ok_or(VerifyError::MissingSignature(SIGNATURE))?;
    let signed = secrets.any(|secret| {
        let tag = keyed::hmac(Hash::Sha256, secret.as_bytes(), &[request.body]);
        keyed::same(&keyed::hex(&tag), given)
    });
    if signed {
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
    let trigger = json.need("triggerEvent")?;
    let created = json.text("createdAt").unwrap_or_default();
    let uid = json.scalar("payload.uid");
    let kind = match change(trigger) {
        Some(change) => booking(json, change)?,
        None => ignored(trigger),
    };
    let at = fields::rfc3339(created).unwrap_or(received_at);
    let key = uid.as_deref().unwrap_or_default();
    let id = format!("{trigger}:{key}:{created}");
    let mut event = event(Provider::Calcom, id, at, kind);
    event.provider_message_id = uid;
    Ok(vec![event])
}

/// One word per change of a booking, the same for every calendar.
fn change(trigger: &str) -> Option<&'static str> {
    Some(match trigger {
        "BOOKING_CREATED" => "created",
        "BOOKING_RESCHEDULED" => "rescheduled",
        "BOOKING_CANCELLED" => "canceled",
        "BOOKING_REQUESTED" => "requested",
        "BOOKING_REJECTED" => "rejected",
        "BOOKING_CONFIRMED" => "confirmed",
        "BOOKING_NO_SHOW_UPDATED" => "no_show",
        _ => return None,
    })
}

fn booking(json: Json<'_>, change: &str) -> Result<EventKind, ParseError> {
    json.need("payload.uid").or_else(|error| {
        // An id may be a number or a text.
        json.scalar("payload.uid").map(|_| "").ok_or(error)
    })?;
    if change == "no_show" {
        return Ok(ignored("BOOKING_NO_SHOW_UPDATED"));
    }
    Ok(EventKind::Booking {
        change: change.to_owned(),
        email: json
            .first(&["payload.attendees.0.email", "payload.responses.email.value"])
            .unwrap_or_default()
            .to_owned(),
        starts_at: json.time("payload.startTime"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_verifies_and_an_unsigned_request_is_named_so() {
        let check = |signature: &str| {
            let headers = [(SIGNATURE.to_owned(), signature.to_owned())];
            let request = Request {
                method: "POST",
                url: "/hooks/calcom",
                headers: &headers,
                body: br#"{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-01-01T00:00:00.000Z","payload":{"uid":"abc123"}}"#,
            };
            verify(&request, &Secrets::one("test_secret")).map_err(|error| error.code())
        };
        let good = "db88087b6a93c9de27cb65d4a060b66a095be25e0ea87e5cd90a241b02025b1a";
        assert_eq!(check(good), Ok(()));
        assert_eq!(check(&good.to_uppercase()), Err("bad_signature"));
        assert_eq!(check("no-secret-provided"), Err("missing_signature"));
    }
}
