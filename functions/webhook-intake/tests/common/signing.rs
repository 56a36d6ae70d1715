//! Signs bodies as the providers do, and has bodies that lead deep into their parsers.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use rand::{rngs::StdRng, seq::IndexedRandom as _};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use touchline_domain::events::Provider;

use super::{PUBLIC_URL, genuine::Signed};

/// The one secret; Resend takes what follows the underscore as Base64.
pub const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiB0aGUgcHJvdmlkZXJz";

/// The path of a provider's webhooks; where nothing is signed, the secret stands in it (HOOK-1).
pub fn path(provider: Provider) -> String {
    match provider {
        Provider::Clicksend | Provider::Apollo => format!("/hooks/{provider}/{SECRET}"),
        _ => format!("/hooks/{provider}"),
    }
}

/// A body of the provider with everything that its parser looks for.
pub fn body(provider: Provider, rng: &mut StdRng) -> Option<Vec<u8>> {
    let bodies: &[&str] = match provider {
        Provider::Twilio => &[
            "MessageSid=SM1&MessageStatus=failed&ErrorCode=30005&To=%2B61400000001",
            "MessageSid=SM2&From=%2B61400000001&To=%2B61480000001&Body=stop&OptOutType=STOP",
        ],
        Provider::Clicksend => &[
            "message_id=1&status_code=201&custom_string=a.b.c&timestamp=1700000000",
            r#"{"message_id":"2","from":"+61400000001","to":"+61480000001","body":"yes"}"#,
        ],
        Provider::Signalhouse => &[
            r#"{"event":"MESSAGE_DELIVERED","identifier":"m1","metaData":{"messageId":"m1","status":"DELIVERED"}}"#,
        ],
        Provider::Salesforge => &[
            r#"{"webhookInfo":{"type":"email_replied"},"contact":{"email":"a@example.com"},"email":{"body":"yes"}}"#,
        ],
        Provider::Resend => &[
            r#"{"type":"email.bounced","created_at":"2026-11-20T01:00:00Z","data":{"email_id":"e1","to":["a@example.com"],"tags":[{"name":"touch","value":"a.b.c"}],"bounce":{"message":"5.1.1"}}}"#,
            r#"{"type":"email.received","created_at":"2026-11-20 01:00:00.1+00","data":{"email_id":"e2","from":"a@example.com","to":["b@example.com"],"subject":"Re"}}"#,
        ],
        Provider::Unipile => &[
            r#"{"event":"message_received","account_id":"a","message_id":"m","message":"hi","sender":{"attendee_provider_id":"p"}}"#,
            r#"{"AccountStatus":{"account_id":"a","account_type":"LINKEDIN","message":"CREDENTIALS"}}"#,
        ],
        Provider::Vapi => &[
            r#"{"message":{"type":"end-of-call-report","endedReason":"voicemail","call":{"id":"c"},"timestamp":1700000000000}}"#,
        ],
        Provider::Stripe => &[
            r#"{"id":"evt_1","type":"invoice.paid","created":1700000000,"data":{"object":{"customer":"cus_1"}}}"#,
        ],
        Provider::Calcom => &[
            r#"{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-01-01T00:00:00Z","payload":{"uid":"u","startTime":"2026-01-02T00:00:00Z","attendees":[{"email":"a@example.com"}]}}"#,
        ],
        Provider::Calendly => &[
            r#"{"event":"invitee.created","created_at":"2026-01-01T00:00:00Z","payload":{"uri":"u","email":"a@example.com","scheduled_event":{"start_time":"2026-01-02T00:00:00Z"}}}"#,
        ],
        Provider::Apollo => &[r#"{"request_id":"r1"}"#],
        Provider::Ses | Provider::Dncr => return None,
    };
    bodies.choose(rng).map(|text| text.as_bytes().to_vec())
}

/// `body` as `provider` would send it at `now`. Amazon signs with a key that nobody has; its message stays as it is.
pub fn sign(provider: Provider, body: Vec<u8>, now: DateTime<Utc>) -> Signed {
    let seconds = now.timestamp().to_string();
    let millis = now.timestamp_millis().to_string();
    let mut url = format!("{PUBLIC_URL}{}", path(provider));
    let stamped = |time: &str, parts: &[&[u8]]| {
        format!(
            "t={time},v1={}",
            hex::encode(sha256(SECRET.as_bytes(), parts))
        )
    };
    let headers: Vec<(&str, String)> = match provider {
        Provider::Twilio => {
            url = format!("{url}?bodySHA256={}", hex::encode(Sha256::digest(&body)));
            vec![("X-Twilio-Signature", STANDARD.encode(sha1(&url)))]
        }
        Provider::Signalhouse => {
            let value = stamped(&millis, &[millis.as_bytes(), b".", &body]);
            vec![("X-SignalHouse-Signature-V1", value)]
        }
        Provider::Salesforge => {
            let value = stamped(&seconds, &[b"wh_1.", seconds.as_bytes(), b".", &body]);
            vec![
                ("X-SalesforgeAI-Webhook-Event-ID", "wh_1".to_owned()),
                ("X-SalesforgeAI-Webhook-Signature", value),
            ]
        }
        Provider::Resend => {
            let key = STANDARD
                .decode(SECRET.trim_start_matches("whsec_"))
                .unwrap();
            let tag = sha256(&key, &[b"msg_1.", seconds.as_bytes(), b".", &body]);
            vec![
                ("svix-id", "msg_1".to_owned()),
                ("svix-timestamp", seconds),
                ("svix-signature", format!("v1,{}", STANDARD.encode(tag))),
            ]
        }
        Provider::Stripe => {
            let value = stamped(&seconds, &[seconds.as_bytes(), b".", &body]);
            vec![("Stripe-Signature", value)]
        }
        Provider::Calendly => {
            let value = stamped(&seconds, &[seconds.as_bytes(), b".", &body]);
            vec![("Calendly-Webhook-Signature", value)]
        }
        Provider::Calcom => {
            let tag = sha256(SECRET.as_bytes(), &[&body]);
            vec![("X-Cal-Signature-256", hex::encode(tag))]
        }
        Provider::Unipile => vec![("Unipile-Auth", SECRET.to_owned())],
        Provider::Vapi => vec![("X-Vapi-Secret", SECRET.to_owned())],
        Provider::Clicksend | Provider::Apollo | Provider::Ses | Provider::Dncr => Vec::new(),
    };
    Signed {
        provider,
        secret: SECRET,
        url,
        headers: headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        body,
        now,
    }
}

fn sha256(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

fn sha1(url: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(url.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
