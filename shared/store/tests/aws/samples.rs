//! Leads, journeys, touches and resources as they are in real life, for the tests inside the crate and for those here.

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    channel::Channel,
    country::Country,
    events::Provider,
    ids::{CampaignId, LeadId, TenantId, TouchId},
    money::Micros,
    sending::{
        Reason,
        campaign::{Campaign, CampaignStatus, default_templates},
        journey::Journey,
        lead::Lead,
        resource::{Reputation, Resource, ResourceKind, ResourceStatus},
        sequence::Sequence,
        tenant::{Subscription, Tenant, Tier},
        touch::{Evidence, Outcome, Purpose, RULES_VERSION, Touch},
    },
};

pub fn now() -> DateTime<Utc> {
    "2026-11-20T22:14:07.123456Z".parse().unwrap()
}

pub fn at(seconds: i64) -> DateTime<Utc> {
    now() + Duration::seconds(seconds)
}

pub fn tenant_id(name: &str) -> TenantId {
    name.parse().unwrap()
}

pub fn campaign_id() -> CampaignId {
    "spring".parse().unwrap()
}

pub fn tenant(name: &str) -> Tenant {
    Tenant {
        id: tenant_id(name),
        name: name.to_owned(),
        tier: Tier::Ignition,
        subscription: Subscription::Active,
        manual_mode: false,
        zone: "Australia/Sydney".parse().unwrap(),
        country: Country::AU,
        attested_consent: None,
        register_policy: Default::default(),
        monthly_budget: None,
    }
}

pub fn campaign(tenant: &str) -> Campaign {
    Campaign {
        id: campaign_id(),
        tenant: tenant_id(tenant),
        name: "Spring".into(),
        status: CampaignStatus::Active,
        starts_at: now(),
        sequence: Sequence::default(),
        templates: default_templates(),
        budget: None,
    }
}

pub fn lead(tenant: &str, email: &str) -> Lead {
    let tenant = tenant_id(tenant);
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
        company: Some("Example Plumbing Pty Ltd".into()),
        title: Some("Managing Director".into()),
        role_score: 65,
        city: Some("Sydney".into()),
        state: None,
        postcode: Some("2000".into()),
        country: Some(Country::AU),
        timezone: Some("Australia/Sydney".parse().unwrap()),
        domain: None,
        industry: None,
        employees: None,
        upload_row: None,
        sic: Some("1711".into()),
        entity: false,
        als: Some(72),
        consent: None,
        extra: [
            ("Employees".to_owned(), "25".to_owned()),
            ("Industry".to_owned(), "Plumbing".to_owned()),
        ]
        .into(),
        upload: Some("u1".parse().unwrap()),
        created_at: now(),
        enriched_at: Some(now()),
    }
}

/// A journey with its first step due at `due_at`, as it is first saved.
pub fn journey(lead: &Lead, due_at: DateTime<Utc>) -> Journey {
    let mut journey = Journey::new(lead.tenant.clone(), lead.id.clone());
    journey.enrol(campaign_id(), now(), due_at, Channel::Email);
    journey.version = 1;
    journey
}

pub fn touch_id(lead: &Lead) -> TouchId {
    TouchId::derive(&lead.tenant, &lead.id, &campaign_id(), "0", 0)
}

pub fn touch(lead: &Lead, outcome: Outcome) -> Touch {
    Touch {
        id: touch_id(lead),
        tenant: lead.tenant.clone(),
        lead: lead.id.clone(),
        campaign: campaign_id(),
        step: "0".into(),
        purpose: Purpose::Step,
        channel: Channel::Email,
        fallback_because: None,
        outcome,
        reason: (outcome == Outcome::Unknown).then_some(Reason::OutcomeUnknown),
        detail: None,
        at: now(),
        resource: Some("mailbox-0001".parse().unwrap()),
        provider: Some(Provider::Resend),
        provider_message_id: Some("49a3999c-0ce1-4ea6-ab68-afcd6dc2e794".into()),
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

/// A touch with every attribute set.
pub fn full_touch() -> Touch {
    Touch {
        fallback_because: Some(Reason::NoResource),
        detail: Some("timeout".into()),
        ..touch(&lead("acme", "ana@example.com"), Outcome::Unknown)
    }
}

/// The same touch with nothing but what every touch has.
pub fn plain_touch() -> Touch {
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

pub fn resource(id: &str, kind: ResourceKind) -> Resource {
    Resource {
        id: id.parse().unwrap(),
        kind,
        status: ResourceStatus::Available,
        tenant: None,
        persona: None,
        address: format!("{id}.example"),
        domain: None,
        provider: Provider::Resend,
        zone: "Australia/Sydney".parse().unwrap(),
        warm_up_started: "2026-10-01".parse().unwrap(),
        reputation: Reputation::default(),
    }
}
