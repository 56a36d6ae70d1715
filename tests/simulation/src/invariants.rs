//! What must hold after every step, and what must hold once everything has come to rest.
//!
//! Two of the invariants need a line to be drawn. *Handed over*: a touch counts as handed over from the moment at
//! which its sender, holding the claim, reads for the last time what is known of the address; a suppression that
//! is stored before that read stops the touch, one that is stored later cannot catch it. This is stricter than
//! the promise to the lead, which begins when the opt-out is acknowledged, that is when both the suppression and
//! the stop of the journey are stored. *Stopped*: no claim is made on a journey that an opt-out has stopped.

use serde::Serialize;
use strum::{Display, EnumIter};
use touchline_domain::{
    channel::Channel,
    contact::AddressHash,
    ids::{LeadId, TouchId},
    sending::{
        Reason,
        journey::{EnrolmentState, Journey},
        limits::{self, Use},
        touch::{Outcome, Purpose},
    },
};
use touchline_engine::{facts, ports::Reservation};

use crate::model::{World, provider, provider::Request, table::LeadRow};

/// A pause or a switch holds touches back at the provider from this many seconds on (SEQ-5).
pub const SWITCH_ACTS_SECS: i64 = 60;
/// More violations than this are not kept: the first ones tell.
const KEPT: usize = 8;

/// A rule that a run can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Display, EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Invariant {
    /// A touch reaches its provider at most once (invariant 1, SEND-1).
    AtMostOnce,
    /// An active enrolment is in the due index, a finished one is not (invariant 2).
    DueIndex,
    /// A call is made by the invocation that holds the claim, on facts read after the claim (invariant 3).
    ClaimBeforeCall,
    /// Nothing goes to an address that was suppressed before it was handed over (invariant 4, REP-2).
    Suppressed,
    /// From the moment at which an opt-out is acknowledged nothing but its one confirmation is handed over, to the lead
    /// or to whoever shares an address with it, on any channel of the tenant (invariant 4, REP-2).
    OptOut,
    /// No touch is claimed for a lead that opted out, ended, or waits for a person (invariant 4, GATE-3).
    StoppedLead,
    /// No limit of a day or minute is exceeded (invariant 5).
    Limit,
    /// A pause or switch holds touches within a minute (SEQ-5).
    Switch,
    /// A touch ends in one state that agrees with the provider (invariant 8, SEND-4).
    OneEnd,
    /// No due step is lost (SEND-4).
    NothingLost,
    /// The history on which the gate decides counts each touch once (GATE-7).
    History,
    /// A counter never says less than was sent (invariant 5).
    Counter,
    /// The run comes to rest.
    Rest,
}

/// One violation, with what led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The rule.
    pub invariant: Invariant,
    /// The seed that shows it.
    pub seed: u64,
    /// What was wrong.
    pub detail: String,
    /// The last things that happened, to the lead concerned if there is one.
    pub trace: Vec<String>,
}

/// The violations of a run.
#[derive(Clone, Debug, Default)]
pub struct Found(pub Vec<Violation>);

impl World {
    /// Notes a violation.
    pub fn violate(&mut self, invariant: Invariant, lead: Option<usize>, detail: String) {
        // One of each kind is kept even late in a run that goes on.
        let known = self
            .found
            .0
            .iter()
            .any(|violation| violation.invariant == invariant);
        if self.found.0.len() < KEPT || !known {
            let trace = self.trace.tail(lead);
            self.found.0.push(Violation {
                invariant,
                seed: self.seed,
                detail,
                trace,
            });
        }
    }

    /// Invariant 2, for one lead.
    pub fn check_due(&mut self, lead: &LeadId) {
        let Some(row) = self.table.row(lead) else {
            return;
        };
        let wanted = row.journey.next_due().map(|(at, channel, _)| (at, channel));
        let active = row
            .journey
            .enrolments
            .iter()
            .any(|e| e.state == EnrolmentState::Active);
        let held = self.index.truth(lead);
        if held != wanted || (active && held.is_none()) {
            let number = row.number;
            self.violate(
                Invariant::DueIndex,
                Some(number),
                format!("the index holds {held:?}, not {wanted:?}"),
            );
        }
    }

