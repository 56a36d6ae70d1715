//! What a seed begins with: two tenants, three campaigns, their leads, what they send from, and what people will do
//! in the following weeks. Begins some days before the clocks change somewhere.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::json;
use touchline_domain::{
    calendar::Zone,
    channel::Channel,
    contact::E164,
    country::Country,
    events::Provider,
    ids::{CampaignId, LeadId, TenantId},
    message::{Branding, Persona},
    sending::{
        campaign::{Campaign, CampaignStatus, default_templates},
        consent::{Basis, Consent},
        lead::Lead,
        register::{WashResult, WashStatus},
        resource::{Reputation, Resource, ResourceKind, ResourceStatus},
        sequence::{Fallback, Step},
        switch::{SwitchScope, Switches},
        tenant::{Subscription, Tenant, Tier},
    },
};
use touchline_engine::ports::Context;

use crate::{model::Act, rng::Rng};

/// Days on which the clocks change in one of [`AU_ZONES`] or [`US_ZONES`].
const EDGES: [(i32, u32, u32); 7] = [
    (2026, 4, 5),
    (2026, 10, 4),
    (2027, 4, 4),
    (2027, 10, 3),
    (2026, 3, 8),
    (2026, 11, 1),
    (2027, 3, 14),
];
const AU_ZONES: [&str; 4] = [
    "Australia/Sydney",
    "Australia/Perth",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
];
const US_ZONES: [&str; 3] = ["America/New_York", "America/Los_Angeles", "America/Phoenix"];
/// Faults, and what people do, end after so many days.
const STORMY_DAYS: i64 = 15;
/// The second campaign of the first tenant begins this late, with leads who have heard from it before.
const SECOND_CAMPAIGN_DAY: i64 = 4;

/// A beginning.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The seed.
    pub seed: u64,
    /// The first moment.
    pub starts_at: DateTime<Utc>,
    /// Everybody.
    pub leads: Vec<Lead>,
    /// Every campaign, with its tenant.
    pub contexts: Vec<Context>,
    /// What the register said before.
    pub washed: Vec<(E164, WashResult)>,
    /// What people will do.
    pub acts: Vec<(DateTime<Utc>, Act)>,
}

impl Scenario {
    /// The beginning that `seed` makes for so many leads. `None` if an id in here is malformed, which a test rules
    /// out.
    #[must_use]
    pub fn draw(seed: u64, rng: &mut Rng, leads: usize) -> Option<Self> {
        let (year, month, day) = rng.pick(&EDGES).copied()?;
        let edge = NaiveDate::from_ymd_opt(year, month, day)?
            .and_time(chrono::NaiveTime::MIN)
            .and_utc();
        let starts_at = edge - Duration::minutes(rng.between(60, 9 * 24 * 60));
        // Both campaigns of a tenant send from the same resources, which are at some stage of their warm-up.
        let mut born =
            || [0, 1].map(|_| (starts_at - Duration::days(rng.between(0, 30))).date_naive());
        let (alpha, beta) = (born(), born());
        let contexts = vec![
            context("alpha", "a1", &LONG, starts_at, alpha)?,
            context(
                "alpha",
                "a2",
                &SHORT,
                starts_at + Duration::days(SECOND_CAMPAIGN_DAY),
                alpha,
            )?,
            context("beta", "b1", &LONG, starts_at, beta)?,
        ];
        let mut scenario = Self {
            seed,
            starts_at,
            leads: Vec::new(),
            contexts,
            washed: Vec::new(),
            acts: Vec::new(),
        };
        for number in 0..leads {
            scenario.add_lead(rng, number)?;
        }
        scenario.plan_campaigns(rng)?;
        scenario
            .acts
            .push((starts_at + Duration::days(STORMY_DAYS), Act::Calm));
        Some(scenario)
    }

