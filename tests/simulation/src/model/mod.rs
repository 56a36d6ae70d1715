//! The world that the engine runs in: table, index, queues, counters, providers and the true time, in memory.
//! It is one value behind one lock; only the scheduler and the ports touch it.

pub mod agenda;
pub mod capacity;
pub mod contexts;
mod inbox;
pub mod index;
pub mod operations;
pub mod ports;
pub mod provider;
pub mod queue;
pub mod table;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    channel::Channel,
    contact::{AddressHash, E164},
    ids::{CampaignId, LeadId, ResourceId, TenantId},
    sending::{
        journey::Journey,
        register::{WashResult, WashStatus},
        resource::Resource,
        suppression::Suppression,
    },
};
use touchline_engine::{
    job::TouchJob,
    ports::{CONTEXT_MAX_AGE_SECS, Reservation, Reserved, Saved},
    provider::{Accepted, SendError},
};

use crate::{
    broken::Broken,
    faults::{Fault, Faults},
    invariants::{Found, is_opted_out},
    rng::Rng,
    scenario::Scenario,
    trace::{Entry, Trace},
};

pub use agenda::{Act, Agenda, Plan};

/// A host's clock is off by at most this. A claim's lease outlives invocation, request in flight and this much
/// disagreement between two hosts (see [`crate::executor::INVOCATION_SECS`]).
pub const CLOCK_SKEW_SECS: i64 = 20;
/// The due index shows a write at most this late, save once in a while.
const INDEX_LAG_MILLIS: i64 = 4_000;
/// The register answers after this.
const WASH_SECS: i64 = 240;

/// What was seen of one invocation.
#[derive(Clone, Debug, Default)]
pub struct Note {
    /// How far its host's clock is off.
    pub skew: Duration,
    /// The number of the lead that it works on.
    pub lead: Option<usize>,
    /// The step at which it claimed a touch.
    pub claimed_at: Option<u64>,
    /// The step of its last reading of an address since then.
    pub address_read_at: Option<u64>,
    /// The step of its last reading of a context since then.
    pub context_read_at: Option<u64>,
    /// What it reserved last.
    pub reserved: Option<Reservation>,
}

/// What was seen of one lead.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeadNote {
    /// The invocation that holds its claim.
    pub claimed_by: Option<u32>,
    /// The step at which an opt-out ended its journey.
    pub opted_out_at: Option<u64>,
    /// The step at which its opt-out was acknowledged: suppression and stop both stored.
    pub acknowledged_at: Option<u64>,
    /// A message for it was in a queue at that moment.
    pub acknowledged_while_queued: bool,
}

/// The world.
#[derive(Debug)]
pub struct World {
    /// The seed that made it.
    pub seed: u64,
    /// The true time.
    pub now: DateTime<Utc>,
    /// Steps taken.
    pub step: u64,
    /// Chance.
    pub rng: Rng,
    /// What goes wrong.
    pub faults: Faults,
    /// Which lie the ports tell, if any.
    pub broken: Option<Broken>,
    /// Leads, journeys, touches, suppression, register.
    pub table: table::Table,
    /// The due index.
    pub index: index::Index,
    /// Campaigns.
    pub contexts: contexts::Contexts,
    /// Limits.
    pub counters: capacity::Counters,
    /// Circuit breakers.
    pub breakers: capacity::BreakerBox,
    /// Channel queues.
    pub queues: queue::Queues,
    /// Providers.
    pub providers: provider::Providers,
    /// Everything that sends.
    pub resources: BTreeMap<ResourceId, Resource>,
    /// What is to come.
    pub agenda: Agenda,
    /// What was.
    pub trace: Trace,
    /// What is wrong.
    pub found: Found,
    /// What was seen of each lead, by its number.
    pub leads: Vec<LeadNote>,
    /// Since which step an opt-out that names an address is acknowledged.
    pub acknowledged: BTreeMap<(TenantId, AddressHash), u64>,
    /// The messages that were kept.
    pub inbox: BTreeMap<(TenantId, String), DateTime<Utc>>,
    /// Since which step an address is suppressed.
    pub suppressed: BTreeMap<(TenantId, AddressHash), u64>,
    /// Until when the invocation that is being run wants to wait.
    pub sleep_until: Option<DateTime<Utc>>,
    notes: Vec<Note>,
}

/// The world as the scheduler and the ports share it.
pub type Shared = Arc<Mutex<World>>;