    /// A claim was written: the journey must allow a touch (invariant 4).
    pub fn check_claim(&mut self, journey: &Journey, touch: &TouchId, number: usize) {
        if journey.answers.iter().any(|answer| answer.touch == *touch) {
            return;
        }
        let of_step = journey.enrolments.iter().find(|enrolment| {
            let label = enrolment.step.to_string();
            TouchId::derive(
                &journey.tenant,
                &journey.lead,
                &enrolment.campaign,
                &label,
                0,
            ) == *touch
        });
        let problem = match of_step.map(|e| (&e.state, e)) {
            None => Some("a touch that the journey does not hold".to_owned()),
            Some((
                EnrolmentState::Active | EnrolmentState::Paused { until: Some(_), .. },
                enrolment,
            )) => {
                let since = enrolment.resumed_at.unwrap_or(enrolment.started_at);
                let replied = journey.replied_at.is_some_and(|at| since <= at);
                let opted_out = self
                    .leads
                    .get(number)
                    .is_some_and(|lead| lead.opted_out_at.is_some());
                (replied || opted_out)
                    .then(|| format!("replied: {replied}, opted out: {opted_out}"))
            }
            Some((state, _)) => Some(format!("the enrolment is {}", state.name())),
        };
        if let Some(problem) = problem {
            self.violate(
                Invariant::StoppedLead,
                Some(number),
                format!("{touch} was claimed: {problem}"),
            );
        }
    }

    /// A request is about to leave (invariant 3).
    pub fn check_departure(&mut self, task: u32, lead: &LeadId, touch: &TouchId) {
        let Some(row) = self.table.row(lead) else {
            return;
        };
        let number = row.number;
        let held = row
            .journey
            .claim
            .as_ref()
            .is_some_and(|claim| claim.touch == *touch);
        let owner = self.leads.get(number).and_then(|lead| lead.claimed_by);
        let note = self.note(task);
        let decided = match (note.claimed_at, note.address_read_at, note.context_read_at) {
            (Some(claim), Some(address), Some(context)) => claim < address && claim < context,
            _ => false,
        };
        if !(held && owner == Some(task) && decided) {
            let detail = format!(
                "{touch} leaves: claim stored {held}, held by {owner:?}, called by {task}, decided after it {decided}"
            );
            self.violate(Invariant::ClaimBeforeCall, Some(number), detail);
        }
    }

    /// A message arrived and was taken.
    pub fn check_taken(&mut self, request: &Request, times: u32) {
        let lead = &request.letter.reference.lead;
        let Some(row) = self.table.row(lead) else {
            return;
        };
        let (number, touch) = (row.number, request.letter.reference.touch.clone());
        let address =
            facts::address_of(&row.lead, request.letter.channel).map(|address| address.hash());
        if times > 1 {
            self.violate(
                Invariant::AtMostOnce,
                Some(number),
                format!("{touch} was taken {times} times"),
            );
        }
        let since = address.and_then(|hash| self.suppressed_since(request, hash));
        if let Some(step) = since
            && step < request.final_read
            && request.letter.purpose != Purpose::Confirmation
        {
            let detail = format!(
                "{touch} was taken; suppressed at step {step}, last read at {}",
                request.final_read
            );
            self.violate(Invariant::Suppressed, Some(number), detail);
        }
        self.check_opt_out(request, number);
        self.check_switch(request, number);
        self.check_limits(request, number);
    }

    /// Notes that an opt-out has taken effect and its sender was told so: it holds for every address of the lead.
    pub fn note_acknowledged(&mut self, lead: &LeadId) {
        let Some(row) = self.table.row(lead) else {
            return;
        };
        let (step, number, tenant) = (self.step, row.number, row.lead.tenant.clone());
        let hashes: Vec<AddressHash> = [Channel::Email, Channel::Sms]
            .into_iter()
            .filter_map(|channel| facts::address_of(&row.lead, channel))
            .map(|address| address.hash())
            .collect();
        for hash in hashes {
            self.acknowledged
                .entry((tenant.clone(), hash))
                .or_insert(step);
        }
        let is_queued = self.queues.holds(lead);
        if let Some(note) = self.leads.get_mut(number)
            && note.acknowledged_at.is_none()
        {
            note.acknowledged_at = Some(step);
            note.acknowledged_while_queued = is_queued;
        }
    }

