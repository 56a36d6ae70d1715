//! What the contract tests share: a simulator whose leads are quiet, messages, and clients for it.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test crate uses its part"
)]

use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use secrecy::SecretString;
use touchline_domain::{
    events::TouchRef,
    ids::{LeadId, TenantId, TouchId},
};
use touchline_engine::provider::{EmailMessage, SmsMessage};
use touchline_providers::{
    EmailSender, SmsSender,
    apollo::Apollo,
    clicksend::Clicksend,
    dncr::{Credentials as Account, Dncr},
    http::{HttpClient, Timeouts, client},
    resend::Resend,
    ses::Ses,
    twilio::Twilio,
};
use touchline_simulator::{Config, Handle, Rates, start};

pub const PUBLIC_URL: &str = "https://hooks.example.com/$default";

pub async fn simulator(hook_base: &str, rates: Rates) -> Handle {
    let config = Config {
        hook_base: hook_base.to_owned(),
        public_url: Some(PUBLIC_URL.to_owned()),
        seed: 7,
        rates,
        ..Config::default()
    };
    start(config).await.unwrap()
}

pub async fn quiet() -> Handle {
    simulator("http://127.0.0.1:9", Rates::quiet()).await
}

/// Adds a fault at `provider` for the next call.
pub async fn fault(sim: &Handle, provider: &str, fault: &str) {
    let rule = serde_json::json!({"provider": provider, "fault": fault, "count": 1});
    control(sim, "faults", &rule).await;
}

/// Posts to the simulation's own interface.
pub async fn control(sim: &Handle, path: &str, body: &serde_json::Value) -> serde_json::Value {
    let url = format!("{}/_sim/{path}", sim.base_url());
    let answer = patient().post(url).json(body).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}");
    answer.json().await.unwrap()
}

/// Reads from the simulation's own interface.
pub async fn look(sim: &Handle, path: &str) -> serde_json::Value {
    let url = format!("{}/_sim/{path}", sim.base_url());
    patient()
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

pub fn patient() -> HttpClient {
    client(Timeouts::default()).unwrap()
}

/// Gives up on an answer that will not come.
pub fn hasty_timeouts() -> Timeouts {
    Timeouts {
        whole: Duration::from_millis(400),
        ..Timeouts::default()
    }
}

pub fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

pub fn reference(step: &str) -> TouchRef {
    let tenant: TenantId = "acme".parse().unwrap();
    let lead = LeadId::derive(&tenant, "bo@example.com");
    let touch = TouchId::derive(&tenant, &lead, &"c1".parse().unwrap(), step, 0);
    TouchRef {
        tenant,
        lead,
        touch,
    }
}

pub fn email(to: &str) -> EmailMessage {
    EmailMessage {
        reference: reference(to),
        from_name: "Ann from Acme, Inc".to_owned(),
        from: "ann@pool.example".parse().unwrap(),
        reply_to: Some("replies@pool.example".parse().unwrap()),
        to: to.parse().unwrap(),
        subject: "A question for you".to_owned(),
        text: "Hi Bo".to_owned(),
        html: "<p>Hi Bo</p>".to_owned(),
        message_id: "<m1@pool.example>".to_owned(),
        headers: vec![(
            "List-Unsubscribe-Post".to_owned(),
            "List-Unsubscribe=One-Click".to_owned(),
        )],
    }
}

pub fn sms(to: &str) -> SmsMessage {
    SmsMessage {
        reference: reference(to),
        from: "+61480000001".parse().unwrap(),
        to: to.parse().unwrap(),
        body: "Hi Bo, Ann from Acme. Reply STOP to opt out".to_owned(),
    }
}

pub fn resend(base: &str, client: HttpClient) -> Resend {
    Resend::new(client, format!("{base}/resend/"), secret("re_key"))
}

pub fn ses(base: &str, timeouts: Timeouts) -> Ses {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new("ap-southeast-2"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    let endpoint = format!("{base}/ses");
    Ses::new(
        &config,
        Some(&endpoint),
        Some("events".to_owned()),
        timeouts,
    )
}

pub fn twilio(base: &str, client: HttpClient) -> Twilio {
    let base = format!("{base}/twilio");
    Twilio::new(client, base, "AC1", secret("token"), PUBLIC_URL)
}

pub fn clicksend(base: &str, client: HttpClient) -> Clicksend {
    let base = format!("{base}/clicksend");
    Clicksend::new(client, base, "user", secret("key"))
}

pub fn mailers(base: &str) -> Vec<EmailSender> {
    vec![
        EmailSender::Resend(resend(base, patient())),
        EmailSender::Ses(ses(base, Timeouts::default())),
    ]
}

pub fn texters(base: &str) -> Vec<SmsSender> {
    vec![
        SmsSender::Twilio(twilio(base, patient())),
        SmsSender::Clicksend(clicksend(base, patient())),
    ]
}

pub fn apollo(base: &str, client: HttpClient) -> Apollo {
    Apollo::new(client, format!("{base}/apollo"), secret("key"))
}

pub fn dncr(base: &str, client: HttpClient) -> Dncr {
    let account = Account {
        telemarketer_id: "36441".to_owned(),
        wash_only_user_id: String::new(),
        password: secret("p<ss"),
    };
    Dncr::new(client, format!("{base}/dncr"), account)
}
