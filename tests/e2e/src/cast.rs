//! A tenant with one campaign of one step, and leads for whom that step is due now. Each scenario has its own, so that
//! none disturbs another's counts.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Days, TimeDelta, Utc};
use touchline_domain::{
    calendar::{DayKind, Zone},
    channel::Channel,
    country::Country,
    events::Provider,
    ids::{CampaignId, LeadId, PersonaId, TenantId},
    message::{Branding, Persona},
    region::State,
    sending::{
        campaign::{Campaign, CampaignStatus},
        consent::{Basis, Consent},
        lead::Lead,
        register::RegisterPolicy,
        resource::ResourceKind,
        sequence::{Fallback, Sequence, Step},
        tenant::Tenant,
    },
};
use touchline_engine::{
    desk::{
        Actor, Changed,
        pool::{NewResource, Owner},
        tenants,
    },
    enrich::EnrichStore as _,
    job::TouchJob,
    ports::{Journeys as _, Saved},
};
use touchline_stack::setup::Setup;

use crate::{
    bed::{Bed, STATE},
    queues::Queue,
    simulator::Calls,
};

/// Warmed up long ago.
pub const WARM_DAYS: u64 = 60;

/// What a scenario needs.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The tenant's name; also the domain of its leads.
    pub name: &'static str,
    /// Through whom its only sender sends; picks the channel.
    pub provider: Provider,
    /// How many leads.
    pub leads: usize,
    /// For how many days its sender has been warming up.
    pub warm_days: u64,
}

/// A tenant and its leads.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The tenant.
    pub tenant: TenantId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its leads.
    pub leads: Vec<Lead>,
    /// The channel of the one step.
    pub channel: Channel,
    /// Through whom it goes.
    pub provider: Provider,
    marking: String,
}

impl Cast {
    /// Writes the tenant and its leads; their step has been due for a minute.
    ///
    /// # Errors
    /// The stack cannot be written to.
    pub async fn make(bed: &Bed, wanted: Wanted) -> anyhow::Result<Self> {
        let cast = Self::without_branding(bed, wanted).await?;
        cast.brand(bed).await?;
        Ok(cast)
    }

    /// [`Self::make`], but nobody has said yet in whose name the tenant writes, so nothing of it can be sent (R9).
    ///
    /// # Errors
    /// The stack cannot be written to.
    pub async fn without_branding(bed: &Bed, wanted: Wanted) -> anyhow::Result<Self> {
        let channel = match wanted.provider {
            Provider::Twilio | Provider::Clicksend => Channel::Sms,
            _ => Channel::Email,
        };
        let now = bed.now()?;
        let mut cast = Self {
            tenant: wanted.name.parse()?,
            campaign: "c1".parse()?,
            leads: Vec::new(),
            channel,
            provider: wanted.provider,
            marking: marking(wanted.name, channel),
        };
        cast.write_tenant(bed, wanted, now).await?;
        for number in 0..wanted.leads {
            let lead = cast.lead(number, now)?;
            let store = &bed.records.store;
            store
                .put_leads(&lead.tenant, std::slice::from_ref(&lead))
                .await?;
            cast.enrol(bed, &lead, now).await?;
            cast.leads.push(lead);
        }
        Ok(cast)
    }

    /// Says in whose name the tenant writes.
    ///
    /// # Errors
    /// The stack cannot be written to.
    pub async fn brand(&self, bed: &Bed) -> anyhow::Result<()> {
        let branding: Branding = serde_json::from_value(serde_json::json!({
            "company": "Example Co",
            "website": "https://sender.example",
            "postal_address": "1 Example Street, Sydney NSW 2000",
        }))?;
        let (store, by) = (&bed.records.store.tenants, Actor::command("e2e"));
        let branded = tenants::brand(store, &by, &self.tenant, &branding, None).await?;
        ensure!(matches!(branded, Changed::Changed(_)), "{branded:?}");
        Ok(())
    }

