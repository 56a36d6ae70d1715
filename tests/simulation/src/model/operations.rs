//! The same randomised operations for the model and for the real store, so that the model can be shown not to lie:
//! [`operations`] draws them, [`perform`] carries one out over any implementation of the ports, [`apply`] over the
//! model. Whoever runs a script elsewhere adds its leads first and compares the answers one by one.

use std::{
    sync::{Arc, Mutex},
    task::{Context as Waking, Poll, Waker},
};

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
    facts,
    ports::{
        AddressFacts, Breakers, Candidate, Capacity, DueIndex, DueItem, Facts, Journeys, PortError,
        Reservation, Reserved, Saved, Suppressions, Watermark,
    },
};

use super::{Shared, World, index::shard_of, lock, ports::Ports};
use crate::{
    faults::Faults,
    rng::Rng,
    scenario::{Scenario, plain_lead},
};

/// Leads of a script.
const LEADS: usize = 3;
/// Operations of a script.
const OPERATIONS: usize = 120;
/// The index shows a write after this at the latest; a script lets so much time pass before it reads the index.
const SETTLE_SECS: i64 = 60;

/// One operation on the store.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Reads a journey.
    Load(TenantId, LeadId),
    /// Writes a journey over a version.
    Save(Box<Journey>, u64),
    /// Reads a touch.
    Touch(TenantId, LeadId, TouchId),
    /// Writes a touch.
    PutTouch(Box<Touch>),
    /// Adds a signal.
    AddSignal(TenantId, LeadId, TouchId, Signal),
    /// Reads what is known of an address.
    Address(TenantId, AddressHash),
    /// Suppresses an address.
    Suppress(TenantId, AddressHash, Suppression),
    /// Lifts a suppression.
    Restore(TenantId, AddressHash, Superseded),
    /// Takes a unit of capacity.
    Reserve(Reservation),
    /// Gives one back; drawn only after it was taken.
    Release(Reservation, ResourceId),
    /// Asks a breaker.
    OpenUntil(Provider, DateTime<Utc>),
    /// Tells a breaker.
    Note(Provider, bool, DateTime<Utc>),
    /// Reads a watermark.
    Watermark(u8),
    /// Moves a watermark.
    MoveWatermark(u8, Watermark, Watermark),
    /// Reads a range of the due index, every page of it.
    Due(u8, Option<DateTime<Utc>>, DateTime<Utc>),
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A journey, if there is one.
    Journey(Option<Box<Journey>>),
    /// A conditional write.
    Saved(Saved),
    /// A touch, if there is one.
    Touch(Option<Box<Touch>>),
    /// Whether a signal was new.
    New(bool),
    /// What is known of an address.
    Facts(AddressFacts),
    /// A reservation; among the least used, the first candidate has it.
    Reserved(Reserved),
    /// Until when a breaker is open.
    Until(Option<DateTime<Utc>>),
    /// A watermark.
    Watermark(Watermark),
    /// Due entries, by time and lead.
    Due(Vec<DueItem>),
    /// Nothing to tell.
    Done,
}

/// Leads, and what is done to them in order.
#[derive(Clone, Debug)]
pub struct Script {
    /// To be there before the first operation.
    pub leads: Vec<Lead>,
    /// The operations.
    pub operations: Vec<Operation>,
}

/// The ports that a script needs.
pub trait StorePorts: Journeys + Facts + Suppressions + Capacity + Breakers + DueIndex {}

impl<P: Journeys + Facts + Suppressions + Capacity + Breakers + DueIndex> StorePorts for P {}

