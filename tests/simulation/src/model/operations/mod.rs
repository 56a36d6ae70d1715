//! The same randomised operations for the model and for the real store, so that the model can be shown not to lie:
//! [`operations`] draws them, [`perform`] carries one out over any implementation of the ports, [`apply`] over the
//! model. Whoever runs a script elsewhere adds its leads first and compares the answers one by one; the last of them
//! read everything that can be read.

mod script;

use std::{
    sync::{Arc, Mutex},
    task::{Context as Waking, Poll, Waker},
};

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    contact::AddressHash,
    events::Provider,
    ids::{LeadId, ResourceId, TenantId, TouchId},
    sending::{
        journey::Journey,
        lead::Lead,
        suppression::{Superseded, Suppression, SuppressionScope},
        touch::{Signal, Touch},
    },
};
use touchline_engine::ports::{
    AddressFacts, Breakers, Capacity, DueIndex, DueItem, Facts, Journeys, PortError, Reservation,
    Reserved, Saved, Suppressions, Watermark,
};

use self::script::base;
pub use self::script::operations;
use super::{Shared, World, lock, ports::Ports};
use crate::{faults::Faults, rng::Rng, scenario::Scenario};

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
    /// Gives one back, whether or not one was taken.
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
            let mut known = ports.address(tenant, address, None).await?;
            // A store may answer them in any order.
            known
                .suppressions
                .sort_by_key(|record| record.scope == SuppressionScope::Global);
            Answer::Facts(known)
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
        Operation::MoveWatermark(shard, from, to) => Answer::Saved(
            ports
                .move_watermark(*shard, from.clone(), to.clone())
                .await?,
        ),
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
