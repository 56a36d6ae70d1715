//! A claim whose lease ended: its sender died somewhere between the claim and the end (SEND-2).

use chrono::{DateTime, Utc};
use touchline_domain::{
    events::TouchRef,
    ids::CampaignId,
    sending::{
        Reason,
        journey::{Claim, Journey},
        lead::Lead,
        touch::{Outcome, Purpose, Touch},
    },
};

use super::{Disposition, SendPorts, Sender, View};
use crate::{
    channel::{Compose, Handover},
    ports::{PortError, Saved},
    provider::Reconciled,
    work::{self, Work},
};

impl<P, C, H, N> Sender<'_, P, C, H, N>
where
    P: SendPorts,
    C: Compose,
    H: Handover<C::Message>,
    N: Fn() -> DateTime<Utc> + Sync,
{
    /// Finds out what became of a claimed touch and ends it. With a record, the end is known. Without one, the call
    /// may or may not have left: the provider is asked, and where it cannot tell the touch ends `unknown`. It is
    /// sent again only when the provider is certain that it never came.
    pub(super) async fn recover(
        &self,
        lead: Lead,
        mut journey: Journey,
        claim: &Claim,
    ) -> Result<Disposition, PortError> {
        // Two who find the same dead claim may learn different things of it: one that the provider never had the
        // touch, the other nothing. Only the one who takes it over goes on.
        let expected = journey.version;
        journey.take_over((self.now)());
        journey.version = expected + 1;
        if self.ports.save(&journey, expected).await? == Saved::Conflict {
            return Ok(super::CONTENDED);
        }
        let Some((campaign, work)) = claimed_work(&journey, claim) else {
            let Some((context, campaign)) = self.any_context(&journey).await? else {
                return self.stop_orphan(journey).await;
            };
            let mut view = View {
                lead,
                journey,
                context,
            };
            let _ = campaign;
            self.change(&mut view, |journey| journey.claim = None)
                .await?;
            return Ok(Disposition::NothingDue);
        };
        let Some(context) = self.ports.context(&journey.tenant, &campaign).await? else {
            return self.stop_orphan(journey).await;
        };
        // A record without a provider was written before a call, perhaps by a sender whose older view made it leave
        // the touch out while this claim was being called for: it says nothing about the call.
        let record = self
            .ports
            .touch(&journey.tenant, &journey.lead, &claim.touch)
            .await?;
        if let Some(record) = record.filter(|record| record.provider.is_some()) {
            let work = Work {
                channel: record.channel,
                fallback_because: record.fallback_because,
                ..work
            };
            return self
                .resume(
                    View {
                        lead,
                        journey,
                        context,
                    },
                    &work,
                    record,
                )
                .await;
        }
        let resource = claim
            .resource
            .as_ref()
            .and_then(|id| context.resources.iter().find(|r| r.id == *id));
        let reference = TouchRef {
            tenant: journey.tenant.clone(),
            lead: journey.lead.clone(),
            touch: claim.touch.clone(),
        };
        let known = match resource {
            Some(resource) => self.handover.reconcile(resource.provider, &reference).await,
            None => Reconciled::Undecided,
        };
        let mut record = work.record(
            &journey,
            Outcome::Unknown,
            Some(Reason::OutcomeUnknown),
            (self.now)(),
        );
        record.resource = resource.map(|r| r.id.clone());
        record.provider = resource.map(|r| r.provider);
        let mut view = View {
            lead,
            journey,
            context,
        };
        match known {
            Reconciled::NeverReceived => {
                self.change(&mut view, |journey| journey.claim = None)
                    .await?;
                return Ok(super::CONTENDED);
            }
            Reconciled::Accepted(accepted) => {
                record.outcome = Outcome::Sent;
                record.reason = None;
                record.provider_message_id = Some(accepted.provider_message_id);
                record.cost = accepted.cost.unwrap_or_default();
            }
            Reconciled::Undecided => {}
        }
        self.finish_sent(view, &work, record, None, None).await
    }

    /// The record was written and the journey not moved on.
    async fn resume(
        &self,
        mut view: View,
        work: &Work,
        record: Touch,
    ) -> Result<Disposition, PortError> {
        let was_called = matches!(record.outcome, Outcome::Sent | Outcome::Unknown);
        let (lead, context) = (view.lead.clone(), view.context.clone());
        self.change(&mut view, |journey| {
            if was_called {
                journey.record_sent(work.channel, work.purpose, record.at);
            }
            super::finish::move_on(&lead, &context, journey, work, &record);
        })
        .await?;
        Ok(Disposition::Ended {
            outcome: record.outcome,
            reason: record.reason,
        })
    }

    async fn any_context(
        &self,
        journey: &Journey,
    ) -> Result<Option<(std::sync::Arc<crate::ports::Context>, CampaignId)>, PortError> {
        let Some(enrolment) = journey.enrolments.first() else {
            return Ok(None);
        };
        let context = self
            .ports
            .context(&journey.tenant, &enrolment.campaign)
            .await?;
        Ok(context.map(|context| (context, enrolment.campaign.clone())))
    }
}

/// The step or answer that a claim belongs to, found by deriving the ids again.
fn claimed_work(journey: &Journey, claim: &Claim) -> Option<(CampaignId, Work)> {
    // The claim's own copy: the journey may have dropped the answer since.
    if let Some(answer) = &claim.answer {
        let work = Work {
            touch: claim.touch.clone(),
            purpose: answer.purpose,
            campaign: answer.campaign.clone(),
            label: work::answer_label(&answer.event_id),
            step: None,
            channel: answer.channel,
            fallback_because: None,
            answer: Some(answer.clone()),
        };
        return Some((answer.campaign.clone(), work));
    }
    journey.enrolments.iter().find_map(|enrolment| {
        let label = enrolment.step.to_string();
        let touch = touchline_domain::ids::TouchId::derive(
            &journey.tenant,
            &journey.lead,
            &enrolment.campaign,
            &label,
            0,
        );
        (touch == claim.touch).then(|| {
            let work = Work {
                touch,
                purpose: Purpose::Step,
                campaign: enrolment.campaign.clone(),
                label,
                step: Some(enrolment.step),
                channel: claim.channel,
                fallback_because: enrolment.fallback,
                answer: None,
            };
            (enrolment.campaign.clone(), work)
        })
    })
}
