//! Records with every attribute set, for round trips.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    country::Country,
    events::Provider,
    ids::{LeadId, TenantId, TouchId},
    money::Micros,
    sending::{
        Reason,
        lead::Lead,
        resource::{Reputation, Resource, ResourceKind, ResourceStatus},
        touch::{Evidence, Outcome, Purpose, RULES_VERSION, Touch},
    },
};

pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-20T22:14:07.123456Z".parse().unwrap()
}

pub(crate) fn lead(tenant: &str, email: &str) -> Lead {
    let tenant: TenantId = tenant.parse().unwrap();
    Lead {
        id: LeadId::derive(&tenant, email),
        tenant,
        first_name: Some("Ana".into()),
        last_name: Some("Silva".into()),
        full_name: Some("Ana Silva".into()),
        email: Some(email.parse().unwrap()),
        phone: Some("+61412345678".parse().unwrap()),
        phone_takes_sms: true,
        linkedin: Some("ana-silva".into()),
        company: Some("Example Pty Ltd".into()),
        title: Some("Director".into()),
        role_score: 65,
        city: Some("Sydney".into()),
        state: None,
        postcode: Some("2000".into()),
        country: Some(Country::AU),
        timezone: Some(chrono_tz::Australia::Sydney),
        domain: None,
        industry: None,
        employees: None,
        upload_row: None,
        sic: Some("7371".into()),
        entity: false,
        als: Some(72),
        consent: None,
        extra: BTreeMap::from([("Segment".into(), "A".into())]),
        upload: Some("u1".parse().unwrap()),
        created_at: now(),
        enriched_at: Some(now()),
    }
}

pub(crate) fn full_touch() -> Touch {
    let lead = lead("acme", "ana@example.com");
    let campaign = "c1".parse().unwrap();
    Touch {
        id: TouchId::derive(&lead.tenant, &lead.id, &campaign, "2", 0),
        tenant: lead.tenant,
        lead: lead.id,
        campaign,
        step: "2".into(),
        purpose: Purpose::Step,
        channel: Channel::Email,
        fallback_because: Some(Reason::NoResource),
        outcome: Outcome::Unknown,
        reason: Some(Reason::OutcomeUnknown),
        detail: Some("timeout".into()),
        at: now(),
        resource: Some("mailbox-1".parse().unwrap()),
        provider: Some(Provider::Resend),
        provider_message_id: Some("re_123".into()),
        cost: Micros(400),
        evidence: Some(Evidence {
            local_time: "2026-11-21T09:14:07+11:00".into(),
            zones: vec!["Australia/Sydney".into()],
            suppression_checked_at: now(),
            washed_at: Some(now()),
            consent: Some("inferred 2026-01-01".into()),
            rules: RULES_VERSION.into(),
        }),
    }
}

pub(crate) fn plain_touch() -> Touch {
    Touch {
        fallback_because: None,
        outcome: Outcome::Sent,
        reason: None,
        detail: None,
        resource: None,
        provider: None,
        provider_message_id: None,
        evidence: None,
        ..full_touch()
    }
}

pub(crate) fn resource(id: &str, kind: ResourceKind, status: ResourceStatus) -> Resource {
    Resource {
        id: id.parse().unwrap(),
        kind,
        status,
        tenant: None,
        persona: None,
        address: format!("{id}.example"),
        domain: None,
        provider: Provider::Resend,
        zone: chrono_tz::Australia::Sydney,
        warm_up_started: "2026-10-01".parse().unwrap(),
        reputation: Reputation {
            sent: 1_000,
            bounced: 3,
            complained: 0,
        },
    }
}

/// The size of an item in bytes by DynamoDB's rules: names and values in UTF-8, a number about half its digits, three
/// bytes for a list or map and one for each element.
pub(crate) fn size_bytes(item: &HashMap<String, AttributeValue>) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_bytes(value))
        .sum()
}

fn value_bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::L(list) => {
            3 + list
                .iter()
                .map(|value| 1 + value_bytes(value))
                .sum::<usize>()
        }
        AttributeValue::M(map) => 3 + map.len() + size_bytes(map),
        _ => 1,
    }
}
