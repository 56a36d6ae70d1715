//! Draws the operations of a script: near enough to one another to meet, with right and stale versions, the same few
//! touches, addresses and units, and acts that are repeated. Times are whole seconds, so that no store rounds them.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use touchline_domain::{
    channel::Channel,
    contact::AddressHash,
    events::Provider,
    ids::{CampaignId, LeadId, ResourceId, TenantId, TouchId},
    money::Micros,
    sending::{
        Reason,
        journey::Journey,
        lead::Lead,
        suppression::{Superseded, Suppression, SuppressionScope},
        touch::{Outcome, Purpose, Signal, Touch},
    },
};
use touchline_engine::{
    enqueue::SHARDS,
    facts,
    ports::{Candidate, Reservation, Reserved, Watermark},
};

use super::{Operation, Script};
use crate::{
    model::{capacity::Counters, index::shard_of},
    rng::Rng,
    scenario::plain_lead,
};

/// Leads of a script.
const LEADS: usize = 3;
/// Operations of a script, before those that read the final state.
const OPERATIONS: usize = 120;
/// Steps of a lead, and so touches, that a script knows.
const STEPS: usize = 3;
/// Nothing in a script is due later than so many seconds after its beginning.
const LAST_DUE_SECS: i64 = 5_000;
/// More units than the counters of a day can hold, so that the last ones show how many were left.
const UNITS: usize = 5;
/// Providers whose breakers a script uses.
const PROVIDERS: [Provider; 2] = [Provider::Ses, Provider::Twilio];

/// The beginning of every script.
pub(super) fn base() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_000)
}

/// The script of a seed. `elsewhere` tells on which shard of the due index the other store keeps a lead: the script's
/// leads are all on one that both agree on. `None` if an id in here is malformed, which a test rules out.
#[must_use]
pub fn operations(seed: u64, elsewhere: impl Fn(&LeadId) -> u8) -> Option<Script> {
    let mut rng = Rng::new(seed);
    let shard = u8::try_from(seed % u64::from(SHARDS)).ok()?;
    let leads = (0_u32..)
        .map(|n| plain_lead("acme", &format!("p{n}-{seed}@lead.example")))
        .filter(|lead| {
            lead.as_ref()
                .is_none_or(|lead| shard_of(&lead.id) == shard && elsewhere(&lead.id) == shard)
        })
        .take(LEADS)
        .collect::<Option<Vec<Lead>>>()?;
    let mut writer = Writer::new(leads, shard)?;
    let mut operations: Vec<Operation> = (0..OPERATIONS)
        .filter_map(|_| writer.next(&mut rng))
        .collect();
    operations.extend(writer.final_state()?);
    Some(Script {
        leads: writer.leads,
        operations,
    })
}

/// What the operations drawn so far have come to, as far as the next ones depend on it.
struct Writer {
    leads: Vec<Lead>,
    shard: u8,
    journeys: Vec<Journey>,
    campaigns: Vec<CampaignId>,
    mark: Watermark,
    counters: Counters,
    taken: Vec<(Reservation, ResourceId)>,
}

impl Writer {
    fn new(leads: Vec<Lead>, shard: u8) -> Option<Self> {
        let journeys = leads
            .iter()
            .map(|lead| Journey::new(lead.tenant.clone(), lead.id.clone()))
            .collect();
        Some(Self {
            leads,
            shard,
            journeys,
            campaigns: vec!["c1".parse().ok()?, "c2".parse().ok()?],
            mark: Watermark::default(),
            counters: Counters::default(),
            taken: Vec::new(),
        })
    }

