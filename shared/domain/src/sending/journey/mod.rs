//! A lead's journey: every enrolment of one lead, what was sent last, what is due next, and the claim of a touch
//! that is being sent right now. One record with a version: whoever changes it must have seen its latest state,
//! so an opt-out, a pause and a send can never pass each other unseen.

mod enrolment;
mod record;

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::{Reason, model::ModelUse, touch::Purpose};
use crate::{
    channel::Channel,
    ids::{CampaignId, LeadId, ResourceId, TenantId, TouchId},
    scoring::Engagement,
};

pub use enrolment::{Enrolment, EnrolmentState, Thread};
pub use record::{Claim, Due, History, PendingAnswer};

/// A claim lasts this long; a call to a provider is given up well before.
pub const CLAIM_LEASE_SECS: i64 = 120;
/// Events remembered so that a redelivered one is recognised (HOOK-3); older ones are recognised by their inbox item.
const REMEMBERED_EVENTS: usize = 12;
/// At most this many automatic answers in a conversation (REP-4).
pub const MAX_ANSWERS: u8 = 3;

/// The journey of one lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    /// The tenant.
    pub tenant: TenantId,
    /// The lead.
    pub lead: LeadId,
    /// The version: a change is written only over the version that it was made from.
    pub version: u64,
    /// Enrolments, oldest first.
    pub enrolments: Vec<Enrolment>,
    /// Answers that wait.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<PendingAnswer>,
    /// What was sent, for the gate (GATE-7).
    #[serde(default)]
    pub history: History,
    /// The touch being sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// When the lead last replied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied_at: Option<DateTime<Utc>>,
    /// Channels whose address turned out to be unusable, and why (SEQ-3).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unusable: BTreeMap<Channel, Reason>,
    /// When the lead gave an e-mail address in a reply (REP-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gold_labelled_at: Option<DateTime<Utc>>,
    /// What the lead did so far; it moves the score (ALS-1).
    #[serde(default, skip_serializing_if = "is_default")]
    pub engagement: Engagement,
    /// What models were asked about this lead (REP-4).
    #[serde(default, skip_serializing_if = "is_default")]
    pub model: ModelUse,
    /// The last events that changed this journey.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
}

