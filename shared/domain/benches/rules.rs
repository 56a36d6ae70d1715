//! How long the rules take, one at a time. The targets stand in `docs/performance.md`; nothing here asserts a time.

#![allow(clippy::unwrap_used, missing_docs)]

use std::{collections::BTreeMap, hint::black_box};

use chrono::{DateTime, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use touchline_domain::{
    calendar::{self, Recipient},
    channel::Channel,
    contact::phone,
    country::Country,
    ids::{LeadId, TenantId, TouchId},
    message::{Template, sms},
    sending::{
        campaign::CampaignStatus,
        gate::{self, GateInput, WindowFact},
        journey::{EnrolmentState, History},
        tenant::Subscription,
        touch::Purpose,
    },
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn gate_input() -> GateInput {
    GateInput {
        now: at("2026-11-24T23:30:00Z"),
        local_date: "2026-11-25".parse().unwrap(),
        purpose: Purpose::Step,
        channel: Channel::Email,
        killed: false,
        subscription: Subscription::Active,
        manual_mode: false,
        campaign: CampaignStatus::Active,
        enrolment: EnrolmentState::Active,
        replied: false,
        suppressed: false,
        unusable: None,
        country: Some(Country::US),
        register: None,
        consent: None,
        als: Some(90),
        history: History::default(),
        last_touch_on: Some("2026-11-18".parse().unwrap()),
        last_on_channel_on: Some("2026-11-18".parse().unwrap()),
        window: WindowFact::Open,
        budget_spent: false,
        capacity: Some(true),
        next_day_opening: None,
    }
}

fn rules(c: &mut Criterion) {
    let input = gate_input();
    c.bench_function("gate decision", |b| {
        b.iter(|| gate::decide(black_box(&input)))
    });

    let text = "Hi Ana, it's Sam from Acme. Did my e-mail reach you? Happy to call when it suits. Reply STOP to opt out";
    c.bench_function("sms segmentation", |b| {
        b.iter(|| sms::measure(black_box(text)))
    });

    let template =
        Template::parse("Hi {{ first_name }}, a question about {{ company }} in {{ city }}.")
            .unwrap();
    let values: BTreeMap<String, String> = [
        ("first_name", "Ana"),
        ("company", "Redgum Dental"),
        ("city", "Perth"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    c.bench_function("template render", |b| {
        b.iter(|| template.render(black_box(&values)))
    });

    c.bench_function("phone, AU mobile", |b| {
        b.iter(|| phone::parse(black_box("0412 345 678"), Some(Country::AU)))
    });

    let tenant: TenantId = "acme".parse().unwrap();
    let lead = LeadId::derive(&tenant, "ana@redgum.example");
    let campaign = "spring".parse().unwrap();
    c.bench_function("touch id", |b| {
        b.iter(|| {
            TouchId::derive(
                black_box(&tenant),
                black_box(&lead),
                black_box(&campaign),
                "3",
                0,
            )
        });
    });

    let recipient = Recipient {
        country: Some(Country::AU),
        phone: "+61412345678".parse().ok(),
        ..Recipient::default()
    };
    c.bench_function("window answer, AU mobile without address", |b| {
        b.iter(|| {
            calendar::explain(
                Channel::Sms,
                black_box(at("2026-11-24T23:30:00Z")),
                black_box(&recipient),
            )
        });
    });
}

criterion_group!(benches, rules);
criterion_main!(benches);
