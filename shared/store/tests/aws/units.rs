//! What a touch costs from enqueue to delivered (at most 8 write and 8 read units): writes by DynamoDB's own count,
//! reads by the sizes of the items, since the emulator's are flat.

use aws_sdk_dynamodb::Client;
use rstest::rstest;
use touchline_domain::{
    channel::Channel,
    money::Micros,
    sending::touch::{Outcome, Purpose, Signal},
};
use touchline_engine::{
    facts,
    ports::{Breakers, Candidate, Capacity, Journeys, Reservation},
};
use touchline_runtime::meter;
use touchline_store::{leads::Leads, ledger::Ledger, register::Register, usage::Usage};

use crate::{
    engine::Engine::{self, Emulator, Rust},
    meter::Meter,
    samples::{at, campaign_id, journey, lead, now, touch, touch_id},
    schema::Stack,
};

/// Most write units.
const MOST_WRITE_UNITS: f64 = 8.0;
/// Most read units.
const MOST_READ_UNITS: f64 = 8.0;

fn wish(lead: &touchline_domain::sending::lead::Lead) -> Reservation {
    // A tenant of the top tier: eighteen mailboxes on nine domains.
    let candidates = (0..18).map(|n| Candidate {
        resource: format!("mailbox-{n:04}").parse().unwrap(),
        limit: 50,
        domain: Some((format!("domain-{:04}", n / 2).parse().unwrap(), 45)),
    });
    Reservation {
        tenant: lead.tenant.clone(),
        campaign: None,
        channel: Channel::Email,
        date: "2026-11-21".parse().unwrap(),
        candidates: candidates.collect(),
        tenant_limit: Some(200),
        per_minute: None,
        now: now(),
        price: Micros(400),
    }
}

#[rstest]
#[tokio::test]
async fn a_touch_costs_at_most_eight_write_units(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let meter = Meter::default();
    let config =
        aws_sdk_dynamodb::config::Builder::from(stack.aws.config()).interceptor(meter.clone());
    let db = Client::from_conf(config.build());
    let leads = Leads::new(db.clone(), &stack.table("leads"));
    let usage = Usage::new(db.clone(), &stack.table("tenants"));
    let ledger = Ledger::new(db, &stack.table("ledger"));
    let ana = lead("acme", "ana.silva@example-plumbing.com.au");
    let mut moving = journey(&ana, now());
    leads.create(&ana).await.unwrap();
    leads.save(&moving, 0).await.unwrap();
    let wish = wish(&ana);
    for _ in 0..40 {
        usage.reserve(&wish).await.unwrap();
    }
    let provider = touchline_domain::events::Provider::Resend;
    meter.taken();

    ledger.open_until(provider, now()).await.unwrap();
    usage.reserve(&wish).await.unwrap();
    moving.take(
        touch_id(&ana),
        touchline_domain::channel::Channel::Email,
        Some("mailbox-0001".parse().unwrap()),
        now(),
    );
    moving.version = 2;
    leads.save(&moving, 1).await.unwrap();
    ledger.note(provider, true, now()).await.unwrap();
    leads.put_touch(&touch(&ana, Outcome::Sent)).await.unwrap();
    moving.claim = None;
    moving.record_sent(Channel::Email, Purpose::Step, now());
    moving.advance(&campaign_id(), 0, Some((at(259_200), Channel::Voice)));
    if let Some(enrolment) = moving.enrolment_mut(&campaign_id()) {
        enrolment.persona = Some("ana-at-acme".parse().unwrap());
        enrolment.mailbox = Some("mailbox-0001".parse().unwrap());
        enrolment.thread = Some(touchline_domain::sending::journey::Thread {
            subject: "A question about Example Plumbing Pty Ltd".into(),
            message_ids: vec![format!("<{}@mail.example>", touch_id(&ana))],
        });
    }
    moving.version = 3;
    leads.save(&moving, 2).await.unwrap();
    leads
        .add_signal(
            &ana.tenant,
            &ana.id,
            &touch_id(&ana),
            Signal::Delivered,
            at(3),
        )
        .await
        .unwrap();

    let units = meter.taken();
    // Reserve, claim, record, move on (the item and its index entry out and in), delivered.
    assert_eq!(units, [1.0, 1.0, 1.0, 3.0, 1.0]);
    assert!(units.iter().sum::<f64>() <= MOST_WRITE_UNITS, "{units:?}");
}

#[rstest]
#[tokio::test]
async fn a_touch_costs_at_most_eight_read_units(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let meter = meter::Meter::default();
    let config = aws_sdk_dynamodb::config::Builder::from(stack.aws.config())
        .interceptor(meter.of("dynamodb"));
    let db = Client::from_conf(config.build());
    let leads = Leads::new(db.clone(), &stack.table("leads"));
    let usage = Usage::new(db.clone(), &stack.table("tenants"));
    let register = Register::new(db.clone(), &stack.table("register"));
    let ledger = Ledger::new(db, &stack.table("ledger"));
    let ana = lead("acme", "ana.silva@example-plumbing.com.au");
    leads.create(&ana).await.unwrap();
    leads.save(&journey(&ana, now()), 0).await.unwrap();
    let wish = wish(&ana);
    usage.reserve(&wish).await.unwrap();
    let provider = touchline_domain::events::Provider::Resend;
    let address = facts::address_of(&ana, Channel::Email).unwrap().hash();
    drop(meter.take());

    leads.load(&ana.tenant, &ana.id).await.unwrap();
    let decide = || register.facts(&ana.tenant, &address, None);
    decide().await.unwrap();
    ledger.open_until(provider, now()).await.unwrap();
    usage.reserve(&wish).await.unwrap();
    decide().await.unwrap();
    leads.load(&ana.tenant, &ana.id).await.unwrap();

    let entries = meter.take();
    let read = |operation: &str| -> f64 {
        let of = entries.iter().filter(|e| e.kind.operation == operation);
        of.map(|entry| entry.units.read).sum()
    };
    // Lead and journey twice, the address's two items twice, the breaker.
    assert_eq!(
        (read("Query"), read("BatchGetItem"), read("GetItem")),
        (2.0, 4.0, 0.5)
    );
    let sum: f64 = entries.iter().map(|entry| entry.units.read).sum();
    assert!(sum <= MOST_READ_UNITS, "{entries:?}");
}
