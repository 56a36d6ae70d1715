//! The scheduler: one thread, one seed. It holds the invocations that run, lets chance say which of them takes its
//! next step, and drops those that crash or run out of time. It knows nothing of what they do.

use std::task::{Context, Poll, Waker};

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    channel::Channel,
    events::ProviderEvent,
    ids::{CampaignId, LeadId, TenantId},
    sending::journey::CLAIM_LEASE_SECS,
};

use crate::{
    model::{CLOCK_SKEW_SECS, provider::CALL_TIMEOUT_SECS},
    rng::Rng,
    tasks::{Change, End, Invocation},
};

/// An invocation is ended after this, as the functions are set up.
pub const INVOCATION_SECS: i64 = 30;

// Between a claim and the last moment at which its message can reach the provider lie the rest of the invocation
// and one call. Were that longer than the lease, another sender could take over a touch that is still on its way.
const _: () = assert!(INVOCATION_SECS + CALL_TIMEOUT_SECS + 2 * CLOCK_SKEW_SECS < CLAIM_LEASE_SECS);

/// What an invocation is there for; enough to begin it again.
#[derive(Clone, Debug)]
pub enum Job {
    /// A message of a channel queue.
    Message {
        /// Its number.
        number: usize,
        /// Whose lead.
        lead: LeadId,
        /// The queue.
        channel: Channel,
    },
    /// A tick over a shard.
    Tick,
    /// A delivery event.
    Event(Box<ProviderEvent>),
    /// An enrolment.
    Enrol(TenantId, LeadId, CampaignId),
    /// A change from outside.
    Change(TenantId, LeadId, String, Change),
}

/// A running invocation.
pub struct Running {
    /// Its number.
    pub task: u32,
    /// What it is there for.
    pub job: Job,
    invocation: Invocation,
    deadline: DateTime<Utc>,
    wake_at: DateTime<Utc>,
}

impl Running {
    /// Begins an invocation.
    #[must_use]
    pub fn new(task: u32, job: Job, invocation: Invocation, now: DateTime<Utc>) -> Self {
        let deadline = now + Duration::seconds(INVOCATION_SECS);
        Self {
            task,
            job,
            invocation,
            deadline,
            wake_at: now,
        }
    }

    /// Whether its time is up.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.deadline <= now
    }
}

/// What a step came to.
pub enum Stepped {
    /// Nobody can take a step now.
    Idle,
    /// Somebody took one.
    Waiting,
    /// An invocation ended.
    Ended(Job, u32, End),
}

/// All running invocations.
#[derive(Default)]
pub struct Executor {
    running: Vec<Running>,
}

impl Executor {
    /// Adds an invocation.
    pub fn start(&mut self, running: Running) {
        self.running.push(running);
    }

    /// How many run.
    #[must_use]
    pub fn len(&self) -> usize {
        self.running.len()
    }

    /// Whether none runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// When the first of those that wait for a time goes on, or runs out of time.
    #[must_use]
    pub fn next_wake(&self) -> Option<DateTime<Utc>> {
        self.running
            .iter()
            .map(|running| running.wake_at.min(running.deadline))
            .min()
    }

    /// Chooses who takes the next step.
    pub fn choose(&self, rng: &mut Rng, now: DateTime<Utc>) -> Option<usize> {
        let ready = |running: &Running| running.wake_at <= now || running.is_over(now);
        let count = self.running.iter().filter(|running| ready(running)).count();
        let chosen = rng.below(count);
        self.running
            .iter()
            .enumerate()
            .filter(|(_, running)| ready(running))
            .nth(chosen)
            .map(|(index, _)| index)
    }

    /// The invocation at a position.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Running> {
        self.running.get(index)
    }

    /// Those that run.
    pub fn iter(&self) -> impl Iterator<Item = &Running> {
        self.running.iter()
    }

    /// Drops an invocation where it stands: a crash.
    pub fn kill(&mut self, index: usize) -> (Job, u32) {
        let killed = self.running.swap_remove(index);
        (killed.job, killed.task)
    }

    /// Lets an invocation take a step.
    pub fn step(&mut self, index: usize) -> Stepped {
        let Some(running) = self.running.get_mut(index) else {
            return Stepped::Idle;
        };
        let mut waking = Context::from_waker(Waker::noop());
        match running.invocation.as_mut().poll(&mut waking) {
            Poll::Pending => Stepped::Waiting,
            Poll::Ready(end) => {
                let ended = self.running.swap_remove(index);
                Stepped::Ended(ended.job, ended.task, end)
            }
        }
    }

    /// The invocation at `index` goes on at `at`.
    pub fn sleep(&mut self, index: usize, at: DateTime<Utc>) {
        if let Some(running) = self.running.get_mut(index) {
            running.wake_at = at;
        }
    }
}