/// The world, for a moment.
pub fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    /// A world as `scenario` describes it, in the weather of its seed.
    #[must_use]
    pub fn new(scenario: Scenario, mut rng: Rng, faults: Faults) -> Self {
        let mut world = Self {
            seed: scenario.seed,
            now: scenario.starts_at,
            step: 0,
            rng: Rng::new(rng.draw()),
            faults,
            broken: None,
            table: table::Table::default(),
            index: index::Index::default(),
            contexts: contexts::Contexts::default(),
            counters: capacity::Counters::default(),
            breakers: capacity::BreakerBox::default(),
            queues: queue::Queues::default(),
            providers: provider::Providers::default(),
            resources: BTreeMap::new(),
            agenda: Agenda::default(),
            trace: Trace::default(),
            found: Found::default(),
            leads: vec![LeadNote::default(); scenario.leads.len()],
            acknowledged: BTreeMap::new(),
            inbox: BTreeMap::new(),
            suppressed: BTreeMap::new(),
            sleep_until: None,
            notes: Vec::new(),
        };
        for lead in scenario.leads {
            world.table.add_lead(lead);
        }
        for context in scenario.contexts {
            world
                .resources
                .extend(context.resources.iter().map(|r| (r.id.clone(), r.clone())));
            world.contexts.add(context, world.now);
        }
        for (number, result) in scenario.washed {
            world.table.wash(number, result);
        }
        for (at, act) in scenario.acts {
            world.agenda.add(at, Plan::Act(act));
        }
        world
    }

    /// Numbers a new invocation.
    pub fn new_task(&mut self) -> u32 {
        self.notes.push(Note::default());
        let task = u32::try_from(self.notes.len() - 1).unwrap_or(u32::MAX);
        self.maybe_skew(task);
        task
    }

    /// What was seen of an invocation.
    #[must_use]
    pub fn note(&self, task: u32) -> Note {
        usize::try_from(task)
            .ok()
            .and_then(|n| self.notes.get(n))
            .cloned()
            .unwrap_or_default()
    }

    fn note_mut(&mut self, task: u32) -> Option<&mut Note> {
        usize::try_from(task)
            .ok()
            .and_then(|n| self.notes.get_mut(n))
    }

    /// The host's clock may be off, or be set while the invocation runs.
    pub fn maybe_skew(&mut self, task: u32) {
        if self.faults.strikes(&mut self.rng, Fault::ClockJump) {
            let skew = Duration::seconds(self.rng.between(-CLOCK_SKEW_SECS, CLOCK_SKEW_SECS));
            if let Some(note) = self.note_mut(task) {
                note.skew = skew;
            }
        }
    }

    /// What an invocation's clock shows.
    #[must_use]
    pub fn clock_of(&self, task: u32) -> DateTime<Utc> {
        let skew = usize::try_from(task)
            .ok()
            .and_then(|n| self.notes.get(n))
            .map_or(Duration::zero(), |n| n.skew);
        self.now + skew
    }

    /// Remembers that something happened.
    pub fn record(
        &mut self,
        task: u32,
        lead: Option<&LeadId>,
        what: &'static str,
        how: &'static str,
    ) {
        let named = lead.and_then(|id| self.table.row(id)).map(|row| row.number);
        // What an invocation does without naming the lead still belongs to the lead that it works on.
        let lead = match self.note_mut(task) {
            Some(note) => {
                note.lead = named.or(note.lead);
                note.lead
            }
            None => named,
        };
        self.trace.note(Entry {
            step: self.step,
            at: self.now,
            task,
            lead,
            what,
            how,
        });
    }

    fn save(&mut self, task: u32, journey: &Journey, expected: u64) -> Saved {
        let Some(row) = self.table.row(&journey.lead) else {
            return Saved::Conflict;
        };
        let (number, before) = (row.number, row.journey.claim.clone());
        let checked = self.broken != Some(Broken::SkipClaim);
        let saved = self.table.save(journey, expected, checked);
        if saved == Saved::Conflict {
            return saved;
        }
        let lag = if self.rng.below(200) == 0 {
            30_000
        } else {
            INDEX_LAG_MILLIS
        };
        let shown_at = self.now + Duration::milliseconds(self.rng.between(1, lag));
        self.index.follow(journey, shown_at);
        match (&before, &journey.claim) {
            (old, new) if old == new => {}
            // A dead claim is taken over to find out about its touch; that is no leave to call.
            (Some(old), Some(new)) if old.touch == new.touch => {
                self.leads
                    .iter_mut()
                    .skip(number)
                    .take(1)
                    .for_each(|lead| lead.claimed_by = None);
            }
            _ => self.note_claim(task, journey, number),
        }
        let step = self.step;
        if let Some(lead) = self.leads.get_mut(number)
            && lead.opted_out_at.is_none()
            && is_opted_out(journey)
        {
            lead.opted_out_at = Some(step);
        }
        self.check_due(&journey.lead);
        saved
    }

    fn note_claim(&mut self, task: u32, journey: &Journey, number: usize) {
        let step = self.step;
        if let Some(lead) = self.leads.get_mut(number) {
            lead.claimed_by = journey.claim.as_ref().map(|_| task);
        }
        let Some(claim) = &journey.claim else { return };
        if let Some(note) = self.note_mut(task) {
            note.claimed_at = Some(step);
            note.address_read_at = None;
            note.context_read_at = None;
        }
        self.check_claim(journey, &claim.touch, number);
    }

    fn context(
        &mut self,
        task: u32,
        tenant: &TenantId,
        campaign: &CampaignId,
    ) -> Option<Arc<touchline_engine::ports::Context>> {
        let oldest = i64::try_from(CONTEXT_MAX_AGE_SECS * 1_000).unwrap_or(0);
        let age = if self.rng.below(2) == 0 {
            0
        } else {
            self.rng.between(0, oldest)
        };
        let read = self
            .contexts
            .read(tenant, campaign, self.now - Duration::milliseconds(age));
        let step = self.step;
        if let Some(note) = self.note_mut(task) {
            note.context_read_at = Some(step);
        }
        read
    }

    fn note_address_read(&mut self, task: u32) {
        let step = self.step;
        if let Some(note) = self.note_mut(task) {
            note.address_read_at = Some(step);
        }
    }

    fn suppress(&mut self, tenant: &TenantId, address: &AddressHash, record: &Suppression) {
        if self.broken == Some(Broken::ForgetSuppression) {
            return;
        }
        self.table.suppress(tenant, address, record);
        self.suppressed
            .entry((tenant.clone(), address.clone()))
            .or_insert(self.step);
    }

    fn note_reserved(&mut self, task: u32, wish: &Reservation, reserved: &Reserved) {
        if let (Reserved::By(_), Some(note)) = (reserved, self.note_mut(task)) {
            note.reserved = Some(wish.clone());
        }
    }

    fn request_wash(&mut self, number: &E164) {
        self.agenda.add(
            self.now + Duration::seconds(WASH_SECS),
            Plan::Act(Act::Washed(number.clone())),
        );
    }

    /// The register answers: nearly always that the number may be called.
    pub fn wash(&mut self, number: E164) {
        let status = if self.rng.below(20) == 0 {
            WashStatus::Listed
        } else {
            WashStatus::Clear
        };
        self.table.wash(
            number,
            WashResult {
                status,
                washed_at: self.now,
            },
        );
    }

    /// Puts jobs on a queue, some of them late or twice; answers which were refused.
    fn enqueue(&mut self, channel: Channel, jobs: &[(TouchJob, u32)]) -> Vec<usize> {
        let mut refused = Vec::new();
        for (position, (job, delay)) in jobs.iter().enumerate() {
            if self.faults.strikes(&mut self.rng, Fault::Throttling) {
                refused.push(position);
                continue;
            }
            let copies = if self.faults.strikes(&mut self.rng, Fault::Duplicate) {
                2
            } else {
                1
            };
            for _ in 0..copies {
                let mut at = self.now + Duration::seconds(i64::from(*delay));
                if self.faults.strikes(&mut self.rng, Fault::Delay) {
                    at += Duration::seconds(self.rng.between(30, 2_400));
                }
                at += Duration::milliseconds(self.rng.between(1, 900));
                let number = self.queues.put(channel, job.clone(), at);
                self.agenda.add(at, Plan::Message(number));
            }
        }
        refused
    }

    /// A request leaves for its provider; answers its number and when to look for an answer.
    fn depart(
        &mut self,
        task: u32,
        letter: &provider::Letter,
        provider: touchline_domain::events::Provider,
    ) -> Option<(usize, DateTime<Utc>)> {
        self.check_departure(task, &letter.reference.lead, &letter.reference.touch);
        let note = self.note(task);
        let wish = note.reserved?;
        let final_read = note.address_read_at.unwrap_or(0);
        let request = (letter.clone(), provider, task, wish, final_read);
        let number = self
            .providers
            .depart(&mut self.rng, &mut self.faults, self.now, request);
        let request = self.providers.request(number)?;
        let (arrives_at, answered_at) = (request.arrives_at, request.answered_at);
        self.agenda.add(arrives_at, Plan::Arrival(number));
        Some((number, answered_at))
    }

    /// A request reaches its provider.
    pub fn arrive(&mut self, number: usize) {
        let Some(request) = self
            .providers
            .request(number)
            .filter(|r| r.is_taken())
            .cloned()
        else {
            return;
        };
        let times = self.providers.take(&request);
        self.record(
            request.task,
            Some(&request.letter.reference.lead),
            "provider",
            "took the touch",
        );
        self.check_taken(&request, times);
        for (at, event) in self.providers.story(&mut self.rng, &request, self.now) {
            if self.faults.strikes(&mut self.rng, Fault::Duplicate) {
                let again = at + Duration::seconds(self.rng.between(1, 900));
                self.agenda
                    .add(again, Plan::Webhook(Box::new(event.clone())));
            }
            self.agenda.add(at, Plan::Webhook(Box::new(event)));
        }
    }

    fn answer(&self, number: usize) -> Result<Accepted, SendError> {
        self.providers.request(number).map_or_else(
            || {
                Err(SendError::Unknown {
                    code: "no such request".into(),
                })
            },
            provider::Request::answer,
        )
    }
}
