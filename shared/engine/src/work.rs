//! What a sender works on: the next due thing of one journey, resolved to a channel.

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    events::TouchRef,
    ids::{CampaignId, TouchId},
    sending::{
        Reason,
        journey::{Due, Enrolment, Journey, PendingAnswer},
        lead::Lead,
        sequence::Resolved,
        touch::{Evidence, Outcome, Purpose, Touch},
    },
};

use crate::{channel, ports::Context};

/// One due thing.
#[derive(Clone, Debug)]
pub struct Work {
    /// The touch.
    pub touch: TouchId,
    /// What kind.
    pub purpose: Purpose,
    /// In which campaign.
    pub campaign: CampaignId,
    /// Step position as text, or `answer:{event}`.
    pub label: String,
    /// The step's position, if it is a step.
    pub step: Option<u16>,
    /// On which channel.
    pub channel: Channel,
    /// Why that is not the step's own (SEQ-2).
    pub fallback_because: Option<Reason>,
    /// The answer, if it is one.
    pub answer: Option<PendingAnswer>,
}

/// What a due thing came to.
#[derive(Clone, Debug)]
pub enum Resolution {
    /// Can be tried on this channel.
    Try(Work),
    /// No channel is available to the lead (SEQ-2).
    Skip(Work, Reason),
    /// The sequence has no such step any more.
    BeyondTheEnd,
    /// The journey no longer holds it.
    Gone,
}

/// Why `channel` cannot be used for this lead at all, if it cannot (SEQ-2).
#[must_use]
pub fn unavailable(
    lead: &Lead,
    journey: &Journey,
    context: &Context,
    channel: Channel,
) -> Option<Reason> {
    use touchline_domain::scoring::als;

    let rules = channel::rules(channel);
    if !rules.built {
        return Some(Reason::ChannelNotBuilt);
    }
    if let Some(reason) = journey.unusable.get(&channel) {
        return Some(*reason);
    }
    if !(rules.reaches)(lead) {
        return Some(Reason::NoAddress);
    }
    if !als::allows(als::Tier::of(journey.score(lead.als).unwrap_or(0)), channel) {
        return Some(Reason::AlsChannel);
    }
    let served = |resource| channel::serves(resource, channel);
    (!context.resources.iter().any(served)).then_some(Reason::NoResource)
}

/// Resolves what is due to a piece of work.
#[must_use]
pub fn resolve(lead: &Lead, journey: &Journey, context: &Context, due: &Due) -> Resolution {
    match due {
        Due::Answer(touch) => journey
            .answers
            .iter()
            .find(|answer| answer.touch == *touch)
            .map_or(Resolution::Gone, |answer| {
                Resolution::Try(answer_work(answer))
            }),
        Due::Step(campaign) => match journey.enrolment(campaign) {
            Some(enrolment) => resolve_step(lead, journey, context, enrolment),
            None => Resolution::Gone,
        },
        Due::Claim(_) => Resolution::Gone,
    }
}

fn answer_work(answer: &PendingAnswer) -> Work {
    Work {
        touch: answer.touch.clone(),
        purpose: answer.purpose,
        campaign: answer.campaign.clone(),
        label: answer_label(&answer.event_id),
        step: None,
        channel: answer.channel,
        fallback_because: None,
        answer: Some(answer.clone()),
    }
}

/// The step label of the answer to an event.
#[must_use]
pub fn answer_label(event_id: &str) -> String {
    format!("answer:{event_id}")
}

fn resolve_step(
    lead: &Lead,
    journey: &Journey,
    context: &Context,
    enrolment: &Enrolment,
) -> Resolution {
    let Some(step) = context.campaign.sequence.step(enrolment.step) else {
        return Resolution::BeyondTheEnd;
    };
    let label = enrolment.step.to_string();
    let mut work = Work {
        touch: TouchId::derive(
            &journey.tenant,
            &journey.lead,
            &enrolment.campaign,
            &label,
            0,
        ),
        purpose: Purpose::Step,
        campaign: enrolment.campaign.clone(),
        label,
        step: Some(enrolment.step),
        channel: step.channel,
        fallback_because: None,
        answer: None,
    };
    let resolved = step.resolve(|channel| {
        enrolment
            .fallback
            .filter(|_| channel == step.channel)
            .or_else(|| unavailable(lead, journey, context, channel))
    });
    match resolved {
        Resolved::On { channel, because } => {
            work.channel = channel;
            work.fallback_because = because;
            Resolution::Try(work)
        }
        Resolved::Skip(reason) => Resolution::Skip(work, reason),
    }
}

impl Work {
    /// The name under which the provider knows this touch.
    #[must_use]
    pub fn reference(&self, journey: &Journey) -> TouchRef {
        TouchRef {
            tenant: journey.tenant.clone(),
            lead: journey.lead.clone(),
            touch: self.touch.clone(),
        }
    }

    /// The record of this touch with the given end.
    #[must_use]
    pub fn record(
        &self,
        journey: &Journey,
        outcome: Outcome,
        reason: Option<Reason>,
        at: DateTime<Utc>,
    ) -> Touch {
        Touch {
            id: self.touch.clone(),
            tenant: journey.tenant.clone(),
            lead: journey.lead.clone(),
            campaign: self.campaign.clone(),
            step: self.label.clone(),
            purpose: self.purpose,
            channel: self.channel,
            fallback_because: self.fallback_because,
            outcome,
            reason,
            detail: None,
            at,
            resource: None,
            provider: None,
            provider_message_id: None,
            cost: touchline_domain::money::Micros::ZERO,
            evidence: None::<Evidence>,
        }
    }
}
