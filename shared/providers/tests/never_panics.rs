//! Whatever bytes come, verification and parsing answer; and nothing unsigned ever passes (HOOK-2).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/signed.rs"]
mod signed;

use proptest::{collection::vec, prelude::*, sample::select};
use signed::{Signed, all, sns, unsigned};
use touchline_domain::events::Provider;
use touchline_providers::{
    status_code::{classify_status, find_status},
    webhook::{CertHosts, parse, sns::subscribe_url},
};

/// Bodies that lead deep into the parsers before they go wrong.
const BODIES: [&str; 9] = [
    "MessageSid=SM1&MessageStatus=failed&ErrorCode=30005&From=%2B614&To=%2B614&Body=hi",
    "message_id=1&status_code=201&custom_string=a.b.c&timestamp=99999999999999",
    r#"{"type":"email.bounced","created_at":"2026-11-22 23:41:12.126+00","data":{"email_id":"e","tags":[{"name":"tenant"}],"bounce":{"message":"5.1.1"}}}"#,
    r#"{"webhookInfo":{"type":"email_replied"},"contact":{"email":"a@b.co"}}"#,
    r#"{"event":"message_received","account_id":"a","message_id":"m","sender":{"attendee_provider_id":"p"}}"#,
    r#"{"message":{"type":"end-of-call-report","endedReason":"x","call":{"id":"c"},"timestamp":1e300}}"#,
    r#"{"id":"evt","type":"invoice.paid","created":9223372036854775807,"data":{"object":{"customer":{}}}}"#,
    r#"{"triggerEvent":"BOOKING_CREATED","createdAt":"","payload":{"uid":9,"attendees":[]}}"#,
    r#"{"Type":"Notification","MessageId":"n","TopicArn":"t","Message":"{\"notificationType\":\"Received\",\"mail\":{},\"content\":\"Content-Type: multipart/report; boundary=b\\r\\n\\r\\n--b\\r\\nContent-Type: message/delivery-status\\r\\n\\r\\n\\r\\nAction: failed\\r\\n--b--\"}","Timestamp":"","SignatureVersion":"2","Signature":"AA==","SigningCertURL":"https://sns.us-east-1.amazonaws.com/a.pem"}"#,
];

const PROVIDERS: [Provider; 13] = [
    Provider::Twilio,
    Provider::Clicksend,
    Provider::Signalhouse,
    Provider::Salesforge,
    Provider::Resend,
    Provider::Ses,
    Provider::Unipile,
    Provider::Vapi,
    Provider::Stripe,
    Provider::Calcom,
    Provider::Calendly,
    Provider::Apollo,
    Provider::Dncr,
];

/// A sample body with some bytes replaced, inserted or cut.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let sample = select(BODIES.to_vec()).prop_map(|text| text.as_bytes().to_vec());
    let edits = vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..6);
    let edited = (sample, edits).prop_map(|(mut body, edits)| {
        for (at, byte, how) in edits {
            if body.is_empty() {
                break;
            }
            let at = at.index(body.len());
            match how {
                0 => body[at] = byte,
                1 => body.insert(at, byte),
                _ => body.truncate(at),
            }
        }
        body
    });
    prop_oneof![4 => edited, 1 => vec(any::<u8>(), 0..200)]
}

fn genuine() -> Vec<Signed> {
    all().into_iter().chain(unsigned()).chain(sns()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_body_at_any_provider_is_answered(
        provider in select(PROVIDERS.to_vec()),
        like in select(genuine()),
        body in body(),
        header in ".{0,80}",
        url in "(https?://)?.{0,60}",
    ) {
        let mut request = Signed { provider, body, ..like };
        let _ = parse(provider, &request.request(), request.now);
        let _ = subscribe_url(&request.request(), &CertHosts::aws());
        let _ = request.verdict();
        if let Some(first) = request.headers.first_mut() {
            first.1 = header;
        }
        request.url = url;
        let _ = parse(provider, &request.request(), request.now);
        prop_assert!(request.verdict().is_err());
    }

    #[test]
    fn any_text_is_a_status_code_or_not(text in "\\PC{0,40}|[245.0-9 ]{0,20}") {
        if let Some(code) = find_status(&text) {
            prop_assert!(classify_status(code).is_some());
        }
        let _ = classify_status(&text);
    }
}