    /// Unlike [`Invariant::Suppressed`] this rests on what the lead was told and not on what was stored.
    fn check_opt_out(&mut self, request: &Request, number: usize) {
        let letter = &request.letter;
        let Some(row) = self.table.row(&letter.reference.lead) else {
            return;
        };
        let tenant = letter.reference.tenant.clone();
        let by_address = facts::address_of(&row.lead, letter.channel)
            .and_then(|address| self.acknowledged.get(&(tenant, address.hash())).copied());
        let by_lead = self.leads.get(number).and_then(|lead| lead.acknowledged_at);
        let since = by_address.into_iter().chain(by_lead).min();
        if let Some(step) = since.filter(|step| *step < request.final_read)
            && letter.purpose != Purpose::Confirmation
        {
            let detail = format!(
                "{} was taken on {}; the opt-out was acknowledged at step {step}, handed over at {}",
                letter.reference.touch, letter.channel, request.final_read
            );
            self.violate(Invariant::OptOut, Some(number), detail);
        }
    }

    fn suppressed_since(&self, request: &Request, hash: AddressHash) -> Option<u64> {
        self.suppressed
            .get(&(request.letter.reference.tenant.clone(), hash))
            .copied()
    }

    fn check_switch(&mut self, request: &Request, number: usize) {
        let letter = &request.letter;
        let whose = (&letter.reference.tenant, &letter.campaign);
        let held =
            self.contexts
                .held_since(whose, letter.channel, &letter.resource, request.arrives_at);
        // Answers pass a paused campaign; what they may not pass is a switch (REP-4).
        if letter.purpose == Purpose::Step
            && let Some(since) =
                held.filter(|since| (request.arrives_at - *since).num_seconds() > SWITCH_ACTS_SECS)
        {
            let detail = format!("{} was taken; held since {since}", letter.reference.touch);
            self.violate(Invariant::Switch, Some(number), detail);
        }
    }

    fn check_limits(&mut self, request: &Request, number: usize) {
        let (resource, wish) = (&request.letter.resource, &request.wish);
        let domain = provider::domain_of(wish, resource).map(|(id, _)| id);
        let mut broken = Vec::new();
        for id in [Some(resource), domain].into_iter().flatten() {
            let Some(known) = self.resources.get(id) else {
                continue;
            };
            let taken = self.providers.taken_from(id, wish);
            let hard = limits::per_day(known, wish.channel, wish.date, Use::Answer);
            let outreach = limits::per_day(known, wish.channel, wish.date, Use::Outreach);
            if taken.all > hard || taken.outreach > outreach {
                broken.push(format!(
                    "{id} sent {taken:?} on {}, limits {hard} and {outreach}",
                    wish.date
                ));
            }
        }
        broken.extend(self.check_shared_limits(wish, request));
        for detail in broken {
            self.violate(Invariant::Limit, Some(number), detail);
        }
    }

    fn check_shared_limits(&self, wish: &Reservation, request: &Request) -> Option<String> {
        let resource = &request.letter.resource;
        let tenant = self.providers.taken_for_tenant(wish);
        if wish.tenant_limit.is_some_and(|limit| tenant > limit) {
            return Some(format!("{} sent {tenant} on {}", wish.tenant, wish.date));
        }
        let minute = self.providers.taken_in_minute(resource, wish);
        (wish.channel == Channel::Sms && minute > limits::SMS_PER_MINUTE)
            .then(|| format!("{resource} sent {minute} in the minute of {}", wish.now))
    }

