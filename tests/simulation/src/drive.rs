//! A run: what arrives becomes an invocation, what ends or dies is acknowledged or comes back, and time moves on
//! when nobody can take a step. Ends when nothing is left to do, or when that takes longer than it may.

use chrono::{DateTime, Duration, DurationRound, Utc};
use touchline_domain::{channel::Channel, events::EventKind, ids::LeadId};
use touchline_engine::{enqueue::SHARDS, facts, job::TouchJob, send::Disposition};

use crate::{
    acts::{act_on_world, count_dst_edges, pause_something},
    executor::{Executor, Job, Running, Stepped},
    faults::Fault,
    invariants::Invariant,
    model::{Act, Plan, Shared, lock, ports::Ports, queue},
    rng::Rng,
    tasks::{self, Change, End, Words},
};

/// Not more invocations than this at once; what arrives then waits a moment.
const CONCURRENCY: usize = 16;
/// A run that is not at rest after so many steps never will be.
const MAX_STEPS: u64 = 2_000_000;
/// Nor one that is not after so many days.
const MAX_DAYS: i64 = 200;

/// A run under way.
pub struct Run {
    world: Shared,
    executor: Executor,
    next_tick: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    events: u32,
    keep_going: bool,
}

impl Run {
    /// A run in a world that has not begun. It ends at the first violation unless it is to keep going.
    #[must_use]
    pub fn new(world: Shared, keep_going: bool) -> Self {
        let now = lock(&world).now;
        Self {
            world,
            executor: Executor::default(),
            next_tick: now.duration_trunc(Duration::minutes(1)).unwrap_or(now),
            ends_at: now + Duration::days(MAX_DAYS),
            events: 0,
            keep_going,
        }
    }

    /// Runs until everything is at rest.
    pub fn to_rest(&mut self) {
        loop {
            let (step, now, failed) = {
                let mut world = lock(&self.world);
                world.step += 1;
                (world.step, world.now, !world.found.0.is_empty())
            };
            if failed && !self.keep_going {
                return;
            }
            if step > MAX_STEPS || now > self.ends_at {
                lock(&self.world).violate(
                    Invariant::Rest,
                    None,
                    format!("still busy at step {step}, {now}"),
                );
                return;
            }
            self.begin_what_arrived(now);
            self.interfere();
            if !self.advance_somebody(now) && !self.advance_time(now) {
                break;
            }
        }
        lock(&self.world).check_rest();
    }

    fn start(&mut self, ports: &Ports, job: Job, invocation: tasks::Invocation) {
        let now = lock(&self.world).now;
        self.executor
            .start(Running::new(ports.task(), job, invocation, now));
    }

    fn begin_what_arrived(&mut self, now: DateTime<Utc>) {
        self.tick(now);
        while self.executor.len() < CONCURRENCY {
            let Some(plan) = lock(&self.world).agenda.pop(now) else {
                return;
            };
            match plan {
                Plan::Message(number) => self.receive(number, now),
                Plan::Arrival(number) => lock(&self.world).arrive(number),
                Plan::Webhook(event) => self.begin(Job::Event(event)),
                Plan::Act(act) => self.act(act),
                Plan::Again(job) => self.begin(*job),
            }
        }
        // Requests in flight do not wait for room.
        let mut world = lock(&self.world);
        let mut others = Vec::new();
        while let Some(plan) = world.agenda.pop(now) {
            match plan {
                Plan::Arrival(number) => world.arrive(number),
                other => others.push(other),
            }
        }
        for plan in others {
            let at = now + Duration::milliseconds(world.rng.between(50, 900));
            world.agenda.add(at, plan);
        }
    }

    /// Begins anything but the handling of a message.
    fn begin(&mut self, job: Job) {
        let ports = Ports::new(&self.world);
        let invocation = match job.clone() {
            Job::Event(event) => tasks::deliver(ports.clone(), *event),
            Job::Enrol(tenant, lead, campaign) => {
                tasks::enrol(ports.clone(), tenant, lead, campaign)
            }
            Job::Change(tenant, lead, event, change) => {
                tasks::change(ports.clone(), tenant, lead, event, change)
            }
            Job::Message { .. } | Job::Tick => return,
        };
        self.start(&ports, job, invocation);
    }

    fn tick(&mut self, now: DateTime<Utc>) {
        if now < self.next_tick {
            return;
        }
        let minute = now.duration_trunc(Duration::minutes(1)).unwrap_or(now);
        self.next_tick = minute + Duration::minutes(1);
        let busy = lock(&self.world).index.busy_shards(minute);
        for shard in 0..SHARDS {
            let times = {
                let mut world = lock(&self.world);
                let world = &mut *world;
                if !busy.contains(&shard) {
                    world.index.idle_tick(shard, minute);
                    continue;
                }
                if world.faults.strikes(&mut world.rng, Fault::Delay) {
                    self.next_tick = minute + Duration::minutes(world.rng.between(3, 150));
                    return;
                }
                1 + usize::from(world.faults.strikes(&mut world.rng, Fault::DoubleEnqueue))
            };
            for _ in 0..times {
                let ports = Ports::new(&self.world);
                let invocation = tasks::tick(ports.clone(), shard, minute);
                self.start(&ports, Job::Tick, invocation);
            }
        }
    }

