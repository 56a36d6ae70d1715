//! How a touch ends: its record first, then the journey moves on.
//!
//! The record is written unconditionally, so a known outcome is never lost to somebody else's change of the
//! journey; the journey's step is a change that is made again on whatever the journey has become. A crash between
//! the two leaves the claim, and whoever finds the claim finds the record (see `recover`).

use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::PersonaId,
    sending::{
        Reason,
        journey::{Journey, Thread},
        resource::Resource,
        touch::{Outcome, Touch},
    },
};

use super::{CONTENDED, Disposition, SendPorts, Sender, View};
use crate::{
    channel::{self, Compose, Handover},
    ports::{PortError, Saved},
    provider::Refusal,
    timing,
    work::Work,
};

/// A change is made again on the newer journey this often before the message goes back to the queue.
const CHANGE_TRIES: usize = 6;

impl<P, C, H, N> Sender<'_, P, C, H, N>
where
    P: SendPorts,
    C: Compose,
    H: Handover<C::Message>,
    N: Fn() -> DateTime<Utc> + Sync,
{
    /// Ends a touch that needed no call. Decided on this very view, so a conflict means: decide again.
    pub(super) async fn end_without_call(
        &self,
        mut view: View,
        work: &Work,
        outcome: Outcome,
        reason: Reason,
        detail: Option<String>,
    ) -> Result<Disposition, PortError> {
        let now = (self.now)();
        let mut touch = work.record(&view.journey, outcome, Some(reason), now);
        touch.detail = detail;
        self.ports.put_touch(&touch).await?;
        let expected = view.journey.version;
        settle(&mut view, work, &touch, now);
        view.journey.version = expected + 1;
        match self.ports.save(&view.journey, expected).await? {
            Saved::Written => Ok(Disposition::Ended {
                outcome,
                reason: Some(reason),
            }),
            Saved::Conflict => Ok(CONTENDED),
        }
    }

    /// Ends a touch that the provider took, or may have taken.
    pub(super) async fn finish_sent(
        &self,
        mut view: View,
        work: &Work,
        touch: Touch,
        sender: Option<(PersonaId, Resource)>,
        thread: Option<(String, String)>,
    ) -> Result<Disposition, PortError> {
        self.ports.put_touch(&touch).await?;
        let lead = view.lead.clone();
        let context = view.context.clone();
        self.change(&mut view, |journey| {
            journey.record_sent(work.channel, work.purpose, touch.at);
            if let Some(enrolment) = journey.enrolment_mut(&work.campaign) {
                if let Some((persona, resource)) = &sender {
                    enrolment.persona = Some(persona.clone());
                    if channel::rules(work.channel).keeps_sender {
                        enrolment.mailbox = Some(resource.id.clone());
                    }
                }
                if let Some((subject, message_id)) = &thread {
                    let joined = enrolment.thread.get_or_insert_with(|| Thread {
                        subject: subject.clone(),
                        message_ids: Vec::new(),
                    });
                    if !joined.message_ids.contains(message_id) {
                        joined.message_ids.push(message_id.clone());
                    }
                }
            }
            move_on(&lead, &context, journey, work, &touch);
        })
        .await?;
        Ok(Disposition::Ended {
            outcome: touch.outcome,
            reason: touch.reason,
        })
    }

    /// Ends a touch that the provider refused for good.
    pub(super) async fn finish_failed(
        &self,
        mut view: View,
        work: &Work,
        touch: Touch,
        refusal: Refusal,
    ) -> Result<Disposition, PortError> {
        self.ports.put_touch(&touch).await?;
        let lead = view.lead.clone();
        let context = view.context.clone();
        self.change(&mut view, |journey| {
            if refusal == Refusal::InvalidAddress {
                journey
                    .unusable
                    .insert(work.channel, Reason::InvalidAddress);
            }
            move_on(&lead, &context, journey, work, &touch);
            if refusal == Refusal::OptedOut {
                journey.stop(Reason::OptedOut);
            }
        })
        .await?;
        Ok(Disposition::Ended {
            outcome: touch.outcome,
            reason: touch.reason,
        })
    }

    /// The gate changed its mind after the claim: the claim ends and the decision is carried out.
    pub(super) async fn withdraw(
        &self,
        mut view: View,
        work: &Work,
        decision: touchline_domain::sending::gate::Decision,
        now: DateTime<Utc>,
    ) -> Result<Disposition, PortError> {
        use touchline_domain::sending::gate::Decision;

        view.journey.claim = None;
        match decision {
            Decision::Send => Ok(CONTENDED),
            Decision::Defer { until, reason } => self.defer(view, work, until, reason, now).await,
            Decision::Skip { reason } => {
                self.end_without_call(view, work, Outcome::Skipped, reason, None)
                    .await
            }
            Decision::Stop { reason } => {
                self.end_without_call(view, work, Outcome::Stopped, reason, None)
                    .await
            }
        }
    }

    /// Makes a change that ends the claim in `view`, on the journey as it is now. Once that very claim is gone there
    /// is nothing to do: somebody else ended it, or this sender did, in a write whose answer was lost and which a
    /// second try meets as a conflict. Making the change again would count the touch twice, or take away the claim of
    /// whoever is sending by now.
    pub(super) async fn change(
        &self,
        view: &mut View,
        change: impl Fn(&mut Journey) + Sync,
    ) -> Result<(), PortError> {
        let held = view.journey.claim.clone();
        for _ in 0..CHANGE_TRIES {
            if view.journey.claim != held {
                return Ok(());
            }
            let expected = view.journey.version;
            change(&mut view.journey);
            view.journey.version = expected + 1;
            if self.ports.save(&view.journey, expected).await? == Saved::Written {
                return Ok(());
            }
            match self
                .ports
                .load(&view.journey.tenant, &view.journey.lead)
                .await?
            {
                Some((lead, journey)) => {
                    view.lead = lead;
                    view.journey = journey;
                }
                None => return Ok(()),
            }
        }
        Err(PortError::Unavailable {
            what: "a journey under constant change",
            cause: "too many conflicts".into(),
        })
    }
}

/// What the end of a touch means for the journey.
pub(super) fn settle(view: &mut View, work: &Work, touch: &Touch, _now: DateTime<Utc>) {
    let (lead, context) = (view.lead.clone(), view.context.clone());
    view.journey.claim = None;
    move_on(&lead, &context, &mut view.journey, work, touch);
    if touch.outcome == Outcome::Stopped
        && work.step.is_some()
        && let Some(reason) = touch.reason
        && let Some(enrolment) = view.journey.enrolment_mut(&work.campaign)
    {
        // An enrolment that had ended already keeps its own reason.
        use touchline_domain::sending::journey::EnrolmentState::{
            Active, Completed, Paused, Stopped,
        };
        match enrolment.state {
            Active | Paused { .. } | Completed => enrolment.state = Stopped { reason },
            Stopped { .. } => {}
        }
        enrolment.due_at = None;
    }
}

/// The journey's next step, if the touch was the current one; the waiting answer is gone in any case.
pub(super) fn move_on(
    lead: &touchline_domain::sending::lead::Lead,
    context: &crate::ports::Context,
    journey: &mut Journey,
    work: &Work,
    touch: &Touch,
) {
    if journey
        .claim
        .as_ref()
        .is_some_and(|claim| claim.touch == touch.id)
    {
        journey.claim = None;
    }
    journey.drop_answer(&touch.id);
    if let Some(step) = work.step {
        let next = timing::next_step(lead, journey, context, &work.campaign, step + 1, touch.at);
        journey.advance(&work.campaign, step, next);
    }
}
