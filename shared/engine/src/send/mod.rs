//! The send path: one due thing of one lead, from the queue to its end (SEND-1..SEND-4).
//!
//! Order: read, decide, reserve capacity, claim, decide again, call, finish. The claim is a write over the very
//! version of the journey that was read, so whatever happened in between (an opt-out, a pause, another sender)
//! makes it fail. Nothing is sent on a stale view, and nothing is sent twice.

mod call;
mod finish;
mod recover;

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    sending::{
        Reason,
        gate::{self, Decision},
        journey::{EnrolmentState, Journey},
        lead::Lead,
        sequence::Fallback,
        touch::{Outcome, Purpose},
    },
};

use crate::{
    channel::{Compose, Handover},
    facts,
    job::TouchJob,
    ports::{
        Breakers, Capacity, ChannelQueues, Context, Facts, Journeys, PortError, Saved,
        Suppressions, WashRequests,
    },
    timing,
    work::{self, Resolution, Work},
};

/// What became of a message from a channel queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// The touch ended.
    Ended {
        /// How.
        outcome: Outcome,
        /// Why.
        reason: Option<Reason>,
    },
    /// The touch was put off; the due index brings it back.
    Deferred {
        /// Until when.
        until: DateTime<Utc>,
        /// Why.
        reason: Reason,
    },
    /// The touch goes on another channel; its queue has it now.
    Forwarded(Channel),
    /// Nothing is due: an old or repeated message.
    NothingDue,
    /// Put the message back and try again after so many seconds.
    Retry {
        /// Seconds.
        after_secs: u32,
        /// Why.
        reason: Reason,
    },
}

impl Disposition {
    /// When and why the message has to come back, if it has to.
    #[must_use]
    pub fn comes_back(&self) -> Option<(u32, Reason)> {
        match self {
            Self::Retry { after_secs, reason } => Some((*after_secs, *reason)),
            Self::Ended { .. } | Self::Deferred { .. } | Self::Forwarded(_) | Self::NothingDue => {
                None
            }
        }
    }

    /// The outcome's name for counting: `sent`, `skipped`, `deferred` ...
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ended { outcome, .. } => (*outcome).into(),
            Self::Deferred { .. } => "deferred",
            Self::Forwarded(_) => "forwarded",
            Self::NothingDue => "nothing_due",
            Self::Retry { .. } => "retry",
        }
    }

    /// The reason, if there is one.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Ended { reason, .. } => *reason,
            Self::Deferred { reason, .. } | Self::Retry { reason, .. } => Some(*reason),
            Self::Forwarded(_) | Self::NothingDue => None,
        }
    }
}

/// The ports of the send path.
pub trait SendPorts:
    Journeys + Facts + Capacity + Breakers + ChannelQueues + Suppressions + WashRequests
{
}

impl<P> SendPorts for P where
    P: Journeys + Facts + Capacity + Breakers + ChannelQueues + Suppressions + WashRequests
{
}

/// A sender of one channel.
pub struct Sender<'a, P, C, H, N> {
    /// Everything that is stored.
    pub ports: &'a P,
    /// How messages are written.
    pub composer: &'a C,
    /// Who takes them.
    pub handover: &'a H,
    /// The clock.
    pub now: &'a N,
}

/// One reading of a lead's affairs, on which one decision rests.
pub(crate) struct View {
    pub lead: Lead,
    pub journey: Journey,
    pub context: std::sync::Arc<Context>,
}

