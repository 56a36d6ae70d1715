//! Every webhook that the simulator sends, over HTTP to a receiver, verifies and parses (HOOK-2, HOOK-3).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{PUBLIC_URL, clicksend, email, patient, resend, ses, simulator, sms, twilio};
use secrecy::SecretString;
use touchline_domain::{
    channel::Channel,
    events::{EventKind, Provider, ProviderEvent},
};
use touchline_engine::provider::Sends;
use touchline_providers::{
    http::Timeouts,
    webhook::{CertHosts, Request, Secrets, SnsCertificates, parse, verify, verify_trusting},
};
use touchline_simulator::{
    Handle, Rates,
    catcher::{Catcher, Caught},
};

/// The provider that a path names, and the secret that a local stack has for it.
fn provider_of(caught: &Caught) -> Provider {
    let rest = caught.path.strip_prefix("/hooks/").unwrap();
    let name = rest.split(['/', '?']).next().unwrap();
    name.parse().unwrap()
}

fn local_secret(provider: Provider) -> String {
    use sha2::{Digest, Sha256};
    let derive = |purpose| {
        hex::encode(Sha256::digest(format!(
            "touchline local {provider} {purpose}"
        )))
    };
    match provider {
        Provider::Twilio => derive("api key"),
        _ => format!("whsec_{}", derive("webhook")),
    }
}

/// Verifies and parses one request as the intake does.
async fn take(sim: &Handle, certificates: &SnsCertificates, caught: &Caught) -> Vec<ProviderEvent> {
    let provider = provider_of(caught);
    let url = format!("{PUBLIC_URL}{}", caught.path);
    let request = Request {
        method: &caught.method,
        url: &url,
        headers: &caught.headers,
        body: &caught.body,
    };
    let secrets = match provider {
        Provider::Ses => certificates.secrets_for(&request).await.unwrap(),
        _ => Secrets {
            current: SecretString::from("rotated".to_owned()),
            previous: Some(local_secret(provider).into()),
        },
    };
    let hosts = certificates.hosts();
    verify_trusting(provider, &request, &secrets, sim.now(), hosts)
        .unwrap_or_else(|error| panic!("{provider}: {error}"));
    let changed = changed_somewhere(&request);
    let request_changed = Request {
        body: &changed,
        ..request
    };
    if provider != Provider::Clicksend {
        let verdict = verify_trusting(provider, &request_changed, &secrets, sim.now(), hosts);
        assert!(verdict.is_err(), "{provider}: a changed body passed");
    }
    parse(provider, &request, sim.now()).unwrap_or_else(|error| panic!("{provider}: {error}"))
}

/// The body with a digit of it changed, so that it still parses.
fn changed_somewhere(request: &Request<'_>) -> Vec<u8> {
    let mut body = request.body.to_vec();
    let digit = body.iter().rposition(u8::is_ascii_digit);
    // The last digits of an SNS message are in its signature or its certificate's URL; both must matter.
    let digit = digit.unwrap();
    body[digit] = if body[digit] == b'7' { b'8' } else { b'7' };
    body
}

async fn send_many(sim: &Handle, count: u32) {
    let base = sim.base_url();
    let (resend, ses) = (resend(&base, patient()), ses(&base, Timeouts::default()));
    let (twilio, clicksend) = (twilio(&base, patient()), clicksend(&base, patient()));
    for n in 0..count {
        let mut message = email(&format!("r{n}@example.com"));
        resend.send(&message).await.unwrap();
        message.to = format!("s{n}@example.com").parse().unwrap();
        ses.send(&message).await.unwrap();
        twilio.send(&sms(&format!("+6141000{n:04}"))).await.unwrap();
        clicksend
            .send(&sms(&format!("+6142000{n:04}")))
            .await
            .unwrap();
    }
}

fn lively() -> Rates {
    Rates {
        dead: 0.15,
        soft: 0.15,
        policy: 0.1,
        complaint: 0.1,
        open: 0.5,
        click: 0.5,
        reply: 0.6,
        auto_reply: 0.3,
        ..Rates::quiet()
    }
}

