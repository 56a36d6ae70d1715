//! Genuine requests of every provider, from vectors that they published, from their documentation, and (SNS) signed with OpenSSL.

#![allow(dead_code, reason = "each test crate uses its part")]

use chrono::{DateTime, Utc};
use touchline_domain::events::Provider;
use touchline_providers::webhook::{Request, Secrets, VerifyError, verify};

pub const SNS_CERTIFICATE: &str = include_str!("../fixtures/sns/cert.pem");
pub const SNS_PUBLIC_KEY: &str = include_str!("../fixtures/sns/public.pem");
pub const SNS_VERSION_1: &str = include_str!("../fixtures/sns/v1.json");
pub const SNS_VERSION_2: &str = include_str!("../fixtures/sns/v2.json");
pub const SNS_CONFIRMATION: &str = include_str!("../fixtures/sns/confirm.json");

/// A request that verifies with `secret` at `now`.
#[derive(Clone, Debug)]
pub struct Signed {
    pub provider: Provider,
    pub secret: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub now: DateTime<Utc>,
}

impl Signed {
    fn new(
        provider: Provider,
        secret: &'static str,
        headers: &[(&str, &str)],
        body: &str,
        now: i64,
    ) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            provider,
            secret,
            url: format!("https://api.example.com/hooks/{provider}"),
            headers: headers.iter().map(own).collect(),
            body: body.as_bytes().to_vec(),
            now: DateTime::from_timestamp(now, 0).unwrap(),
        }
    }

    fn at(mut self, url: &str) -> Self {
        url.clone_into(&mut self.url);
        self
    }

    pub fn request(&self) -> Request<'_> {
        Request {
            method: "POST",
            url: &self.url,
            headers: &self.headers,
            body: &self.body,
        }
    }

    pub fn verdict(&self) -> Result<(), VerifyError> {
        let secrets = Secrets::one(self.secret);
        verify(self.provider, &self.request(), &secrets, self.now)
    }
}

/// One request per provider and scheme.
pub fn all() -> Vec<Signed> {
    const TWILIO_URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    let json = r#"{"property": "value", "boolean": true}"#;
    let json_url = format!(
        "{TWILIO_URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    );
    let form = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
    vec![
        Signed::new(
            Provider::Twilio,
            "12345",
            &[("X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")],
            form,
            0,
        )
        .at(TWILIO_URL),
        Signed::new(
            Provider::Twilio,
            "12345",
            &[("X-Twilio-Signature", "a9nBmqA0ju/hNViExpshrM61xv4=")],
            json,
            0,
        )
        .at(&json_url),
        Signed::new(
            Provider::Resend,
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            &[
                ("svix-id", "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk"),
                ("svix-timestamp", "1649367553"),
                (
                    "svix-signature",
                    "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
                ),
            ],
            r#"{"email":"test@example.com","username":"test_user"}"#,
            1_649_367_553,
        ),
        Signed::new(
            Provider::Salesforge,
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            &[
                ("X-SalesforgeAI-Webhook-Event-ID", "wh_0123456789abcdef"),
                (
                    "X-SalesforgeAI-Webhook-Signature",
                    "t=1754563200,v1=d35d432699cc9e59eb73da4396b9a3a96003ba6a9ae259256d270ff3c8f24207",
                ),
            ],
            r#"{"webhookInfo":{"type":"email_sent"}}"#,
            1_754_563_200,
        ),
        Signed::new(
            Provider::Signalhouse,
            "sh_secret",
            &[
                (
                    "X-SignalHouse-Signature-V1",
                    "t=1700000000000,v1=9f021d2452c725a96b659bb19ccaee00c05025cf9510f69433ac18ed9c592c88",
                ),
                (
                    "X-SignalHouse-Signature",
                    "9f021d2452c725a96b659bb19ccaee00c05025cf9510f69433ac18ed9c592c88",
                ),
                ("X-SignalHouse-Timestamp", "1700000000000"),
            ],
            r#"{"event":"MESSAGE_DELIVERED"}"#,
            1_700_000_000,
        ),
        Signed::new(
            Provider::Stripe,
            "whsec_test_secret",
            &[(
                "Stripe-Signature",
                "t=1700000000,v1=d95c6b7477fbd7e9f90b1b0ef5f9c7ac25abca5382460e0d988c2b2a5b71b990",
            )],
            r#"{"id":"evt_test_webhook","object":"event"}"#,
            1_700_000_000,
        ),
        Signed::new(
            Provider::Calcom,
            "test_secret",
            &[(
                "X-Cal-Signature-256",
                "db88087b6a93c9de27cb65d4a060b66a095be25e0ea87e5cd90a241b02025b1a",
            )],
            r#"{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-01-01T00:00:00.000Z","payload":{"uid":"abc123"}}"#,
            0,
        ),
        Signed::new(
            Provider::Calendly,
            "test_key",
            &[(
                "Calendly-Webhook-Signature",
                "t=1700000000,v1=c7d72ae4c4c987ce619312933841aef8bd9a76ecd676899fb39a41fabb8385e1",
            )],
            r#"{"event":"invitee.created","payload":{"email":"a@example.com"}}"#,
            1_700_000_000,
        ),
        Signed::new(
            Provider::Vapi,
            "vapi_secret",
            &[
                (
                    "x-signature",
                    "affbb396520b8443703d86b7392ae5e23f51e78f500a51370c7f33544e2d048b",
                ),
                ("x-timestamp", "1700000000"),
            ],
            r#"{"message":{"type":"status-update","status":"ended"}}"#,
            1_700_000_000,
        ),
    ]
}

/// Providers that send a fixed secret and sign nothing.
pub fn unsigned() -> Vec<Signed> {
    let token = "tok_4fX9q";
    vec![
        Signed::new(Provider::Clicksend, token, &[], "message_id=1", 0)
            .at("https://api.example.com/hooks/clicksend/tok_4fX9q"),
        Signed::new(Provider::Apollo, token, &[], r#"{"request_id":"r"}"#, 0)
            .at("https://api.example.com/hooks/apollo/tok_4fX9q"),
        Signed::new(
            Provider::Unipile,
            token,
            &[("Unipile-Auth", token)],
            "{}",
            0,
        ),
        Signed::new(Provider::Vapi, token, &[("X-Vapi-Secret", token)], "{}", 0),
    ]
}

/// Messages through SNS.
pub fn sns() -> Vec<Signed> {
    [SNS_VERSION_1, SNS_VERSION_2, SNS_CONFIRMATION]
        .into_iter()
        .map(|body| Signed::new(Provider::Ses, SNS_CERTIFICATE, &[], body, 0))
        .collect()
}
