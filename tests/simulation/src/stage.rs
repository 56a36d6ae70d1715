//! A small world for a single situation: one lead whose first step is due, nothing goes wrong by itself, and the
//! caller decides who takes which step. For tests that tell one story, where [`crate::run`] tells thousands.

use std::{
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    channel::Channel,
    events::{EventKind, Provider, ProviderEvent, TouchRef},
    ids::{LeadId, TenantId, TouchId},
    sending::{consent::Basis, lead::Lead},
};
use touchline_engine::job::TouchJob;

use crate::{
    faults::Faults,
    model::{Plan, Shared, World, lock, ports::Ports},
    rng::Rng,
    scenario::Scenario,
    tasks::{self, Change, End, Invocation},
};

/// The world of one lead.
pub struct Stage {
    /// The world.
    pub world: Shared,
    /// The lead.
    pub lead: Lead,
}

/// An invocation on stage: it takes a step when it is told to, and crashes when it is dropped.
pub struct Actor {
    world: Shared,
    invocation: Pin<Box<dyn Future<Output = End>>>,
}

impl Actor {
    /// Takes one step; answers how the invocation ended, if it did. Where it waits for a time, that time comes.
    pub fn step(&mut self) -> Option<End> {
        let mut waking = Context::from_waker(Waker::noop());
        let polled = self.invocation.as_mut().poll(&mut waking);
        pass_time(&self.world);
        match polled {
            Poll::Ready(end) => Some(end),
            Poll::Pending => None,
        }
    }

    /// Takes steps until `done` is true of the world; answers how it ended if it ended before that.
    pub fn step_until(&mut self, done: impl Fn(&World) -> bool) -> Option<End> {
        while !done(&lock(&self.world)) {
            if let Some(end) = self.step() {
                return Some(end);
            }
        }
        None
    }

    /// Takes steps to the end.
    pub fn finish(mut self) -> End {
        loop {
            if let Some(end) = self.step() {
                return end;
            }
        }
    }
}

/// Lets the time come that somebody waits for, and what happens until then.
fn pass_time(world: &Shared) {
    let mut world = lock(world);
    world.step += 1;
    let wanted = world.sleep_until.take();
    world.now = wanted.unwrap_or(world.now).max(world.now);
    arrive(&mut world);
}

/// Requests whose time has come reach their provider; everything else that was planned is left to the caller.
fn arrive(world: &mut World) {
    let now = world.now;
    while let Some(plan) = world.agenda.pop(now) {
        if let Plan::Arrival(number) = plan {
            world.arrive(number);
        }
    }
}

impl Stage {
    /// A stage on which the first step of one lead is due. `None` if the scenario cannot be built, which a test
    /// rules out.
    #[must_use]
    pub fn new() -> Option<Self> {
        // The seed of a scenario in which the lead may be written to at once.
        let mut rng = Rng::new(0);
        let mut scenario = Scenario::draw(0, &mut rng, 1)?;
        scenario.acts.clear();
        let mut lead = scenario.leads.pop()?;
        if let Some(consent) = &mut lead.consent {
            consent.basis = Basis::Express { until: None };
        }
        scenario.leads.push(lead.clone());
        let world = Arc::new(Mutex::new(World::new(scenario, rng, Faults::none())));
        let stage = Self { world, lead };
        let ports = Ports::new(&stage.world);
        let campaign = "a1".parse().ok()?;
        let enrolling = tasks::enrol(
            ports,
            stage.lead.tenant.clone(),
            stage.lead.id.clone(),
            campaign,
        );
        stage.actor(enrolling).finish();
        let due_at = lock(&stage.world)
            .table
            .row(&stage.lead.id)?
            .journey
            .next_due()?
            .0;
        stage.set_time(due_at);
        Some(stage)
    }

    fn actor(&self, invocation: Invocation) -> Actor {
        Actor {
            world: self.world.clone(),
            invocation,
        }
    }

    /// Sets the clock.
    pub fn set_time(&self, to: DateTime<Utc>) {
        let mut world = lock(&self.world);
        world.now = to;
        arrive(&mut world);
    }

    /// Moves the clock.
    pub fn pass(&self, time: Duration) {
        let to = lock(&self.world).now + time;
        self.set_time(to);
    }

    /// The message that is in the queue for the lead, with a due time that it saw.
    #[must_use]
    pub fn message(&self, due_at: DateTime<Utc>) -> TouchJob {
        TouchJob::V1 {
            tenant: self.lead.tenant.clone(),
            lead: self.lead.id.clone(),
            due_at,
        }
    }

    /// A sender of e-mail that has received a message.
    #[must_use]
    pub fn sender(&self, message: TouchJob) -> Option<Actor> {
        tasks::send(Ports::new(&self.world), Channel::Email, message)
            .map(|invocation| self.actor(invocation))
    }

    /// A sender that has received the ordinary message.
    #[must_use]
    pub fn ordinary_sender(&self) -> Option<Actor> {
        let now = lock(&self.world).now;
        self.sender(self.message(now))
    }

    /// Takes in a delivery event about the first touch.
    #[must_use]
    pub fn event(&self, id: &str, kind: EventKind) -> Option<Actor> {
        let event = ProviderEvent {
            event_id: id.to_owned(),
            provider: Provider::Ses,
            at: lock(&self.world).now,
            reference: Some(TouchRef {
                tenant: self.lead.tenant.clone(),
                lead: self.lead.id.clone(),
                touch: self.first_touch()?,
            }),
            provider_message_id: None,
            kind,
        };
        Some(self.actor(tasks::deliver(Ports::new(&self.world), event)))
    }

    /// Something that is done to the journey from outside.
    #[must_use]
    pub fn change(&self, event: &str, change: Change) -> Actor {
        let ports = Ports::new(&self.world);
        let (tenant, lead): (TenantId, LeadId) = (self.lead.tenant.clone(), self.lead.id.clone());
        self.actor(tasks::change(ports, tenant, lead, event.to_owned(), change))
    }

    /// The touch of the first step.
    #[must_use]
    pub fn first_touch(&self) -> Option<TouchId> {
        let campaign = "a1".parse().ok()?;
        Some(TouchId::derive(
            &self.lead.tenant,
            &self.lead.id,
            &campaign,
            "0",
            0,
        ))
    }

    /// How often a provider took the first touch.
    #[must_use]
    pub fn times_taken(&self) -> u32 {
        self.first_touch()
            .map_or(0, |touch| lock(&self.world).providers.times_taken(&touch))
    }
}