/// A kilobyte is a write unit, so default values are not stored.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Journey {
    /// A journey without enrolments.
    #[must_use]
    pub fn new(tenant: TenantId, lead: LeadId) -> Self {
        Self {
            tenant,
            lead,
            version: 0,
            enrolments: Vec::new(),
            answers: Vec::new(),
            history: History::default(),
            claim: None,
            replied_at: None,
            unusable: BTreeMap::new(),
            gold_labelled_at: None,
            engagement: Engagement::default(),
            model: ModelUse::default(),
            events: Vec::new(),
        }
    }

    /// Adds an enrolment whose first step is due at `due_at`; a lead is in a campaign once, so a second call changes
    /// nothing and answers `false`.
    pub fn enrol(
        &mut self,
        campaign: CampaignId,
        now: DateTime<Utc>,
        due_at: DateTime<Utc>,
        channel: Channel,
    ) -> bool {
        if self.enrolment(&campaign).is_some() {
            return false;
        }
        self.enrolments.push(Enrolment {
            campaign,
            state: EnrolmentState::Active,
            started_at: now,
            resumed_at: None,
            step: 0,
            due_at: Some(due_at),
            channel,
            fallback: None,
            waiting: None,
            persona: None,
            mailbox: None,
            thread: None,
        });
        true
    }

    /// The lead's score after what it did; `als` is its score from what is known of it (ALS-1).
    #[must_use]
    pub fn score(&self, als: Option<u8>) -> Option<u8> {
        als.map(|score| self.engagement.applied_to(score))
    }

    /// The enrolment in `campaign`.
    #[must_use]
    pub fn enrolment(&self, campaign: &CampaignId) -> Option<&Enrolment> {
        self.enrolments.iter().find(|e| e.campaign == *campaign)
    }

    /// The enrolment in `campaign`, to change it.
    pub fn enrolment_mut(&mut self, campaign: &CampaignId) -> Option<&mut Enrolment> {
        self.enrolments.iter_mut().find(|e| e.campaign == *campaign)
    }

    /// What is due next, and when: what the due index holds (invariant 2). Answers come before steps of the same time;
    /// two steps of one time come in campaign order, so that every sender picks the same one. If nothing else is due
    /// but a touch is being sent, the end of its claim is due: should its sender die, somebody has to come back to it
    /// even if the lead has been stopped meanwhile.
    #[must_use]
    pub fn next_due(&self) -> Option<(DateTime<Utc>, Channel, Due)> {
        let steps = self.enrolments.iter().filter_map(|e| {
            let at = match &e.state {
                EnrolmentState::Active => e.due_at?,
                EnrolmentState::Paused {
                    until: Some(until), ..
                } => *until,
                _ => return None,
            };
            Some((
                (at, 1, e.campaign.as_str()),
                e.channel,
                Due::Step(e.campaign.clone()),
            ))
        });
        let answers = self.answers.iter().map(|a| {
            (
                (a.due_at, 0, a.touch.as_str()),
                a.channel,
                Due::Answer(a.touch.clone()),
            )
        });
        let next = steps
            .chain(answers)
            .min_by(|a, b| a.0.cmp(&b.0))
            .map(|(key, channel, due)| (key.0, channel, due));
        next.or_else(|| {
            self.claim
                .as_ref()
                .map(|c| (c.until, c.channel, Due::Claim(c.touch.clone())))
        })
    }

    /// Claims the touch for this sender until the lease ends.
    pub fn take(
        &mut self,
        touch: TouchId,
        channel: Channel,
        resource: Option<ResourceId>,
        now: DateTime<Utc>,
    ) {
        let answer = self
            .answers
            .iter()
            .find(|answer| answer.touch == touch)
            .map(|answer| PendingAnswer {
                body: String::new(),
                ..answer.clone()
            });
        self.claim = Some(Claim {
            touch,
            channel,
            until: now + Duration::seconds(CLAIM_LEASE_SECS),
            resource,
            answer,
        });
    }

    /// Takes over a claim whose lease ended, so that only one sender finds out what became of its touch.
    pub fn take_over(&mut self, now: DateTime<Utc>) {
        if let Some(claim) = &mut self.claim {
            claim.until = now + Duration::seconds(CLAIM_LEASE_SECS);
        }
    }

    /// Whether somebody else is sending a touch of this lead right now.
    #[must_use]
    pub fn is_claimed(&self, now: DateTime<Utc>) -> bool {
        self.claim.as_ref().is_some_and(|claim| now < claim.until)
    }

    /// Remembers that a touch was handed over on `channel`.
    pub fn record_sent(&mut self, channel: Channel, purpose: Purpose, now: DateTime<Utc>) {
        self.history.last_touch_at = Some(now);
        self.history.last_by_channel.insert(channel, now);
        match purpose {
            Purpose::Step => *self.history.sent_by_channel.entry(channel).or_default() += 1,
            Purpose::FollowUp => {
                self.history.follow_ups = self.history.follow_ups.saturating_add(1)
            }
            Purpose::Answer => self.history.answers = self.history.answers.saturating_add(1),
            Purpose::Confirmation => {}
        }
    }

    /// Moves the enrolment on from `step`. `next` is the next step's due time and channel, or nothing at the end of
    /// the sequence. A message about an earlier step changes nothing.
    pub fn advance(
        &mut self,
        campaign: &CampaignId,
        step: u16,
        next: Option<(DateTime<Utc>, Channel)>,
    ) {
        let Some(enrolment) = self.enrolment_mut(campaign).filter(|e| e.step == step) else {
            return;
        };
        enrolment.step = step + 1;
        enrolment.fallback = None;
        enrolment.waiting = None;
        if matches!(
            enrolment.state,
            EnrolmentState::Stopped { .. } | EnrolmentState::Completed
        ) {
            return;
        }
        match next {
            Some((due_at, channel)) => {
                enrolment.due_at = Some(due_at);
                enrolment.channel = channel;
            }
            None => {
                enrolment.due_at = None;
                enrolment.state = EnrolmentState::Completed;
            }
        }
    }

    /// Moves the due time of the next step without carrying it out. A pause that was over by `now` ends here.
    pub fn defer(
        &mut self,
        campaign: &CampaignId,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        reason: Reason,
    ) {
        let Some(enrolment) = self.enrolment_mut(campaign) else {
            return;
        };
        enrolment.due_at = Some(until);
        enrolment.waiting = Some(reason);
        if matches!(enrolment.state, EnrolmentState::Paused { until: Some(end), .. } if end <= now)
        {
            enrolment.state = EnrolmentState::Active;
        }
    }

    /// Moves a waiting answer to another time.
    pub fn defer_answer(&mut self, touch: &TouchId, until: DateTime<Utc>) {
        if let Some(answer) = self.answers.iter_mut().find(|a| a.touch == *touch) {
            answer.due_at = until;
        }
    }

    /// Removes a waiting answer, because it was sent or never will be.
    pub fn drop_answer(&mut self, touch: &TouchId) {
        self.answers.retain(|a| a.touch != *touch);
    }

    /// Ends every enrolment that has not ended yet and drops every waiting answer. Of several stops the weightiest
    /// gives the reason, so that events end in the same state whatever their order (HOOK-3).
    pub fn stop(&mut self, reason: Reason) {
        for enrolment in &mut self.enrolments {
            let ends = match &enrolment.state {
                EnrolmentState::Active | EnrolmentState::Paused { .. } => true,
                EnrolmentState::Stopped { reason: before } => weight(*before) < weight(reason),
                EnrolmentState::Completed => false,
            };
            if ends {
                enrolment.state = EnrolmentState::Stopped { reason };
                enrolment.due_at = None;
            }
        }
        self.answers.clear();
    }

    /// Pauses every active enrolment, until a time or until somebody resumes it. One that already waits for a person
    /// keeps waiting for that person.
    pub fn pause(&mut self, reason: Reason, until: Option<DateTime<Utc>>) {
        for enrolment in &mut self.enrolments {
            let waits_for_person =
                matches!(enrolment.state, EnrolmentState::Paused { until: None, .. });
            if matches!(
                enrolment.state,
                EnrolmentState::Active | EnrolmentState::Paused { .. }
            ) && !waits_for_person
            {
                enrolment.state = EnrolmentState::Paused { reason, until };
            }
        }
    }

    /// Notes `event_id`; `false` if it was noted before, so that an event has one effect (invariant 7).
    pub fn note_event(&mut self, event_id: &str) -> bool {
        if self.events.iter().any(|known| known == event_id) {
            return false;
        }
        if self.events.len() == REMEMBERED_EVENTS {
            self.events.remove(0);
        }
        self.events.push(event_id.to_owned());
        true
    }
}

/// How much a reason to stop tells about what the lead wants: a complaint more than an opt-out, both more than the
/// rest.
fn weight(reason: Reason) -> u8 {
    match reason {
        Reason::Complained => 2,
        Reason::OptedOut => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