/// Carries out one operation.
///
/// # Errors
/// The port is not available.
pub async fn perform<P: StorePorts>(ports: &P, operation: &Operation) -> Result<Answer, PortError> {
    Ok(match operation {
        Operation::Load(tenant, lead) => Answer::Journey(
            ports
                .load(tenant, lead)
                .await?
                .map(|(_, journey)| Box::new(journey)),
        ),
        Operation::Save(journey, expected) => Answer::Saved(ports.save(journey, *expected).await?),
        Operation::Touch(tenant, lead, touch) => {
            Answer::Touch(ports.touch(tenant, lead, touch).await?.map(Box::new))
        }
        Operation::PutTouch(touch) => done(ports.put_touch(touch).await?),
        Operation::AddSignal(tenant, lead, touch, signal) => Answer::New(
            ports
                .add_signal(tenant, lead, touch, *signal, base())
                .await?,
        ),
        Operation::Address(tenant, address) => {
            Answer::Facts(ports.address(tenant, address, None).await?)
        }
        Operation::Suppress(tenant, address, record) => {
            done(ports.suppress(tenant, address, record).await?)
        }
        Operation::Restore(tenant, address, superseded) => {
            done(ports.restore(tenant, address, superseded).await?)
        }
        Operation::Reserve(wish) => Answer::Reserved(ports.reserve(wish).await?),
        Operation::Release(wish, resource) => done(ports.release(wish, resource).await?),
        Operation::OpenUntil(provider, now) => {
            Answer::Until(ports.open_until(*provider, *now).await?)
        }
        Operation::Note(provider, healthy, now) => {
            done(ports.note(*provider, *healthy, *now).await?)
        }
        Operation::Watermark(shard) => Answer::Watermark(ports.watermark(*shard).await?),
        Operation::MoveWatermark(shard, from, to) => {
            Answer::Saved(ports.move_watermark(*shard, *from, *to).await?)
        }
        Operation::Due(shard, after, until) => {
            Answer::Due(all_due(ports, *shard, *after, *until).await?)
        }
    })
}

fn done((): ()) -> Answer {
    Answer::Done
}

async fn all_due<P: DueIndex>(
    ports: &P,
    shard: u8,
    after: Option<DateTime<Utc>>,
    until: DateTime<Utc>,
) -> Result<Vec<DueItem>, PortError> {
    let (mut all, mut page) = (Vec::new(), None);
    loop {
        let (items, next) = ports.due(shard, after, until, page, 2).await?;
        all.extend(items);
        page = next;
        if page.is_none() {
            all.sort_by(|a: &DueItem, b| (a.due_at, &a.lead).cmp(&(b.due_at, &b.lead)));
            return Ok(all);
        }
    }
}

/// The model of a script's store, empty but for its leads, in which nothing goes wrong.
#[must_use]
pub fn model(script: &Script) -> Shared {
    let scenario = Scenario {
        seed: 0,
        starts_at: base(),
        leads: script.leads.clone(),
        contexts: Vec::new(),
        washed: Vec::new(),
        acts: Vec::new(),
    };
    Arc::new(Mutex::new(World::new(
        scenario,
        Rng::new(0),
        Faults::none(),
    )))
}

/// Carries out one operation on the model.
///
/// # Errors
/// Never, since nothing goes wrong in it; the type is that of [`perform`].
pub fn apply(model: &Shared, operation: &Operation) -> Result<Answer, PortError> {
    if matches!(operation, Operation::Due(..)) {
        lock(model).now += Duration::seconds(SETTLE_SECS);
    }
    let ports = Ports::new(model);
    let mut performing = std::pin::pin!(perform(&ports, operation));
    let mut waking = Waking::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(answer) = performing.as_mut().poll(&mut waking) {
            return answer;
        }
    }
}

/// Whole seconds, so that no store rounds them.
fn base() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_000)
}

/// The script of a seed. `None` if an id in here is malformed, which a test rules out.
#[must_use]
pub fn operations(seed: u64) -> Option<Script> {
    let mut rng = Rng::new(seed);
    let leads: Option<Vec<Lead>> = (0..LEADS)
        .map(|n| plain_lead("acme", &format!("p{n}-{seed}@lead.example")))
        .collect();
    let mut writer = Writer::new(leads?)?;
    let operations = (0..OPERATIONS)
        .filter_map(|_| writer.next(&mut rng))
        .collect();
    Some(Script {
        leads: writer.leads,
        operations,
    })
}

/// Draws operations that are near enough to one another to meet: right and stale versions, the same few touches.
struct Writer {
    leads: Vec<Lead>,
    journeys: Vec<Journey>,
    campaigns: Vec<CampaignId>,
    marks: Vec<Watermark>,
    counters: super::capacity::Counters,
    taken: Vec<(Reservation, ResourceId)>,
}

impl Writer {
    fn new(leads: Vec<Lead>) -> Option<Self> {
        let journeys = leads
            .iter()
            .map(|lead| Journey::new(lead.tenant.clone(), lead.id.clone()))
            .collect();
        let campaigns = vec!["c1".parse().ok()?, "c2".parse().ok()?];
        let marks = vec![Watermark::default(); 256];
        Some(Self {
            leads,
            journeys,
            campaigns,
            marks,
            counters: super::capacity::Counters::default(),
            taken: Vec::new(),
        })
    }