    fn receive(&mut self, number: usize, now: DateTime<Utc>) {
        let times = {
            let mut world = lock(&self.world);
            let world = &mut *world;
            if world.queues.is_contended(number, now)
                && world.faults.strikes(&mut world.rng, Fault::Reorder)
            {
                let at = now + Duration::milliseconds(world.rng.between(500, 30_000));
                if world.queues.hide(number, at) {
                    world.agenda.add(at, Plan::Message(number));
                }
                return;
            }
            1 + usize::from(
                world
                    .faults
                    .strikes(&mut world.rng, Fault::ConcurrentInvocation),
            )
        };
        let received = {
            let mut world = lock(&self.world);
            let received = world.queues.receive(number, now);
            if received.is_some() {
                world.agenda.add(
                    now + Duration::seconds(queue::VISIBILITY_SECS),
                    Plan::Message(number),
                );
            }
            received
        };
        let Some((channel, job)) = received else {
            return;
        };
        for _ in 0..times {
            let ports = Ports::new(&self.world);
            let TouchJob::V1 { lead, .. } = &job;
            let label = Job::Message {
                number,
                lead: lead.clone(),
                channel,
            };
            match tasks::send(ports.clone(), channel, job.clone()) {
                Some(invocation) => self.start(&ports, label, invocation),
                None => {
                    let detail = format!("a message for {lead} waits for a sender of {channel}");
                    lock(&self.world).violate(Invariant::NothingLost, None, detail);
                }
            }
        }
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Enrol(lead, campaign) => {
                if let Some(tenant) = self.tenant_of(&lead) {
                    self.begin(Job::Enrol(tenant, lead, campaign));
                }
            }
            Act::OptOut(lead) => self.says(lead, Words::OptOut),
            Act::Reply(lead) => self.says(lead, Words::Question),
            Act::Away(lead) => {
                let days = lock(&self.world).rng.between(1, 5);
                self.says(lead, Words::Away(u8::try_from(days).unwrap_or(1)));
            }
            Act::Hold(lead) => self.change(lead, Change::Hold),
            Act::Resume(lead) => self.change(lead, Change::Resume),
            Act::Campaign(..) | Act::Switch(..) | Act::Washed(_) | Act::Calm => {
                act_on_world(&mut lock(&self.world), act)
            }
        }
    }

    fn tenant_of(&self, lead: &LeadId) -> Option<touchline_domain::ids::TenantId> {
        lock(&self.world)
            .table
            .row(lead)
            .map(|row| row.lead.tenant.clone())
    }

    /// A lead says something, by e-mail or, where it can, in a text message.
    fn says(&mut self, lead: LeadId, words: Words) {
        let channel = {
            let mut world = lock(&self.world);
            let row = world.table.row(&lead);
            let texts = row.is_some_and(|row| facts::address_of(&row.lead, Channel::Sms).is_some());
            if texts && world.rng.below(2) == 0 {
                Channel::Sms
            } else {
                Channel::Email
            }
        };
        self.change(lead, Change::Says(words, channel));
    }

    fn change(&mut self, lead: LeadId, change: Change) {
        self.events += 1;
        let event = format!("r-{}", self.events);
        if let Some(tenant) = self.tenant_of(&lead) {
            self.begin(Job::Change(tenant, lead, event, change));
        }
    }

    /// While a touch is being worked on, somebody opts out, pauses, or throws a switch.
    fn interfere(&mut self) {
        if !self.is_sending() {
            return;
        }
        let acts = {
            let mut world = lock(&self.world);
            let world = &mut *world;
            let opts_out = world.faults.strikes(&mut world.rng, Fault::OptOutAnytime);
            let pauses = world.faults.strikes(&mut world.rng, Fault::PauseAnytime);
            let lead = if opts_out || pauses {
                self.busy_lead(&mut world.rng)
            } else {
                None
            };
            let Some(lead) = lead else { return };
            let mut acts = Vec::new();
            if opts_out {
                acts.push(Act::OptOut(lead.clone()));
            }
            if pauses {
                acts.push(pause_something(world, lead));
            }
            acts
        };
        for act in acts {
            self.act(act);
        }
    }

    fn is_sending(&self) -> bool {
        self.executor
            .iter()
            .any(|running| matches!(running.job, Job::Message { .. }))
    }

    /// A lead of whom a touch is being worked on.
    fn busy_lead(&self, rng: &mut Rng) -> Option<LeadId> {
        let leads = |running: &Running| match &running.job {
            Job::Message { lead, .. } => Some(lead.clone()),
            _ => None,
        };
        let busy: Vec<LeadId> = self.executor.iter().filter_map(leads).collect();
        rng.pick(&busy).cloned()
    }

    /// Lets one invocation take a step, or crash; `false` if none can.
    fn advance_somebody(&mut self, now: DateTime<Utc>) -> bool {
        let mut world = lock(&self.world);
        let Some(index) = self.executor.choose(&mut world.rng, now) else {
            return false;
        };
        let late = self
            .executor
            .get(index)
            .is_some_and(|running| running.is_over(now));
        if late {
            world.faults.count(Fault::Crash, 1);
        }
        let crashes = {
            let world = &mut *world;
            late || world.faults.strikes(&mut world.rng, Fault::Crash)
        };
        let taken = world.rng.between(1, 15);
        world.now += Duration::milliseconds(taken);
        drop(world);
        if crashes {
            let (job, task) = self.executor.kill(index);
            lock(&self.world).record(
                task,
                lead_of(&job),
                "invocation",
                if late { "timed out" } else { "crashed" },
            );
            self.come_back(job);
            return true;
        }
        match self.executor.step(index) {
            Stepped::Ended(job, task, end) => self.end(job, task, end),
            Stepped::Waiting | Stepped::Idle => {
                if let Some(at) = lock(&self.world).sleep_until.take() {
                    self.executor.sleep(index, at);
                }
            }
        }
        true
    }

    fn end(&mut self, job: Job, task: u32, end: End) {
        let (ok, how) = match &end {
            End::Sent(result) => (result.is_ok(), word_of(result.as_ref().ok())),
            End::Done(result) => (
                result.is_ok(),
                if result.is_ok() { "ended" } else { "failed" },
            ),
        };
        lock(&self.world).record(task, lead_of(&job), "invocation", how);
        if !ok {
            return self.come_back(job);
        }
        match (job, end) {
            (Job::Message { number, .. }, End::Sent(Ok(disposition))) => {
                self.acknowledge(number, &disposition)
            }
            (Job::Event(event), _) => {
                if let (
                    EventKind::Unsubscribed { .. } | EventKind::Complained { .. },
                    Some(reference),
                ) = (&event.kind, &event.reference)
                {
                    lock(&self.world).note_acknowledged(&reference.lead);
                }
            }
            (Job::Change(_, lead, _, Change::Says(Words::OptOut, channel)), _) => {
                let mut world = lock(&self.world);
                // Of two people with one number a text message can only name the one that it is known by.
                if let Some(named) = world.named_by(&lead, channel) {
                    world.note_acknowledged(&named);
                }
            }
            _ => {}
        }
    }

    /// A message that was handled is deleted, or put back with a delay.
    fn acknowledge(&mut self, number: usize, disposition: &Disposition) {
        let mut world = lock(&self.world);
        let world = &mut *world;
        match disposition {
            Disposition::Retry { after_secs, .. } => {
                let at = world.now + Duration::seconds(i64::from(*after_secs));
                if world.queues.hide(number, at) {
                    world.agenda.add(at, Plan::Message(number));
                }
            }
            _ if world.faults.strikes(&mut world.rng, Fault::Redelivery) => {}
            _ => world.queues.delete(number),
        }
    }

    /// Work that was not finished comes back: a message by its visibility time-out, the rest after some minutes; a
    /// tick by the next one.
    fn come_back(&mut self, job: Job) {
        let mut world = lock(&self.world);
        let at = world.now + Duration::seconds(world.rng.between(20, 200));
        if !matches!(job, Job::Message { .. } | Job::Tick) {
            world.agenda.add(at, Plan::Again(Box::new(job)));
        }
    }

    /// Moves time on to whatever comes next; `false` if nothing does.
    fn advance_time(&mut self, now: DateTime<Utc>) -> bool {
        let mut world = lock(&self.world);
        let busy_minute = world.index.next_busy_minute(self.next_tick);
        let next = [
            world.agenda.next_at(),
            self.executor.next_wake(),
            busy_minute,
        ]
        .into_iter()
        .flatten()
        .min();
        let Some(mut next) = next else { return false };
        if !self.executor.is_empty() {
            let world = &mut *world;
            if world.rng.below(20) == 0 && world.faults.strikes(&mut world.rng, Fault::ClockJump) {
                next += Duration::seconds(world.rng.between(30, 3_600));
            }
        }
        let to = next.max(now);
        count_dst_edges(&mut world, now, to);
        world.now = to;
        true
    }
}

fn lead_of(job: &Job) -> Option<&LeadId> {
    match job {
        Job::Message { lead, .. } | Job::Enrol(_, lead, _) | Job::Change(_, lead, ..) => Some(lead),
        Job::Event(event) => event.reference.as_ref().map(|reference| &reference.lead),
        Job::Tick => None,
    }
}

fn word_of(disposition: Option<&Disposition>) -> &'static str {
    match disposition {
        None => "failed",
        Some(Disposition::Ended { .. }) => "ended the touch",
        Some(Disposition::Deferred { .. }) => "put the touch off",
        Some(Disposition::Forwarded(_)) => "forwarded",
        Some(Disposition::NothingDue) => "found nothing due",
        Some(Disposition::Retry { .. }) => "asked for another try",
    }
}
