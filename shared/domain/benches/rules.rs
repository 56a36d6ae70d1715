//! How long the rules take, one at a time. The targets stand in `docs/performance.md`; nothing here asserts a time.

#![allow(clippy::unwrap_used, missing_docs)]

use std::{collections::BTreeMap, hint::black_box};

use chrono::{DateTime, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use touchline_domain::{
    calendar::{self, Purpose as Why, Recipient, Slot},
    channel::Channel,
    country::Country,
    ids::{LeadId, TenantId, TouchId},
    message::{Template, sms},
    replies::{Reply, classify},
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

fn recipient() -> Recipient {
    Recipient {
        country: Some(Country::AU),
        phone: "+61412345678".parse().ok(),
        ..Recipient::default()
    }
}

/// Whether, and when: once for each touch at least.
fn decisions(c: &mut Criterion) {
    let input = gate_input();
    c.bench_function("gate decision", |b| {
        b.iter(|| gate::decide(black_box(&input)));
    });

    let (tenant, lead): (TenantId, _) = ("acme".parse().unwrap(), "ana@redgum.example");
    let lead = LeadId::derive(&tenant, lead);
    let slot = Slot {
        tenant: &tenant,
        lead: &lead,
        step: "3",
    };
    let purpose = Why::FirstTouch(Channel::Email);
    let window = purpose.default_window();
    let sydney = Recipient {
        timezone: "Australia/Sydney".parse().ok(),
        ..recipient()
    }
    .candidates();
    let nationwide = recipient().candidates();
    // A Friday evening: the search passes a weekend.
    let not_before = at("2026-11-20T09:30:00Z");
    for (name, candidates) in [("one zone", &sydney), ("AU mobile", &nationwide)] {
        c.bench_function(&format!("next send time, {name}"), |b| {
            b.iter(|| {
                calendar::next_send_time(
                    purpose,
                    &window,
                    black_box(candidates),
                    black_box(not_before),
                    slot,
                )
            });
        });
    }

    let unknown = recipient();
    c.bench_function("time-zone candidates, AU mobile", |b| {
        b.iter(|| black_box(&unknown).candidates());
    });
    c.bench_function("window answer, AU mobile without address", |b| {
        b.iter(|| calendar::explain(Channel::Sms, black_box(not_before), black_box(&unknown)));
    });

    let campaign = "spring".parse().unwrap();
    c.bench_function("touch id", |b| {
        b.iter(|| TouchId::derive(black_box(&tenant), black_box(&lead), &campaign, "3", 0));
    });
}

/// What is written and what is answered.
fn texts(c: &mut Criterion) {
    let text = "Hi Ana, it's Sam from Acme. Did my e-mail reach you? Happy to call when it suits. Reply STOP to opt out";
    c.bench_function("sms segmentation", |b| {
        b.iter(|| sms::measure(black_box(text)));
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
        b.iter(|| template.render(black_box(&values)));
    });

    let short = Reply::new(
        Channel::Sms,
        "Sounds interesting, can you call me on Tuesday?",
    );
    c.bench_function("reply classification, SMS", |b| {
        b.iter(|| classify(black_box(&short)));
    });
    let long = Reply::new(Channel::Email, THREAD);
    c.bench_function("reply classification, e-mail with thread", |b| {
        b.iter(|| classify(black_box(&long)));
    });
}

/// An answer of a hundred words above the message that it answers.
const THREAD: &str = "Hi Sam,\n\nThanks for getting in touch. We looked at something like this last year and decided \
to wait until the new practice in Fremantle was open, which it now is. I am away until Monday the 30th, but Priya \
(priya@redgum.example, 0412 345 678) looks after our suppliers and would be the right person to talk to. Could you \
send her the price list and two or three references in Western Australia? If the numbers make sense we would be happy \
to set up a call in the second week of December, preferably on a Tuesday morning.\n\nKind regards,\nAna Silva\n\
Practice Owner | Redgum Dental\n08 9336 0000\n\nOn Fri, 20 Nov 2026 at 09:14, Sam Reed <sam@acme.example> wrote:\n\
> Hi Ana,\n> a question about Redgum Dental in Perth. Who looks after your suppliers?\n> Unsubscribe: https://acme.example/u\n";

criterion_group!(benches, decisions, texts);
criterion_main!(benches);