    fn next(&mut self, rng: &mut Rng) -> Option<Operation> {
        let n = rng.below(self.leads.len());
        let lead = self.leads.get(n)?.clone();
        let (tenant, id) = (lead.tenant.clone(), lead.id.clone());
        let touch = TouchId::derive(
            &tenant,
            &id,
            self.campaigns.first()?,
            &rng.below(3).to_string(),
            0,
        );
        let address = facts::address_of(&lead, Channel::Email)?.hash();
        let at = base() + Duration::seconds(rng.between(0, 90));
        let provider = if rng.below(2) == 0 {
            Provider::Ses
        } else {
            Provider::Twilio
        };
        Some(match rng.below(20) {
            0 => Operation::Load(tenant, id),
            1..=4 => self.save(rng, n)?,
            5 => Operation::Touch(tenant, id, touch),
            6 => Operation::PutTouch(Box::new(self.touch(rng, &lead, touch)?)),
            7 => Operation::AddSignal(
                tenant,
                id,
                touch,
                *rng.pick(&[Signal::Sent, Signal::Delivered])?,
            ),
            8 => Operation::Address(tenant, address),
            9 => Operation::Suppress(tenant, address, suppression(rng, at)),
            10 => Operation::Restore(
                tenant,
                address,
                Superseded {
                    at,
                    actor: "start".into(),
                    channel: (rng.below(2) == 0).then_some(Channel::Sms),
                },
            ),
            11 | 12 | 18 => self.reserve(rng, tenant)?,
            13..=16 if rng.below(3) == 0 => Operation::OpenUntil(provider, at),
            13..=16 => Operation::Note(provider, rng.below(6) == 0, at),
            17 => self.watermark(rng, shard_of(&id))?,
            _ => {
                let after =
                    (rng.below(2) == 0).then(|| base() + Duration::seconds(rng.between(0, 1_000)));
                Operation::Due(
                    shard_of(&id),
                    after,
                    base() + Duration::seconds(rng.between(0, 5_000)),
                )
            }
        })
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
        if rng.below(4) == 0 && !self.taken.is_empty() {
            let (wish, resource) = self.taken.swap_remove(rng.below(self.taken.len()));
            self.counters.release(&wish, &resource);
            return Some(Operation::Release(wish, resource));
        }
        let domain: ResourceId = "domain".parse().ok()?;
        let candidate = |id: &str| {
            let resource = id.parse().ok()?;
            Some(Candidate {
                resource,
                limit: 3,
                domain: Some((domain.clone(), 5)),
            })
        };
        let wish = Reservation {
            campaign: None,
            tenant,
            channel: Channel::Sms,
            date: NaiveDate::from_ymd_opt(2026, 11, 20)? + Duration::days(rng.between(0, 1)),
            candidates: vec![candidate("res-1")?, candidate("res-2")?],
            tenant_limit: Some(4),
            per_minute: (rng.below(2) == 0).then_some(1),
            now: base() + Duration::minutes(rng.between(0, 1)),
            price: Micros::ZERO,
        };
        if let Reserved::By(resource) = self.counters.look(&wish) {
            self.counters.take(&wish, &resource);
            self.taken.push((wish.clone(), resource));
        }
        Some(Operation::Reserve(wish))
    }

    fn watermark(&mut self, rng: &mut Rng, shard: u8) -> Option<Operation> {
        if rng.below(2) == 0 {
            return Some(Operation::Watermark(shard));
        }
        let mark = self.marks.get_mut(usize::from(shard))?;
        let later = |rng: &mut Rng| Some(base() + Duration::minutes(rng.between(0, 90)));
        let stale = rng.below(3) == 0;
        let from = if stale {
            Watermark {
                until: later(rng),
                swept_at: None,
            }
        } else {
            *mark
        };
        let to = Watermark {
            until: later(rng),
            swept_at: later(rng),
        };
        if from == *mark {
            *mark = to;
        }
        Some(Operation::MoveWatermark(shard, from, to))
    }
}

fn suppression(rng: &mut Rng, at: DateTime<Utc>) -> Suppression {
    let reason = if rng.below(2) == 0 {
        Reason::OptedOut
    } else {
        Reason::Bounced
    };
    Suppression {
        scope: SuppressionScope::Tenant,
        reason,
        at,
        actor: "event".into(),
        superseded: None,
    }
}