    /// The calls for these leads.
    #[must_use]
    pub fn calls(&self) -> Calls<'_> {
        Calls {
            provider: self.provider.as_str(),
            matching: &self.marking,
        }
    }

    /// The same tenant with its first `count` leads, and with the others.
    #[must_use]
    pub fn split(&self, count: usize) -> (Self, Self) {
        let (first, rest) = self.leads.split_at(count.min(self.leads.len()));
        let with = |leads: &[Lead]| Self {
            leads: leads.to_vec(),
            ..self.clone()
        };
        (with(first), with(rest))
    }

    /// The queue that its touches go through.
    #[must_use]
    pub fn queue(&self) -> Queue {
        Queue::of(self.channel)
    }

    /// The leads' ids.
    pub fn ids(&self) -> impl Iterator<Item = &LeadId> {
        self.leads.iter().map(|lead| &lead.id)
    }

    /// A message for each of its leads, as `enqueue` writes it.
    #[must_use]
    pub fn jobs(&self, due_at: DateTime<Utc>) -> Vec<TouchJob> {
        let job = |lead: &LeadId| TouchJob::V1 {
            tenant: self.tenant.clone(),
            lead: lead.clone(),
            due_at,
        };
        self.ids().map(job).collect()
    }

    async fn write_tenant(
        &self,
        bed: &Bed,
        wanted: Wanted,
        now: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let zone: Zone = "Australia/Sydney".parse()?;
        let setup = Setup::new(&bed.records.store, "e2e");
        let (id, name) = (self.tenant.clone(), wanted.name.to_owned());
        let tenant = Tenant {
            attested_consent: Some(Basis::Inferred),
            register_policy: BTreeMap::from([(Channel::Sms, RegisterPolicy::NotRequired)]),
            ..Tenant::new(id, name.clone(), Country::AU, zone)
        };
        setup.tenant(tenant, None).await?;
        let persona: Persona = serde_json::from_value(serde_json::json!({
            "id": "ana",
            "first_name": "Ana",
            "last_name": "Ruiz",
            "title": "Partnerships",
            "email_prefix": "ana",
            "calendar_link": "https://cal.sender.example/ana",
        }))?;
        setup.persona(&self.tenant, persona).await?;
        for resource in self.resources(wanted, zone, now)? {
            setup.resource(resource, now).await?;
        }
        let yesterday = now - TimeDelta::days(1);
        let campaign = Campaign {
            status: CampaignStatus::Active,
            sequence: Sequence::new(
                DayKind::Calendar,
                vec![Step {
                    day: 0,
                    channel: self.channel,
                    fallback: Fallback::Skip,
                }],
            )?,
            ..Campaign::new(self.tenant.clone(), self.campaign.clone(), name, yesterday)
        };
        setup.campaign(campaign).await
    }

    /// One domain with one mailbox, and one number: what one of them may do in a day bounds the tenant.
    fn resources(
        &self,
        wanted: Wanted,
        zone: Zone,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Vec<NewResource>> {
        let today = zone.local(now).date();
        let name = wanted.name;
        let resource = |kind, id: String, address: String| -> anyhow::Result<NewResource> {
            Ok(NewResource {
                id: id.parse()?,
                kind,
                address,
                domain: None,
                provider: wanted.provider,
                zone,
                warm_up_started: today - Days::new(wanted.warm_days),
                owner: Some(self.owner(None)),
            })
        };
        let domain = resource(
            ResourceKind::EmailDomain,
            format!("{name}-domain"),
            format!("{name}-mail.example"),
        )?;
        let mut mailbox = resource(
            ResourceKind::Mailbox,
            format!("{name}-mailbox"),
            format!("ana@{name}-mail.example"),
        )?;
        mailbox.domain = Some(domain.id.clone());
        mailbox.owner = Some(self.owner(Some("ana".parse()?)));
        let number = resource(
            ResourceKind::PhoneNumber,
            format!("{name}-number"),
            format!("+6148{}", digits(name, 7)),
        )?;
        Ok(match self.channel {
            Channel::Sms => vec![number],
            _ => vec![domain, mailbox],
        })
    }

    /// The tenant as the owner of a resource that sends as a persona.
    #[must_use]
    pub fn owner(&self, persona: Option<PersonaId>) -> Owner {
        Owner {
            tenant: self.tenant.clone(),
            persona,
        }
    }

    fn lead(&self, number: usize, now: DateTime<Utc>) -> anyhow::Result<Lead> {
        let email = format!("lead{number}@{}.example", self.tenant);
        let lead = serde_json::from_value(serde_json::json!({
            "id": LeadId::derive(&self.tenant, &email),
            "tenant": self.tenant,
            "first_name": "Mia",
            "last_name": format!("Lee{number}"),
            "email": email,
            "phone": format!("+6149{}{number:03}", digits(self.tenant.as_str(), 4)),
            "phone_takes_sms": true,
            "company": "Coastal Dental",
            "als": 90,
            "created_at": now,
        }))?;
        Ok(Lead {
            state: State::parse(Some(Country::AU), STATE),
            country: Some(Country::AU),
            consent: Some(Consent {
                given_on: now.date_naive() - Days::new(7),
                basis: Basis::Inferred,
            }),
            ..lead
        })
    }

    async fn enrol(&self, bed: &Bed, lead: &Lead, now: DateTime<Utc>) -> anyhow::Result<()> {
        let store = &bed.records.store;
        let loaded = store.load(&self.tenant, &lead.id).await?;
        let (_, mut journey) = loaded.context("the lead that was just written")?;
        let expected = journey.version;
        let due_at = now - TimeDelta::minutes(1);
        journey.enrol(self.campaign.clone(), due_at, due_at, self.channel);
        journey.version = expected + 1;
        let saved = store.save(&journey, expected).await?;
        ensure!(
            saved == Saved::Written,
            "somebody else enrolled {}",
            lead.id
        );
        Ok(())
    }
}

/// What all addresses of a tenant's leads have in common, and no other tenant's.
fn marking(name: &str, channel: Channel) -> String {
    match channel {
        Channel::Sms => format!("+6149{}", digits(name, 4)),
        _ => format!("@{name}.example"),
    }
}

/// So many digits that belong to a name.
fn digits(name: &str, count: u32) -> String {
    let sum = name.bytes().fold(7_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let width = count as usize;
    format!("{:0width$}", sum % 10_u64.pow(count))
}
