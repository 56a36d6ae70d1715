//! Vapi: JSON under `message`, with a shared secret in a header or an HMAC over time and body.
//! A call is reported once, when its report comes; status updates only show its progress.

use chrono::{DateTime, Utc};
use touchline_domain::events::{EventKind, Provider, ProviderEvent, TouchRef};

use super::{
    error::{ParseError, VerifyError},
    event,
    fields::{self, Json},
    ignored,
    keyed::{self, Hash},
    request::{Request, Secrets},
    stamp::{Unit, fresh},
};

const SECRET: &str = "X-Vapi-Secret";
const SIGNATURE: &str = "X-Signature";
const TIME: &str = "X-Timestamp";
/// Unix times with this many digits are milliseconds; Vapi does not say which it sends.
const MILLISECOND_DIGITS: usize = 13;

pub(super) fn verify(
    request: &Request<'_>,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    if let Some(given) = request.header(SIGNATURE) {
        return verify_hmac(request, given, secrets, now);
    }
    let given = request
        .header(SECRET)
        .ok_or(VerifyError::MissingSignature(SECRET))?;
    if secrets.any(|secret| keyed::same(secret, given)) {
        Ok(())
    } else {
        Err(VerifyError::BadSignature)
    }
}

fn verify_hmac(
    request: &Request<'_>,
    given: &str,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    let time = request
        .header(TIME)
        .ok_or(VerifyError::MissingSignature(TIME))?;
    let parts = [time.as_bytes(), b".", request.body];
    // The length of the tag tells which of the configurable hashes made it.
    let hash = match given.len() {
        40 => Hash::Sha1,
        128 => Hash::Sha512,
        _ => Hash::Sha256,
    };
    let signed = secrets.any(|secret| {
        let tag = keyed::hmac(hash, secret.as_bytes(), &parts);
        keyed::same(&keyed::hex(&tag), given)
    });
    if !signed {
        return Err(VerifyError::BadSignature);
    }
    let unit = if time.len() >= MILLISECOND_DIGITS {
        Unit::Milliseconds
    } else {
        Unit::Seconds
    };
    fresh(TIME, time, unit, now)
}

pub(super) fn parse(
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let body = fields::json(request.body)?;
    let json = Json(&body);
    let name = json.need("message.type")?;
    let call = json.need("message.call.id")?;
    let status = json.text("message.status");
    let (id, kind) = match (name, status) {
        ("end-of-call-report", _) => {
            let reason = json.need("message.endedReason")?.to_owned();
            (format!("{call}:{name}"), EventKind::CallEnded { reason })
        }
        (_, Some(status)) => (
            format!("{call}:{name}:{status}"),
            ignored(format!("{name}:{status}")),
        ),
        (_, None) => (format!("{call}:{name}"), ignored(name)),
    };
    let at = json
        .at("message.timestamp")
        .and_then(|time| DateTime::from_timestamp_millis(whole(time)?));
    let mut event = event(Provider::Vapi, id, at.unwrap_or(received_at), kind);
    event.provider_message_id = Some(call.to_owned());
    event.reference = json
        .first(&[
            "message.call.assistantOverrides.metadata.ref",
            "message.call.customer.externalId",
            "message.customer.externalId",
        ])
        .and_then(TouchRef::from_token);
    Ok(vec![event])
}

/// A number that may be written with a fraction, cut to whole.
fn whole(number: Json<'_>) -> Option<i64> {
    let text = number.0.as_number()?.to_string();
    text.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"message":{"type":"status-update","status":"ended"}}"#;

    fn check(headers: &[(&str, &str)], now: i64) -> Result<(), VerifyError> {
        let headers: Vec<(String, String)> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let request = Request {
            method: "POST",
            url: "/hooks/vapi",
            headers: &headers,
            body: BODY,
        };
        let now = DateTime::from_timestamp(now, 0).unwrap();
        verify(&request, &Secrets::one("vapi_secret"), now)
    }

    #[test]
    fn the_vector_of_the_default_plan_verifies_and_ages() {
        let tag = "affbb396520b8443703d86b7392ae5e23f51e78f500a51370c7f33544e2d048b";
        let headers = [("x-signature", tag), ("x-timestamp", "1700000000")];
        assert_eq!(check(&headers, 1_700_000_000), Ok(()));
        assert_eq!(check(&headers, 1_700_000_301), Err(VerifyError::Stale(301)));
        assert_eq!(
            check(&headers[..1], 1_700_000_000).unwrap_err().code(),
            "missing_signature"
        );
    }

    #[test]
    fn the_older_shared_secret_is_compared_whole() {
        assert_eq!(check(&[("X-Vapi-Secret", "vapi_secret")], 0), Ok(()));
        assert_eq!(
            check(&[("X-Vapi-Secret", "vapi_secre")], 0),
            Err(VerifyError::BadSignature)
        );
    }
}