    /// Everything has come to rest.
    pub fn check_rest(&mut self) {
        let rows: Vec<LeadRow> = self.table.rows().cloned().collect();
        for row in &rows {
            self.check_due(&row.lead.id);
            self.check_ends(row);
            self.check_steps(row);
            self.check_history(row);
            if row.journey.claim.is_some() {
                self.violate(
                    Invariant::OneEnd,
                    Some(row.number),
                    "a claim is left behind".into(),
                );
            }
        }
        let short: Vec<String> = self
            .providers
            .days()
            .filter(|((id, channel, date), taken)| {
                self.counters.used_on(id, *channel, *date) < taken.all
            })
            .map(|((id, _, date), taken)| {
                format!("{id} sent {} on {date}, more than counted", taken.all)
            })
            .collect();
        for detail in short {
            self.violate(Invariant::Counter, None, detail);
        }
    }

    /// Each touch has one record, and it agrees with what the provider took.
    fn check_ends(&mut self, row: &LeadRow) {
        for (touch, kept) in &row.touches {
            let taken = self.providers.times_taken(touch) > 0;
            let problem = match kept.record.as_ref().map(|record| record.outcome) {
                None => Some("has signals and no record".to_owned()),
                Some(Outcome::Unknown) => None,
                Some(outcome) if (outcome == Outcome::Sent) != taken => Some(format!(
                    "ended {outcome}, and the provider took it: {taken}"
                )),
                Some(_) => None,
            };
            if let Some(problem) = problem {
                self.violate(
                    Invariant::OneEnd,
                    Some(row.number),
                    format!("{touch} {problem}"),
                );
            }
        }
    }

    /// Each step behind an enrolment has its record; an enrolment that is not over has a reason to wait.
    fn check_steps(&mut self, row: &LeadRow) {
        for enrolment in &row.journey.enrolments {
            for step in 0..enrolment.step {
                let label = step.to_string();
                let touch = TouchId::derive(
                    &row.lead.tenant,
                    &row.lead.id,
                    &enrolment.campaign,
                    &label,
                    0,
                );
                if row
                    .touches
                    .get(&touch)
                    .is_none_or(|kept| kept.record.is_none())
                {
                    let detail = format!("step {step} of {} has no record", enrolment.campaign);
                    self.violate(Invariant::NothingLost, Some(row.number), detail);
                }
            }
            let length = self
                .contexts
                .read(&row.lead.tenant, &enrolment.campaign, self.now)
                .map_or(0, |context| context.campaign.sequence.steps().len());
            let rests = match enrolment.state {
                EnrolmentState::Completed => usize::from(enrolment.step) == length,
                EnrolmentState::Stopped { .. } | EnrolmentState::Paused { until: None, .. } => true,
                EnrolmentState::Active | EnrolmentState::Paused { .. } => false,
            };
            if !rests {
                let detail = format!(
                    "{} rests at step {} as {:?}",
                    enrolment.campaign, enrolment.step, enrolment.state
                );
                self.violate(Invariant::NothingLost, Some(row.number), detail);
            }
        }
    }

    /// `sent_by_channel` picks the template and the cool-downs: it must count each step once.
    fn check_history(&mut self, row: &LeadRow) {
        for channel in [Channel::Email, Channel::Sms] {
            let sent: Vec<&str> = row
                .touches
                .values()
                .filter_map(|kept| kept.record.as_ref())
                .filter(|record| record.channel == channel && record.purpose == Purpose::Step)
                .filter(|record| matches!(record.outcome, Outcome::Sent | Outcome::Unknown))
                .map(|record| record.step.as_str())
                .collect();
            let counted = row.journey.history.sent_by_channel.get(&channel);
            let counted = usize::from(counted.copied().unwrap_or(0));
            if sent.len() != counted {
                let detail =
                    format!("{channel}: steps {sent:?} on record, {counted} in the history");
                self.violate(Invariant::History, Some(row.number), detail);
            }
        }
    }
}

/// Whether an opt-out has ended this journey.
#[must_use]
pub fn is_opted_out(journey: &Journey) -> bool {
    journey.enrolments.iter().any(|enrolment| {
        matches!(
            enrolment.state,
            EnrolmentState::Stopped {
                reason: Reason::OptedOut | Reason::Complained
            }
        )
    })
}