    fn next(&mut self, rng: &mut Rng) -> Option<Operation> {
        let n = rng.below(self.leads.len());
        let lead = self.leads.get(n)?.clone();
        let (tenant, id) = (lead.tenant.clone(), lead.id.clone());
        let touch = self.touch_id(&lead, rng.below(STEPS))?;
        let at = base() + Duration::seconds(rng.between(0, 90));
        Some(match rng.below(20) {
            0 => Operation::Load(tenant, id),
            1..=4 => self.save(rng, n)?,
            5 => Operation::Touch(tenant, id, touch),
            6 | 16 => Operation::PutTouch(Box::new(self.touch(rng, &lead, touch)?)),
            7 => Operation::AddSignal(
                tenant,
                id,
                touch,
                *rng.pick(&[Signal::Sent, Signal::Delivered])?,
            ),
            8 => Operation::Address(tenant, address_of(&lead)?),
            9 => Operation::Suppress(tenant, address_of(&lead)?, suppression(rng, at)?),
            10 => Operation::Restore(tenant, address_of(&lead)?, lifting(rng, at)?),
            11 | 12 | 18 => self.reserve(rng, tenant)?,
            13..=15 => breaker(rng, at)?,
            17 => self.watermark(rng)?,
            _ => {
                let sometime =
                    |rng: &mut Rng, span| base() + Duration::seconds(rng.between(0, span));
                let after = (rng.below(2) == 0).then(|| sometime(rng, 1_000));
                Operation::Due(self.shard, after, sometime(rng, LAST_DUE_SECS))
            }
        })
    }

    /// Reads everything that can be read, and takes what capacity is left.
    fn final_state(&self) -> Option<Vec<Operation>> {
        let mut all = Vec::new();
        for lead in &self.leads {
            let (tenant, id) = (&lead.tenant, &lead.id);
            all.push(Operation::Load(tenant.clone(), id.clone()));
            all.push(Operation::Address(tenant.clone(), address_of(lead)?));
            for step in 0..STEPS {
                let touch = self.touch_id(lead, step)?;
                all.push(Operation::Touch(tenant.clone(), id.clone(), touch));
            }
        }
        let end = base() + Duration::seconds(LAST_DUE_SECS);
        all.push(Operation::Due(self.shard, None, end));
        all.push(Operation::Watermark(self.shard));
        all.extend(PROVIDERS.map(|provider| Operation::OpenUntil(provider, base())));
        let tenant = &self.leads.first()?.tenant;
        for day in 0..2 {
            let wish = wish(tenant.clone(), day, None, base())?;
            all.extend(vec![Operation::Reserve(wish); UNITS]);
        }
        Some(all)
    }

    fn touch_id(&self, lead: &Lead, step: usize) -> Option<TouchId> {
        let (campaign, label) = (self.campaigns.first()?, step.to_string());
        Some(TouchId::derive(&lead.tenant, &lead.id, campaign, &label, 0))
    }

    /// A change of a journey over its version, or over one that is not or no longer its own.
    fn save(&mut self, rng: &mut Rng, n: usize) -> Option<Operation> {
        let journey = self.journeys.get_mut(n)?;
        let campaign = rng.pick(&self.campaigns)?.clone();
        let mut changed = journey.clone();
        let at = base() + Duration::seconds(rng.between(0, 4_000));
        match rng.below(6) {
            0 | 1 => {
                changed.enrol(campaign, base(), at, Channel::Email);
            }
            2 => {
                let step = changed
                    .enrolment(&campaign)
                    .map_or(0, |enrolment| enrolment.step);
                changed.advance(
                    &campaign,
                    step,
                    (rng.below(3) > 0).then_some((at, Channel::Sms)),
                );
            }
            3 => changed.pause(Reason::OutOfOffice, Some(at)),
            4 => changed.stop(Reason::OptedOut),
            _ => {
                let touch = TouchId::derive(&changed.tenant, &changed.lead, &campaign, "0", 0);
                changed.take(touch, Channel::Email, None, at);
            }
        }
        let expected = match rng.below(4) {
            0 => journey.version.wrapping_sub(1).min(journey.version + 3),
            1 if rng.below(3) == 0 => journey.version + 1,
            _ => journey.version,
        };
        changed.version = expected + 1;
        if expected == journey.version {
            *journey = changed.clone();
        }
        Some(Operation::Save(Box::new(changed), expected))
    }

    fn touch(&self, rng: &mut Rng, lead: &Lead, id: TouchId) -> Option<Touch> {
        let outcomes = [
            Outcome::Sent,
            Outcome::Skipped,
            Outcome::Failed,
            Outcome::Stopped,
            Outcome::Unknown,
        ];
        Some(Touch {
            id,
            tenant: lead.tenant.clone(),
            lead: lead.id.clone(),
            campaign: self.campaigns.first()?.clone(),
            step: "0".into(),
            purpose: Purpose::Step,
            channel: Channel::Email,
            fallback_because: None,
            outcome: *rng.pick(&outcomes)?,
            reason: None,
            detail: None,
            at: base() + Duration::seconds(rng.between(0, 9)),
            resource: None,
            provider: Some(Provider::Ses),
            provider_message_id: None,
            cost: Micros::ZERO,
            evidence: None,
        })
    }

