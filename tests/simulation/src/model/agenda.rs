//! What is to come, in order of time: messages, requests, webhooks, and what people and other parts of the system
//! do. What falls on the same moment happens in the order in which it was planned.

use std::{cmp::Reverse, collections::BinaryHeap};

use chrono::{DateTime, Utc};
use touchline_domain::{
    contact::E164,
    events::ProviderEvent,
    ids::{CampaignId, LeadId},
    sending::switch::SwitchScope,
};

use crate::executor::Job;

/// Something that will happen at a certain time.
#[derive(Clone, Debug)]
pub enum Plan {
    /// A message may be received.
    Message(usize),
    /// A request reaches its provider.
    Arrival(usize),
    /// A provider tells something.
    Webhook(Box<ProviderEvent>),
    /// Something that is not the engine's doing.
    Act(Act),
    /// Work that was not finished is taken up again.
    Again(Box<Job>),
}

/// What people and other parts of the system do.
#[derive(Clone, Debug)]
pub enum Act {
    /// A lead is enrolled.
    Enrol(LeadId, CampaignId),
    /// A lead asks not to be contacted, in words.
    OptOut(LeadId),
    /// A lead writes; the answer waits and the sequence is paused.
    Reply(LeadId),
    /// A lead is away for some days.
    Away(LeadId),
    /// An operator pauses a lead.
    Hold(LeadId),
    /// An operator resumes a lead.
    Resume(LeadId),
    /// A campaign is paused, or goes on.
    Campaign(CampaignId, bool),
    /// A kill switch is turned on, or off.
    Switch(SwitchScope, bool),
    /// The register has answered.
    Washed(E164),
    /// From here on nothing goes wrong.
    Calm,
}

#[derive(Debug)]
struct Planned {
    at: DateTime<Utc>,
    order: u64,
    plan: Plan,
}

impl PartialEq for Planned {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}

impl Eq for Planned {}

impl PartialOrd for Planned {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Planned {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

/// What is to come, soonest first.
#[derive(Debug, Default)]
pub struct Agenda {
    heap: BinaryHeap<Reverse<Planned>>,
    order: u64,
}

impl Agenda {
    /// Adds a plan.
    pub fn add(&mut self, at: DateTime<Utc>, plan: Plan) {
        self.order += 1;
        self.heap.push(Reverse(Planned {
            at,
            order: self.order,
            plan,
        }));
    }

    /// The next plan's time.
    #[must_use]
    pub fn next_at(&self) -> Option<DateTime<Utc>> {
        self.heap.peek().map(|planned| planned.0.at)
    }

    /// Takes the next plan if its time has come.
    pub fn pop(&mut self, now: DateTime<Utc>) -> Option<Plan> {
        if self.next_at()? > now {
            return None;
        }
        self.heap.pop().map(|planned| planned.0.plan)
    }
}
