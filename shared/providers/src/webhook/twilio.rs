//! Twilio: form posts signed over the URL and the sorted fields. JSON posts carry the body's hash in the URL.
//! Refuses an unknown signature algorithm rather than guess.

use chrono::{DateTime, Utc};
use serde_json::Value;
use touchline_domain::{
    channel::Channel,
    events::{EventKind, InboundMessage, Provider, ProviderEvent, TouchRef},
};

use super::{
    error::{ParseError, VerifyError},
    event,
    fields::{Form, Json},
    ignored,
    keyed::{self, Hash},
    request::{Request, Secrets},
};
use crate::twilio::error_code;

const SIGNATURE: &str = "X-Twilio-Signature";
const SETTINGS: &str = "X-Twilio-Webhooks-Signature-Settings";
const BODY_HASH: &str = "bodySHA256";
/// Stands for the status in the id of an inbound message.
const RECEIVED: &str = "received";

pub(super) fn verify(request: &Request<'_>, secrets: &Secrets) -> Result<(), VerifyError> {
    let given = request
        .header(SIGNATURE)
        .ok_or(VerifyError::MissingSignature(SIGNATURE))?;
    let hash = algorithm(request)?;
    let fields = signed_fields(request)?;
    let urls = spellings(request.url);
    let signed = secrets.any(|secret| {
        urls.iter().any(|url| {
            let parts = [url.as_bytes(), fields.as_bytes()];
            let expected = keyed::base64(&keyed::hmac(hash, secret.as_bytes(), &parts));
            keyed::same(&expected, given)
        })
    });
    if signed {
        Ok(())
    } else {
        Err(VerifyError::BadSignature)
    }
}

fn algorithm(request: &Request<'_>) -> Result<Hash, VerifyError> {
    let Some(settings) = request.header(SETTINGS) else {
        return Ok(Hash::Sha1);
    };
    let name = settings
        .split(',')
        .find_map(|entry| entry.trim().strip_prefix("algorithm="));
    match name {
        Some("HMAC_SHA1") => Ok(Hash::Sha1),
        Some("HMAC_SHA256") => Ok(Hash::Sha256),
        _ => Err(VerifyError::malformed(SETTINGS, settings)),
    }
}

/// What is signed behind the URL: nothing if the URL carries the body's hash, else each name with each of its
/// values, sorted, every value once.
fn signed_fields(request: &Request<'_>) -> Result<String, VerifyError> {
    if let Some(hash) = request.query(BODY_HASH) {
        return if keyed::same(&keyed::sha256_hex(request.body), &hash) {
            Ok(String::new())
        } else {
            Err(VerifyError::BadSignature)
        };
    }
    let mut pairs = Form::read(request.body)
        .map_err(|error| VerifyError::malformed("body", &error.value))?
        .0;
    pairs.sort();
    pairs.dedup();
    Ok(pairs
        .into_iter()
        .flat_map(|(name, value)| [name, value])
        .collect())
}

/// The URL as it came, without its port, and with the scheme's own port: proxies change this, Twilio does too.
fn spellings(url: &str) -> Vec<String> {
    let mut all = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else {
        return all;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, tail) = rest.split_at(end);
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => {
            all.push(format!("{scheme}://{name}{tail}"));
        }
        _ => {
            let port = if scheme == "http" { 80 } else { 443 };
            all.push(format!("{scheme}://{host}:{port}{tail}"));
        }
    }
    all
}

pub(super) fn parse(
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let form = Form::read(request.body)?;
    let Some(sid) = form.first(&["MessageSid", "SmsSid"]) else {
        return other(&form, received_at);
    };
    let status = form.first(&["MessageStatus", "SmsStatus"]);
    let (key, kind) = match status {
        Some(status) if status != "received" && status != "receiving" => {
            let error = form.text("ErrorCode");
            (status, status_kind(status, error, form.text("To")))
        }
        _ => (RECEIVED, inbound(&form)?),
    };
    let mut event = event(Provider::Twilio, format!("{sid}:{key}"), received_at, kind);
    event.provider_message_id = Some(sid.to_owned());
    event.reference = request
        .query("ref")
        .and_then(|token| TouchRef::from_token(&token));
    Ok(vec![event])
}

/// A callback that is not about a message, for example a recording's.
fn other(form: &Form, at: DateTime<Utc>) -> Result<Vec<ProviderEvent>, ParseError> {
    let sid = form.need("CallSid").map_err(|_| {
        // A message is expected; a call is the exception.
        ParseError::missing("MessageSid")
    })?;
    let status = form
        .first(&["RecordingStatus", "CallStatus"])
        .unwrap_or("unknown");
    let kind = ignored(format!("call:{status}"));
    Ok(vec![event(
        Provider::Twilio,
        format!("{sid}:{status}"),
        at,
        kind,
    )])
}