    fn reserve(&mut self, rng: &mut Rng, tenant: TenantId) -> Option<Operation> {
        let now = base() + Duration::minutes(rng.between(0, 1));
        let wish = wish(
            tenant,
            rng.between(0, 1),
            (rng.below(2) == 0).then_some(1),
            now,
        )?;
        match rng.below(8) {
            0 | 1 if !self.taken.is_empty() => {
                let (wish, resource) = self.taken.swap_remove(rng.below(self.taken.len()));
                self.counters.release(&wish, &resource);
                Some(Operation::Release(wish, resource))
            }
            2 => {
                let resource: ResourceId = "res-1".parse().ok()?;
                self.counters.release(&wish, &resource);
                Some(Operation::Release(wish, resource))
            }
            _ => {
                if let Reserved::By(resource) = self.counters.look(&wish) {
                    self.counters.take(&wish, &resource);
                    self.taken.push((wish.clone(), resource));
                }
                Some(Operation::Reserve(wish))
            }
        }
    }

    fn watermark(&mut self, rng: &mut Rng) -> Option<Operation> {
        if rng.below(2) == 0 {
            return Some(Operation::Watermark(self.shard));
        }
        let later = |rng: &mut Rng| Some(base() + Duration::minutes(rng.between(0, 90)));
        let from = if rng.below(3) == 0 {
            Watermark {
                until: later(rng),
                ..Watermark::default()
            }
        } else {
            self.mark.clone()
        };
        let page = |rng: &mut Rng| (rng.below(3) == 0).then(|| format!("page-{}", rng.below(2)));
        let to = Watermark {
            until: later(rng),
            page: page(rng),
            swept_at: later(rng),
            sweep_page: page(rng),
        };
        if from == self.mark {
            self.mark = to.clone();
        }
        Some(Operation::MoveWatermark(self.shard, from, to))
    }
}

fn address_of(lead: &Lead) -> Option<AddressHash> {
    facts::address_of(lead, Channel::Email).map(|address| address.hash())
}

fn breaker(rng: &mut Rng, at: DateTime<Utc>) -> Option<Operation> {
    let provider = *rng.pick(&PROVIDERS)?;
    Some(match rng.below(3) {
        0 => Operation::OpenUntil(provider, at),
        _ => Operation::Note(provider, rng.below(8) == 0, at),
    })
}

/// Two resources of one domain and one tenant, each with less than all want.
fn wish(
    tenant: TenantId,
    day: i64,
    per_minute: Option<u32>,
    now: DateTime<Utc>,
) -> Option<Reservation> {
    let domain: ResourceId = "domain".parse().ok()?;
    let candidate = |id: &str| {
        Some(Candidate {
            resource: id.parse().ok()?,
            limit: 3,
            domain: Some((domain.clone(), 5)),
        })
    };
    Some(Reservation {
        campaign: None,
        tenant,
        channel: Channel::Sms,
        date: NaiveDate::from_ymd_opt(2026, 11, 20)? + Duration::days(day),
        candidates: vec![candidate("res-1")?, candidate("res-2")?],
        tenant_limit: Some(4),
        per_minute,
        now,
        price: Micros::ZERO,
    })
}

/// By one of a few events or people, so that some of it is the same act again.
fn suppression(rng: &mut Rng, at: DateTime<Utc>) -> Option<Suppression> {
    Some(Suppression {
        scope: *rng.pick(&[
            SuppressionScope::Tenant,
            SuppressionScope::Tenant,
            SuppressionScope::Global,
        ])?,
        reason: *rng.pick(&[Reason::OptedOut, Reason::Bounced, Reason::Operator])?,
        at,
        actor: format!("event-{}", rng.below(4)),
        superseded: None,
    })
}

fn lifting(rng: &mut Rng, at: DateTime<Utc>) -> Option<Superseded> {
    Some(Superseded {
        at,
        actor: format!("start-{}", rng.below(4)),
        channel: *rng.pick(&[None, Some(Channel::Sms), Some(Channel::Email)])?,
    })
}