    fn add_lead(&mut self, rng: &mut Rng, number: usize) -> Option<()> {
        let alpha = number.is_multiple_of(2);
        // Two tenants know the same person: what happens in one is nothing to the other.
        let mut lead = plain_lead(
            if alpha { "alpha" } else { "beta" },
            &format!("p{}@lead.example", number / 2),
        )?;
        let (zones, country): (&[&str], _) = if alpha {
            (&AU_ZONES, Country::AU)
        } else {
            (&US_ZONES, Country::US)
        };
        lead.timezone = Some(rng.pick(zones)?.parse().ok()?);
        lead.country = Some(country);
        lead.als = u8::try_from(rng.between(60, 100)).ok();
        // Two people of one office may share its number; what one of them says about it holds for both.
        let line = if rng.below(8) == 0 {
            number.saturating_sub(2)
        } else {
            number
        };
        let phone: E164 = if alpha {
            format!("+614125{line:05}")
        } else {
            format!("+1202555{line:04}")
        }
        .parse()
        .ok()?;
        if rng.below(8) > 0 {
            lead.phone = Some(phone.clone());
            lead.phone_takes_sms = rng.below(8) > 0;
        }
        let given_on = (self.starts_at - Duration::days(rng.between(2, 60))).date_naive();
        let basis = match rng.below(3) {
            0 if alpha => Basis::Inferred,
            0 | 1 => Basis::ExpressWritten,
            _ => Basis::Express { until: None },
        };
        lead.consent = Some(Consent { given_on, basis });
        if rng.below(2) == 0 {
            let washed_at = self.starts_at - Duration::days(rng.between(0, 35));
            self.washed.push((
                phone,
                WashResult {
                    status: WashStatus::Clear,
                    washed_at,
                },
            ));
        }
        self.plan_lead(rng, &lead, if alpha { "a1" } else { "b1" }.parse().ok()?)?;
        self.leads.push(lead);
        Some(())
    }

    fn plan_lead(&mut self, rng: &mut Rng, lead: &Lead, campaign: CampaignId) -> Option<()> {
        let start = self.starts_at;
        let sometime = |rng: &mut Rng, from, to| {
            start + Duration::minutes(rng.between(from * 1_440, to * 1_440))
        };
        self.acts.push((
            start + Duration::seconds(rng.between(0, 900)),
            Act::Enrol(lead.id.clone(), campaign.clone()),
        ));
        if rng.below(10) == 0 {
            self.acts
                .push((sometime(rng, 0, 10), Act::Enrol(lead.id.clone(), campaign)));
        }
        if lead.tenant.as_str() == "alpha" && rng.below(4) == 0 {
            let at = sometime(rng, SECOND_CAMPAIGN_DAY, SECOND_CAMPAIGN_DAY + 8);
            self.acts
                .push((at, Act::Enrol(lead.id.clone(), "a2".parse().ok()?)));
        }
        match rng.below(20) {
            0 => self
                .acts
                .push((sometime(rng, 0, 13), Act::OptOut(lead.id.clone()))),
            1 => {
                let at = sometime(rng, 0, 10);
                self.acts.push((at, Act::Reply(lead.id.clone())));
                self.acts.push((
                    at + Duration::hours(rng.between(1, 60)),
                    Act::Resume(lead.id.clone()),
                ));
            }
            2 => self
                .acts
                .push((sometime(rng, 0, 10), Act::Away(lead.id.clone()))),
            _ => {}
        }
        Some(())
    }

    /// Campaigns are paused and switches thrown in the middle of working hours.
    fn plan_campaigns(&mut self, rng: &mut Rng) -> Option<()> {
        let tenants: [TenantId; 2] = ["alpha".parse().ok()?, "beta".parse().ok()?];
        for _ in 0..rng.below(4) {
            let on = self.starts_at + Duration::minutes(rng.between(60, 11 * 1_440));
            let off = on + Duration::minutes(rng.between(3, 600));
            let tenant = rng.pick(&tenants)?.clone();
            let scope = match rng.below(4) {
                0 => SwitchScope::Platform,
                1 => SwitchScope::TenantChannel(tenant, Channel::Email),
                2 => SwitchScope::Campaign(tenant, "a1".parse().ok()?),
                _ => SwitchScope::Resource("alpha-n0".parse().ok()?),
            };
            self.acts.push((on, Act::Switch(scope.clone(), true)));
            self.acts.push((off, Act::Switch(scope, false)));
        }
        if rng.below(2) == 0 {
            let on = self.starts_at + Duration::minutes(rng.between(60, 11 * 1_440));
            let campaign: CampaignId = if rng.below(2) == 0 { "a1" } else { "b1" }.parse().ok()?;
            self.acts.push((on, Act::Campaign(campaign.clone(), true)));
            self.acts.push((
                on + Duration::minutes(rng.between(3, 900)),
                Act::Campaign(campaign, false),
            ));
        }
        Some(())
    }
}

/// A lead of whom only the address is known. Read from its stored form, in which whatever is not known is absent.
#[must_use]
pub fn plain_lead(tenant: &str, email: &str) -> Option<Lead> {
    let id = LeadId::derive(&tenant.parse().ok()?, email);
    let stored = json!({
        "id": id,
        "tenant": tenant,
        "first_name": "Kim",
        "email": email,
        "created_at": DateTime::UNIX_EPOCH,
    });
    serde_json::from_value(stored).ok()
}

type Plan = [(u16, Channel, Fallback)];