/// An entry of the account's list of messages, as the event that its webhook would have been. It does not name the
/// touch: only the callback's URL does.
pub(crate) fn listed(item: &Value) -> Result<ProviderEvent, ParseError> {
    let item = Json(item);
    let sid = item.need("sid")?;
    let at = ["date_sent", "date_created"]
        .iter()
        .find_map(|field| DateTime::parse_from_rfc2822(item.text(field)?).ok())
        .ok_or_else(|| ParseError::missing("date_sent"))?;
    let (key, kind) = if is_inbound(item) {
        let message = InboundMessage {
            channel: Some(Channel::Sms),
            from: item.need("from")?.to_owned(),
            to: item.need("to")?.to_owned(),
            text: item.text("body").unwrap_or_default().to_owned(),
            ..InboundMessage::default()
        };
        (RECEIVED, EventKind::Reply(message))
    } else {
        let status = item.need("status")?;
        let error = item.scalar("error_code");
        (
            status,
            status_kind(status, error.as_deref(), item.text("to")),
        )
    };
    let at = at.with_timezone(&Utc);
    let mut event = event(Provider::Twilio, format!("{sid}:{key}"), at, kind);
    event.provider_message_id = Some(sid.to_owned());
    Ok(event)
}

/// Whether an entry of the list came in.
pub(crate) fn came_in(item: &Value) -> bool {
    is_inbound(Json(item))
}

fn is_inbound(item: Json<'_>) -> bool {
    item.text("direction") == Some("inbound")
}

fn status_kind(status: &str, error: Option<&str>, to: Option<&str>) -> EventKind {
    match status {
        "sent" => EventKind::Sent,
        "delivered" => EventKind::Delivered,
        "read" => EventKind::Opened,
        "failed" | "undelivered" => {
            error_code::event(error.unwrap_or(status), to.map(str::to_owned))
        }
        other => ignored(other),
    }
}

fn inbound(form: &Form) -> Result<EventKind, ParseError> {
    // Set by Twilio's own opt-out handling; the classifier takes it as certain.
    let opt_out = form.text("OptOutType");
    Ok(EventKind::Reply(InboundMessage {
        channel: Some(Channel::Sms),
        from: form.need("From")?.to_owned(),
        to: form.need("To")?.to_owned(),
        text: form.text("Body").unwrap_or_default().to_owned(),
        headers: opt_out
            .map(|word| ("OptOutType".to_owned(), word.to_owned()))
            .into_iter()
            .collect(),
        ..InboundMessage::default()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const FORM: &str = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";

    fn check(url: &str, body: &str, headers: &[(&str, &str)]) -> Result<(), VerifyError> {
        let headers: Vec<(String, String)> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let request = Request {
            method: "POST",
            url,
            headers: &headers,
            body: body.as_bytes(),
        };
        verify(&request, &Secrets::one("12345"))
    }

    #[test]
    fn vector_a_verifies_with_and_without_the_port() {
        let plain = [("X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")];
        assert_eq!(check(URL, FORM, &plain), Ok(()));
        let with_port = URL.replace(".com", ".com:443");
        assert_eq!(check(&with_port, FORM, &plain), Ok(()));
        let signed_with_port = [("x-twilio-signature", "kvajT1Ptam85bY51eRf/AJRuM3w=")];
        assert_eq!(check(URL, FORM, &signed_with_port), Ok(()));
        assert_eq!(check(&with_port, FORM, &signed_with_port), Ok(()));
    }

    #[test]
    fn vector_a_verifies_with_a_shared_key_and_sha_256_and_no_other_algorithm() {
        let signature = (
            "X-Twilio-Signature",
            "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=",
        );
        let with = |settings| {
            check(
                URL,
                FORM,
                &[
                    signature,
                    ("X-Twilio-Webhooks-Signature-Settings", settings),
                ],
            )
        };
        assert_eq!(with("key=SK1,algorithm=HMAC_SHA256"), Ok(()));
        assert_eq!(
            with("key=SK1,algorithm=HMAC_SHA1"),
            Err(VerifyError::BadSignature)
        );
        assert_eq!(
            with("key=SK1,algorithm=HMAC_MD5").unwrap_err().code(),
            "malformed"
        );
        assert_eq!(with("key=SK1").unwrap_err().code(), "malformed");
    }

    #[test]
    fn vector_b_signs_a_repeated_field_once_per_value() {
        let body = "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234";
        let header = [("X-Twilio-Signature", "IK+Dwps556ElfBT0I3Rgjkr1wJU=")];
        assert_eq!(check(URL, body, &header), Ok(()));
    }

    #[test]
    fn vector_c_signs_a_json_body_through_its_hash() {
        let body = r#"{"property": "value", "boolean": true}"#;
        let hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
        let url = format!("{URL}&bodySHA256={hash}");
        let header = [("X-Twilio-Signature", "a9nBmqA0ju/hNViExpshrM61xv4=")];
        assert_eq!(check(&url, body, &header), Ok(()));
        let tampered = body.replace("value", "valuf");
        assert_eq!(
            check(&url, &tampered, &header),
            Err(VerifyError::BadSignature)
        );
    }

    #[test]
    fn a_request_without_signature_is_named_so() {
        assert_eq!(
            check(URL, FORM, &[]).unwrap_err().code(),
            "missing_signature"
        );
    }
}
