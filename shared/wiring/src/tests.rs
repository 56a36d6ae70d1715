//! Providers with today's key, against the simulator of their APIs and a Secrets Manager that can fail.

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use touchline_domain::{
    events::{Provider, TouchRef},
    ids::{LeadId, TouchId},
};
use touchline_engine::{
    channel::{EmailComposer, Handover as _, SmsComposer},
    enrich::{People as _, PeopleError},
    provider::{EmailMessage, Refusal, SendError},
    wash::{Register as _, RegisterError},
};
use touchline_lambda_harness::AwsStub;
use touchline_runtime::{aws::Aws, settings::Settings};
use touchline_simulator::{Handle, Rates};

use crate::{
    config::Config,
    needs::{Needs, Secret, Service, Setting},
    outbox::{Outbox, Outgoing as _},
    providers::Providers,
};

const NEEDS: Needs = Needs {
    calls: &[
        Service::Resend,
        Service::Ses,
        Service::Twilio,
        Service::Clicksend,
        Service::Apollo,
        Service::Dncr,
    ],
    secrets: &[Secret::Unsubscribe],
    settings: &[Setting::PUBLIC_URL],
    ..Needs::NOTHING
};

/// A stack without AWS: secrets in a stub, providers in the simulator.
struct World {
    aws: AwsStub,
    simulator: Handle,
    providers: Providers,
    config: Config,
}

impl World {
    async fn new() -> Self {
        let aws = AwsStub::start().await.unwrap();
        let simulator = touchline_simulator::start(touchline_simulator::Config {
            hook_base: "http://127.0.0.1:9".to_owned(),
            rates: Rates::quiet(),
            ..touchline_simulator::Config::default()
        })
        .await
        .unwrap();
        let base = simulator.base_url();
        let lookup = move |name: &str| match name {
            "STAGE" => Some("local".to_owned()),
            "SECRETS_PREFIX" => Some("touchline/test".to_owned()),
            "PUBLIC_URL" => Some("https://api.example.com".to_owned()),
            name => {
                let provider = name.strip_suffix("_URL")?.to_lowercase();
                Some(format!("{base}/{provider}"))
            }
        };
        let config = Config::read(&NEEDS, Settings::new(lookup)).unwrap();
        let sdk = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .endpoint_url(aws.url())
            .region(Region::new("ap-southeast-2"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .load()
            .await;
        Self {
            providers: Providers::new(&Aws::at_endpoint(sdk), &config).unwrap(),
            aws,
            simulator,
            config,
        }
    }

    fn put(&self, provider: &str, secret: &str) {
        let name = format!("touchline/test/{provider}");
        self.aws.put_secret(&name, secret.to_owned());
    }

    /// How often a secret was read since the last time this was asked.
    fn reads(&self) -> u64 {
        let calls = self.aws.take_calls();
        let reads = calls
            .iter()
            .filter(|(call, _)| call == "secretsmanager.GetSecretValue");
        reads.map(|(_, count)| count).sum()
    }

    async fn fault(&self, provider: &str, fault: &str) {
        let rule = serde_json::json!({ "provider": provider, "fault": fault, "count": 1 });
        let url = format!("{}/_sim/faults", self.simulator.base_url());
        let answer = self.providers.http().post(url).json(&rule).send().await;
        assert!(answer.unwrap().status().is_success());
    }
}

fn mail() -> EmailMessage {
    let tenant = "acme".parse().unwrap();
    let lead = LeadId::derive(&tenant, "ana@lead.example");
    let touch = TouchId::derive(&tenant, &lead, &"spring".parse().unwrap(), "0", 0);
    EmailMessage {
        reference: TouchRef {
            tenant,
            lead,
            touch,
        },
        from_name: "Ben from Acme".into(),
        from: "ben@pool.example".parse().unwrap(),
        reply_to: None,
        to: "ana@lead.example".parse().unwrap(),
        subject: "Hello".into(),
        text: "Hello Ana".into(),
        html: "<p>Hello Ana</p>".into(),
        message_id: "<1@pool.example>".into(),
        headers: Vec::new(),
    }
}

#[tokio::test]
async fn a_provider_without_a_secret_is_not_set_up_and_the_others_serve() {
    let world = World::new().await;
    world.put("resend", r#"{"api_key": "re_1"}"#);
    world.put("twilio", r#"{"account": "AC1"}"#);
    let mail = Outbox::of::<EmailComposer>(&world.providers).await.unwrap();
    assert!(mail.serves(Provider::Resend));
    assert!(!mail.serves(Provider::Ses));
    let texts = Outbox::of::<SmsComposer>(&world.providers).await.unwrap();
    assert!(!texts.serves(Provider::Twilio), "half a secret is none");
    // A key that is put later counts without a restart.
    world.put("clicksend", r#"{"account": "me", "api_key": "k"}"#);
    let texts = Outbox::of::<SmsComposer>(&world.providers).await.unwrap();
    assert!(texts.serves(Provider::Clicksend));
}

#[tokio::test]
async fn while_a_secret_cannot_be_read_the_work_comes_back_and_nothing_is_concluded() {
    let world = World::new().await;
    world.put("resend", r#"{"api_key": "re_1"}"#);
    world.put(
        "unsubscribe",
        r#"{"api_key": "01234567890123456789012345678901"}"#,
    );
    world.aws.fail_secrets(true);
    assert!(Outbox::of::<EmailComposer>(&world.providers).await.is_err());
    let composer = EmailComposer::composer(&world.providers, &world.config).await;
    assert!(composer.is_err());
    let people = world.providers.look_up(&[]).await;
    assert!(
        matches!(people, Err(PeopleError::Later { .. })),
        "{people:?}"
    );
    let washed = world.providers.submit("r1", &[]).await;
    assert!(
        matches!(washed, Err(RegisterError::Unavailable(_))),
        "{washed:?}"
    );
    world.aws.fail_secrets(false);
    let outbox = Outbox::of::<EmailComposer>(&world.providers).await.unwrap();
    assert!(outbox.send(Provider::Resend, &mail()).await.is_ok());
    let composer = EmailComposer::composer(&world.providers, &world.config).await;
    assert!(composer.is_ok());
}

#[tokio::test]
async fn a_key_is_read_once_in_five_minutes_and_again_after_it_was_refused() {
    let world = World::new().await;
    world.put("resend", r#"{"api_key": "re_1"}"#);
    world.put("ses", r#"{"account": "events"}"#);
    for _ in 0..3 {
        let outbox = Outbox::of::<EmailComposer>(&world.providers).await.unwrap();
        outbox.send(Provider::Resend, &mail()).await.unwrap();
    }
    assert_eq!(world.reads(), 2, "one of each secret");
    world.fault("resend", "key_refused").await;
    let outbox = Outbox::of::<EmailComposer>(&world.providers).await.unwrap();
    let refused = outbox.send(Provider::Resend, &mail()).await;
    let sender = Refusal::Sender;
    assert!(
        matches!(refused, Err(SendError::Rejected { refusal, .. }) if refusal == sender),
        "{refused:?}"
    );
    let outbox = Outbox::of::<EmailComposer>(&world.providers).await.unwrap();
    assert_eq!(world.reads(), 1, "that of Resend");
    assert!(outbox.send(Provider::Resend, &mail()).await.is_ok());
}

#[tokio::test]
async fn dnc_3_without_an_account_nothing_is_answered() {
    let world = World::new().await;
    let washed = world.providers.submit("r1", &[]).await;
    assert!(
        matches!(washed, Err(RegisterError::Account(_))),
        "{washed:?}"
    );
}