const LONG: [(u16, Channel, Fallback); 7] = [
    (0, Channel::Email, Fallback::Skip),
    (2, Channel::Sms, Fallback::Use(Channel::Email)),
    (4, Channel::Linkedin, Fallback::Skip),
    (5, Channel::Email, Fallback::Skip),
    (7, Channel::Voice, Fallback::Use(Channel::Sms)),
    (10, Channel::Email, Fallback::Skip),
    (12, Channel::Sms, Fallback::Skip),
];
const SHORT: [(u16, Channel, Fallback); 2] = [
    (0, Channel::Email, Fallback::Skip),
    (2, Channel::Sms, Fallback::Skip),
];

/// A campaign of a tenant, with everything that it sends from.
fn context(
    tenant: &str,
    campaign: &str,
    plan: &Plan,
    starts_at: DateTime<Utc>,
    born: [NaiveDate; 2],
) -> Option<Context> {
    let (zone, country) = if tenant == "alpha" {
        ("Australia/Sydney", Country::AU)
    } else {
        ("America/New_York", Country::US)
    };
    let zone: Zone = zone.parse().ok()?;
    let id: TenantId = tenant.parse().ok()?;
    let steps: Vec<Step> = plan
        .iter()
        .map(|&(day, channel, fallback)| Step {
            day,
            channel,
            fallback,
        })
        .collect();
    let personas = vec![persona("kim")?, persona("lee")?];
    Some(Context {
        tenant: Tenant {
            id: id.clone(),
            name: tenant.into(),
            tier: Tier::Ignition,
            subscription: Subscription::Active,
            manual_mode: false,
            zone,
            country,
            attested_consent: None,
            register_policy: BTreeMap::new(),
            monthly_budget: None,
        },
        campaign: Campaign {
            id: campaign.parse().ok()?,
            tenant: id,
            name: campaign.into(),
            status: CampaignStatus::Active,
            starts_at,
            sequence: serde_json::from_value(json!({ "steps": steps })).ok()?,
            templates: default_templates(),
            budget: None,
        },
        branding: branding(tenant)?,
        resources: resources(tenant, zone, &personas, born)?,
        personas,
        switches: Switches::default(),
        budget_spent: false,
    })
}

fn persona(id: &str) -> Option<Persona> {
    Some(Persona {
        id: id.parse().ok()?,
        first_name: "Kim".parse().ok()?,
        last_name: "Lee".parse().ok()?,
        title: None,
        email_prefix: id.parse().ok()?,
        calendar_link: None,
    })
}

fn branding(tenant: &str) -> Option<Branding> {
    Some(Branding {
        company: tenant.parse().ok()?,
        legal_name: None,
        abn: None,
        website: None,
        phone: None,
        postal_address: "1 Main Street".parse().ok()?,
    })
}

/// Each persona has a domain with two mailboxes; both share two numbers.
fn resources(
    tenant: &str,
    zone: Zone,
    personas: &[Persona],
    born: [NaiveDate; 2],
) -> Option<Vec<Resource>> {
    let mut all = Vec::new();
    let resource = |id: String, kind, address: String, provider| {
        Some(Resource {
            id: id.parse().ok()?,
            kind,
            status: ResourceStatus::Assigned,
            tenant: tenant.parse().ok(),
            persona: None,
            address,
            domain: None,
            provider,
            zone,
            warm_up_started: born[0],
            reputation: Reputation::default(),
        })
    };
    for (n, persona) in personas.iter().enumerate() {
        let name = format!("{tenant}{n}.example");
        let mut domain = resource(
            format!("{tenant}-d{n}"),
            ResourceKind::EmailDomain,
            name.clone(),
            Provider::Ses,
        )?;
        domain.persona = Some(persona.id.clone());
        domain.warm_up_started = *born.get(n)?;
        for m in 0..2 {
            let provider = if n == 0 {
                Provider::Resend
            } else {
                Provider::Ses
            };
            let address = format!("m{m}@{name}");
            let mut mailbox = resource(
                format!("{tenant}-d{n}m{m}"),
                ResourceKind::Mailbox,
                address,
                provider,
            )?;
            mailbox.persona = Some(persona.id.clone());
            mailbox.domain = Some(domain.id.clone());
            all.push(mailbox);
        }
        let provider = if n == 0 {
            Provider::Clicksend
        } else {
            Provider::Twilio
        };
        let number = format!("+6141250000{n}");
        all.push(resource(
            format!("{tenant}-n{n}"),
            ResourceKind::PhoneNumber,
            number,
            provider,
        )?);
        all.push(domain);
    }
    Some(all)
}