impl<P, C, H, N> Sender<'_, P, C, H, N>
where
    P: SendPorts,
    C: Compose,
    H: Handover<C::Message>,
    N: Fn() -> DateTime<Utc> + Sync,
{
    /// Works through one message.
    ///
    /// # Errors
    /// A port is not available, or holds what cannot be read: the message goes back to the queue.
    pub async fn run(&self, job: &TouchJob) -> Result<Disposition, PortError> {
        let TouchJob::V1 { tenant, lead, .. } = job;
        let Some((lead, journey)) = self.ports.load(tenant, lead).await? else {
            return Ok(Disposition::NothingDue);
        };
        let now = (self.now)();
        if let Some(claim) = journey.claim.clone() {
            if journey.is_claimed(now) {
                let after_secs = u32::try_from((claim.until - now).num_seconds()).unwrap_or(0) + 1;
                return Ok(Disposition::Retry {
                    after_secs,
                    reason: Reason::OutcomeUnknown,
                });
            }
            return self.recover(lead, journey, &claim).await;
        }
        let Some((_, _, due)) = journey.next_due().filter(|(at, _, _)| *at <= now) else {
            return Ok(Disposition::NothingDue);
        };
        let campaign = match &due {
            touchline_domain::sending::journey::Due::Step(campaign) => campaign.clone(),
            touchline_domain::sending::journey::Due::Answer(touch) => {
                match journey.answers.iter().find(|answer| answer.touch == *touch) {
                    Some(answer) => answer.campaign.clone(),
                    None => return Ok(Disposition::NothingDue),
                }
            }
            // Claims are looked at above.
            touchline_domain::sending::journey::Due::Claim(_) => {
                return Ok(Disposition::NothingDue);
            }
        };
        let Some(context) = self.ports.context(&journey.tenant, &campaign).await? else {
            return self.stop_orphan(journey).await;
        };
        let view = View {
            lead,
            journey,
            context,
        };
        match work::resolve(&view.lead, &view.journey, &view.context, &due) {
            Resolution::Gone => Ok(Disposition::NothingDue),
            Resolution::BeyondTheEnd => self.end_sequence(view, &campaign).await,
            Resolution::Skip(work, reason) => {
                self.end_without_call(view, &work, Outcome::Skipped, reason, None)
                    .await
            }
            Resolution::Try(work) if work.channel != C::CHANNEL => {
                self.forward(job, work.channel).await
            }
            Resolution::Try(work) => self.decide(job, view, work).await,
        }
    }

    async fn decide(
        &self,
        job: &TouchJob,
        view: View,
        work: Work,
    ) -> Result<Disposition, PortError> {
        let now = (self.now)();
        let address = self.address_facts(&view, &work).await?;
        let input = facts::gate_input(
            &view.lead,
            &view.journey,
            &view.context,
            &work,
            &address,
            now,
        );
        match gate::decide(&input) {
            Decision::Send => self.attempt(view, work, now).await,
            decision => self.apply(job, view, work, decision, now).await,
        }
    }

    /// Carries out a decision not to send now.
    async fn apply(
        &self,
        job: &TouchJob,
        view: View,
        work: Work,
        decision: Decision,
        now: DateTime<Utc>,
    ) -> Result<Disposition, PortError> {
        match decision {
            Decision::Send => Ok(Disposition::NothingDue),
            Decision::Defer { until, reason } => {
                if reason == Reason::DncrStale
                    && let Some(number) = &view.lead.phone
                {
                    self.ports.request_wash(number).await?;
                }
                self.defer(view, &work, until, reason, now).await
            }
            Decision::Skip { reason } if can_fall_back(&view, &work) => {
                self.fall_back(job, view, &work, reason).await
            }
            Decision::Skip { reason } => {
                self.end_without_call(view, &work, Outcome::Skipped, reason, None)
                    .await
            }
            Decision::Stop { reason } => {
                self.end_without_call(view, &work, Outcome::Stopped, reason, None)
                    .await
            }
        }
    }

    async fn forward(&self, job: &TouchJob, channel: Channel) -> Result<Disposition, PortError> {
        let refused = self.ports.send(channel, &[(job.clone(), 0)]).await?;
        if refused.is_empty() {
            return Ok(Disposition::Forwarded(channel));
        }
        Ok(Disposition::Retry {
            after_secs: 30,
            reason: Reason::ProviderUnavailable,
        })
    }

    /// The step's own channel turned out not to be possible at the gate: the fallback applies (SEQ-2). It is
    /// written down first, so that the sender of the other channel comes to the same view.
    async fn fall_back(
        &self,
        job: &TouchJob,
        mut view: View,
        work: &Work,
        reason: Reason,
    ) -> Result<Disposition, PortError> {
        let expected = view.journey.version;
        if let Some(enrolment) = view.journey.enrolment_mut(&work.campaign) {
            enrolment.fallback = Some(reason);
            if let Some(Fallback::Use(channel)) = fallback_of(&view.context, work) {
                enrolment.channel = channel;
            }
        }
        view.journey.version = expected + 1;
        match self.ports.save(&view.journey, expected).await? {
            Saved::Conflict => Ok(CONTENDED),
            // The next reading resolves the step again, on its fallback or as skipped.
            Saved::Written => Box::pin(self.run(job)).await,
        }
    }

    async fn defer(
        &self,
        mut view: View,
        work: &Work,
        until: DateTime<Utc>,
        reason: Reason,
        now: DateTime<Utc>,
    ) -> Result<Disposition, PortError> {
        if work.purpose == Purpose::Confirmation {
            // A confirmation of an opt-out is sent at once or not at all (REP-4a, R35).
            return self
                .end_without_call(view, work, Outcome::Skipped, reason, None)
                .await;
        }
        let expected = view.journey.version;
        let until = timing::planned(
            &view.lead,
            &view.context,
            &view.journey,
            work,
            until,
            reason,
            now,
        );
        match &work.answer {
            Some(answer) => view.journey.defer_answer(&answer.touch, until),
            None => view.journey.defer(&work.campaign, now, until, reason),
        }
        view.journey.version = expected + 1;
        match self.ports.save(&view.journey, expected).await? {
            Saved::Written => Ok(Disposition::Deferred { until, reason }),
            Saved::Conflict => Ok(CONTENDED),
        }
    }

    async fn end_sequence(
        &self,
        mut view: View,
        campaign: &touchline_domain::ids::CampaignId,
    ) -> Result<Disposition, PortError> {
        let expected = view.journey.version;
        if let Some(enrolment) = view.journey.enrolment_mut(campaign) {
            enrolment.state = EnrolmentState::Completed;
            enrolment.due_at = None;
        }
        view.journey.version = expected + 1;
        self.ports.save(&view.journey, expected).await?;
        Ok(Disposition::NothingDue)
    }

    /// The campaign is gone: nothing of this lead can be carried out.
    async fn stop_orphan(&self, mut journey: Journey) -> Result<Disposition, PortError> {
        let expected = journey.version;
        journey.stop(Reason::CampaignInactive);
        journey.version = expected + 1;
        self.ports.save(&journey, expected).await?;
        Ok(Disposition::Ended {
            outcome: Outcome::Stopped,
            reason: Some(Reason::CampaignInactive),
        })
    }

    pub(crate) async fn address_facts(
        &self,
        view: &View,
        work: &Work,
    ) -> Result<crate::ports::AddressFacts, PortError> {
        let Some(address) = facts::address_of(&view.lead, work.channel) else {
            return Ok(crate::ports::AddressFacts::default());
        };
        let number = view
            .lead
            .phone
            .as_ref()
            .filter(|_| work.channel.uses_phone());
        self.ports
            .address(&view.journey.tenant, &address.hash(), number)
            .await
    }
}

/// Somebody else wrote to the journey in between: read again in a moment.
pub(crate) const CONTENDED: Disposition = Disposition::Retry {
    after_secs: 1,
    reason: Reason::OutcomeUnknown,
};

fn fallback_of(context: &Context, work: &Work) -> Option<Fallback> {
    context
        .campaign
        .sequence
        .step(work.step?)
        .map(|step| step.fallback)
}

/// A skip at the gate hands over to the fallback once, and only from the step's own channel.
fn can_fall_back(view: &View, work: &Work) -> bool {
    work.fallback_because.is_none()
        && matches!(fallback_of(&view.context, work), Some(Fallback::Use(_)))
}