fn name(kind: &EventKind) -> String {
    let value = serde_json::to_value(kind).unwrap();
    value["type"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_webhook_of_a_lively_fortnight_verifies_and_parses() {
    let catcher = Catcher::start().await.unwrap();
    let sim = simulator(catcher.base_url(), lively()).await;
    send_many(&sim, 40).await;
    sim.advance(14 * 86_400);
    let pumped = sim.pump().await;
    assert_eq!(
        (pumped.pending, pumped.retrying, pumped.given_up),
        (0, 0, 0)
    );
    let certificates = SnsCertificates::new(patient(), CertHosts::aws_and(&sim.base_url()));
    let mut kinds: BTreeMap<Provider, BTreeSet<String>> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    let caught = catcher.take();
    assert_eq!(caught.len() as u64, pumped.delivered);
    for one in &caught {
        for event in take(&sim, &certificates, one).await {
            let is_status = !matches!(event.kind, EventKind::Reply(_));
            assert_eq!(
                event.reference.is_some(),
                is_status || event.provider == Provider::Clicksend
            );
            assert!(event.provider_message_id.is_some());
            assert!(
                ids.insert((event.provider, event.event_id.clone())),
                "{}",
                event.event_id
            );
            kinds
                .entry(event.provider)
                .or_default()
                .insert(name(&event.kind));
        }
    }
    let mail = [
        "clicked",
        "complained",
        "delivered",
        "hard_bounced",
        "opened",
        "policy_bounced",
        "reply",
        "sent",
        "soft_bounced",
    ];
    for provider in [Provider::Resend, Provider::Ses] {
        assert_eq!(
            kinds[&provider].iter().collect::<Vec<_>>(),
            mail,
            "{provider}"
        );
    }
    let twilio = [
        "delivered",
        "hard_bounced",
        "policy_bounced",
        "reply",
        "sent",
        "soft_bounced",
    ];
    assert_eq!(kinds[&Provider::Twilio].iter().collect::<Vec<_>>(), twilio);
    let clicksend = ["delivered", "failed", "reply", "sent", "soft_bounced"];
    assert_eq!(
        kinds[&Provider::Clicksend].iter().collect::<Vec<_>>(),
        clicksend
    );
}

#[tokio::test]
async fn inbound_mail_is_fetched_from_resend_and_unpacked_from_ses_with_its_automatic_marks_r29() {
    let catcher = Catcher::start().await.unwrap();
    let sim = simulator(
        catcher.base_url(),
        Rates {
            auto_reply: 1.0,
            reply: 1.0,
            ..Rates::quiet()
        },
    )
    .await;
    let base = sim.base_url();
    let resend = resend(&base, patient());
    resend.send(&email("bo@example.com")).await.unwrap();
    ses(&base, Timeouts::default())
        .send(&email("cy@example.com"))
        .await
        .unwrap();
    sim.advance(14 * 86_400);
    sim.pump().await;
    let certificates = SnsCertificates::new(patient(), CertHosts::aws_and(&base));
    let mut automatic = 0;
    let mut from_people = 0;
    for one in catcher.take() {
        for event in take(&sim, &certificates, &one).await {
            let EventKind::Reply(mut message) = event.kind else {
                continue;
            };
            if let Some(id) = &message.fetch_id {
                assert!(message.text.is_empty());
                message = resend.received(id).await.unwrap();
            }
            assert_eq!(message.channel, Some(Channel::Email));
            assert_eq!(message.to, "replies@pool.example");
            assert!(!message.text.is_empty());
            let header = |name: &str| {
                let mut headers = message.headers.iter();
                headers.any(|(key, _)| key.eq_ignore_ascii_case(name))
            };
            assert!(header("In-Reply-To") && header("Message-ID"));
            automatic += u32::from(header("Auto-Submitted"));
            from_people += u32::from(!header("Auto-Submitted"));
        }
    }
    assert_eq!((automatic, from_people), (2, 2));
    let told = common::look(&sim, "replies").await;
    assert_eq!(told.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_refused_webhook_comes_again_with_the_same_id_hook_3() {
    let catcher = Catcher::start().await.unwrap();
    let sim = simulator(catcher.base_url(), Rates::quiet()).await;
    let sender = resend(&sim.base_url(), patient());
    sender.send(&email("bo@example.com")).await.unwrap();
    sim.advance(3_600);
    catcher.answer_with(&[503]);
    let pumped = sim.pump().await;
    assert_eq!((pumped.delivered, pumped.retrying), (1, 1));
    let mut ids = told(&sim, &catcher).await;
    sim.advance(600);
    assert_eq!(sim.pump().await.delivered, 1);
    common::control(&sim, "redeliver", &serde_json::json!({"last": 1})).await;
    ids.extend(told(&sim, &catcher).await);
    assert_eq!(ids.len(), 4);
    let distinct: BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), 2, "{ids:?}");
}

/// The ids of the events that came, each verified at the time it came.
async fn told(sim: &Handle, catcher: &Catcher) -> Vec<String> {
    let certificates = SnsCertificates::new(patient(), CertHosts::aws());
    let mut ids = Vec::new();
    for one in catcher.take() {
        let events = take(sim, &certificates, &one).await;
        ids.extend(events.into_iter().map(|event| event.event_id));
    }
    ids
}

#[tokio::test]
async fn an_injected_message_arrives_as_a_reply_on_every_channel() {
    let catcher = Catcher::start().await.unwrap();
    let sim = simulator(catcher.base_url(), Rates::quiet()).await;
    for provider in ["resend", "ses", "twilio", "clicksend"] {
        let body = serde_json::json!({"provider": provider, "from": "+61412345678",
            "to": "+61480000001", "text": "STOP"});
        common::control(&sim, "inbound", &body).await;
    }
    sim.pump().await;
    let certificates = SnsCertificates::new(patient(), CertHosts::aws_and(&sim.base_url()));
    let caught = catcher.take();
    assert_eq!(caught.len(), 4);
    for one in &caught {
        let events = take(&sim, &certificates, one).await;
        let EventKind::Reply(message) = &events[0].kind else {
            panic!("{events:?}");
        };
        if events[0].provider != Provider::Resend {
            assert_eq!(message.text.trim(), "STOP");
        }
    }
}

#[tokio::test]
async fn a_message_signed_by_a_certificate_from_elsewhere_is_refused() {
    let catcher = Catcher::start().await.unwrap();
    let sim = simulator(catcher.base_url(), Rates::quiet()).await;
    let sender = ses(&sim.base_url(), Timeouts::default());
    sender.send(&email("bo@example.com")).await.unwrap();
    sim.advance(3_600);
    sim.pump().await;
    let caught = catcher.take();
    let request = Request {
        method: "POST",
        url: "/hooks/ses",
        headers: &caught[0].headers,
        body: &caught[0].body,
    };
    let strict = SnsCertificates::new(patient(), CertHosts::aws());
    assert!(strict.secrets_for(&request).await.is_err());
    let local = SnsCertificates::new(patient(), CertHosts::aws_and(&sim.base_url()));
    let secrets = local.secrets_for(&request).await.unwrap();
    let verdict = verify(Provider::Ses, &request, &secrets, sim.now());
    assert_eq!(verdict.unwrap_err().code(), "malformed");
    let other = quiet_certificate().await;
    let verdict = verify_trusting(Provider::Ses, &request, &other, sim.now(), local.hosts());
    assert_eq!(verdict.unwrap_err().code(), "bad_signature");
}

/// The certificate of another key pair.
async fn quiet_certificate() -> Secrets {
    let catcher = Catcher::start().await.unwrap();
    let sim = simulator(catcher.base_url(), Rates::quiet()).await;
    let sender = ses(&sim.base_url(), Timeouts::default());
    sender.send(&email("bo@example.com")).await.unwrap();
    sim.advance(3_600);
    sim.pump().await;
    let caught = catcher.take();
    let request = Request {
        method: "POST",
        url: "/hooks/ses",
        headers: &caught[0].headers,
        body: &caught[0].body,
    };
    let local = SnsCertificates::new(patient(), CertHosts::aws_and(&sim.base_url()));
    local.secrets_for(&request).await.unwrap()
}
