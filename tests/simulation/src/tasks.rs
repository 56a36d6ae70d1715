//! The invocations: the engine's own futures over the model's ports, and what the reply path and operators do to a
//! journey, written as they must write it (suppress first, then compare and swap).

use std::{future::Future, pin::Pin};

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    channel::Channel,
    contact::AddressHash,
    events::ProviderEvent,
    ids::{CampaignId, LeadId, TenantId, TouchId},
    sending::{
        Reason,
        journey::{EnrolmentState, Journey, PendingAnswer},
        suppression::{Suppression, SuppressionScope},
        touch::Purpose,
    },
};
use touchline_engine::{
    compose::Compose,
    delivery, enqueue, enrol, facts,
    job::TouchJob,
    ports::{Facts, Journeys, PortError, Saved, Suppressions},
    send::{Disposition, Sender, work},
    timing::INDEX_SETTLE_SECS,
};

use crate::{
    invariants::is_opted_out,
    model::{
        ports::Ports,
        provider::{EmailLetters, Letter, SmsLetters},
    },
};

/// What an invocation came to.
#[derive(Debug)]
pub enum End {
    /// A channel's sender.
    Sent(Result<Disposition, PortError>),
    /// Anything else.
    Done(Result<(), PortError>),
}

/// An invocation, ready to run.
pub type Invocation = Pin<Box<dyn Future<Output = End>>>;

/// A change is made again on the newer journey this often before its message goes back.
const CHANGE_TRIES: usize = 6;

/// Handles a message of a channel queue; `None` on a channel that has no sender.
#[must_use]
pub fn send(ports: Ports, channel: Channel, job: TouchJob) -> Option<Invocation> {
    match channel {
        Channel::Email => Some(Box::pin(run(ports, EmailLetters, job))),
        Channel::Sms => Some(Box::pin(run(ports, SmsLetters, job))),
        Channel::Voice | Channel::Linkedin | Channel::Mail => None,
    }
}

async fn run<C: Compose<Message = Letter>>(ports: Ports, composer: C, job: TouchJob) -> End {
    let now = || ports.now();
    let sender = Sender {
        ports: &ports,
        composer: &composer,
        handover: &ports,
        now: &now,
    };
    End::Sent(sender.run(&job).await)
}

/// A tick of the schedule over one shard.
#[must_use]
pub fn tick(ports: Ports, shard: u8, at: DateTime<Utc>) -> Invocation {
    Box::pin(async move { End::Done(enqueue::tick(&ports, shard, at).await.map(|_| ())) })
}

/// Takes in one delivery event.
#[must_use]
pub fn deliver(ports: Ports, event: ProviderEvent) -> Invocation {
    Box::pin(async move {
        let received_at = ports.now();
        End::Done(
            delivery::apply(&ports, &event, received_at)
                .await
                .map(|_| ()),
        )
    })
}

/// Enrols a lead.
#[must_use]
pub fn enrol(ports: Ports, tenant: TenantId, lead: LeadId, campaign: CampaignId) -> Invocation {
    Box::pin(async move {
        let enrolled = async {
            let Some(context) = ports.context(&tenant, &campaign).await? else {
                return Ok(());
            };
            let Some((profile, _)) = ports.load(&tenant, &lead).await? else {
                return Ok(());
            };
            enrol::enrol(&ports, &profile, &context, ports.now())
                .await
                .map(|_| ())
        };
        End::Done(enrolled.await)
    })
}

/// What is done to a journey from outside the send path.
#[derive(Clone, Debug)]
pub enum Change {
    /// The lead opted out in its own words: every address of it is suppressed, the journey stops, one confirmation
    /// waits (REP-2, REP-4a).
    OptOut,
    /// The lead replied: the sequence is paused and an answer waits (REP-3, REP-4).
    Reply,
    /// The lead is away for some days (REP-3).
    Away(Duration),
    /// An operator pauses the lead.
    Hold,
    /// An operator resumes it.
    Resume,
}

/// Changes a lead's journey, once for each `event`.
#[must_use]
pub fn change(
    ports: Ports,
    tenant: TenantId,
    lead: LeadId,
    event: String,
    change: Change,
) -> Invocation {
    Box::pin(async move { End::Done(changed(&ports, &tenant, &lead, &event, &change).await) })
}

async fn changed(
    ports: &Ports,
    tenant: &TenantId,
    lead: &LeadId,
    event: &str,
    change: &Change,
) -> Result<(), PortError> {
    if matches!(change, Change::OptOut) {
        suppress_all(ports, tenant, lead, event).await?;
    }
    for _ in 0..CHANGE_TRIES {
        let Some((_, mut journey)) = ports.load(tenant, lead).await? else {
            return Ok(());
        };
        let expected = journey.version;
        if !journey.note_event(event) {
            return Ok(());
        }
        apply(&mut journey, event, change, ports.now());
        journey.version = expected + 1;
        if ports.save(&journey, expected).await? == Saved::Written {
            return Ok(());
        }
    }
    Err(PortError::Unavailable {
        what: "a journey under constant change",
        cause: "too many conflicts".into(),
    })
}

async fn suppress_all(
    ports: &Ports,
    tenant: &TenantId,
    lead: &LeadId,
    event: &str,
) -> Result<(), PortError> {
    let Some((profile, _)) = ports.load(tenant, lead).await? else {
        return Ok(());
    };
    let addresses: Vec<AddressHash> = [Channel::Email, Channel::Sms]
        .into_iter()
        .filter_map(|channel| facts::address_of(&profile, channel))
        .map(|address| address.hash())
        .collect();
    for address in addresses {
        let record = Suppression {
            scope: SuppressionScope::Tenant,
            reason: Reason::OptedOut,
            at: ports.now(),
            actor: event.to_owned(),
            superseded: None,
        };
        ports.suppress(tenant, &address, &record).await?;
    }
    Ok(())
}

fn apply(journey: &mut Journey, event: &str, change: &Change, now: DateTime<Utc>) {
    match change {
        Change::OptOut => {
            journey.stop(Reason::OptedOut);
            wait_to_answer(
                journey,
                event,
                Purpose::Confirmation,
                now + Duration::seconds(30),
            );
        }
        Change::Reply => {
            journey.replied_at = Some(now);
            journey.pause(Reason::InConversation, None);
            // Whoever opted out gets no answer, in whichever order the two arrive.
            if !is_opted_out(journey) {
                wait_to_answer(journey, event, Purpose::Answer, now + Duration::minutes(4));
            }
        }
        Change::Away(days) => journey.pause(Reason::OutOfOffice, Some(now + *days)),
        Change::Hold => journey.pause(Reason::Operator, None),
        Change::Resume => resume(journey, now),
    }
}

fn wait_to_answer(journey: &mut Journey, event: &str, purpose: Purpose, due_at: DateTime<Utc>) {
    let Some(enrolment) = journey.enrolments.first() else {
        return;
    };
    let label = work::answer_label(event);
    let campaign = enrolment.campaign.clone();
    journey.answers.push(PendingAnswer {
        touch: TouchId::derive(&journey.tenant, &journey.lead, &campaign, &label, 0),
        event_id: event.to_owned(),
        campaign,
        channel: Channel::Email,
        purpose,
        due_at,
        body: "Thank you".into(),
    });
}

fn resume(journey: &mut Journey, now: DateTime<Utc>) {
    let earliest = now + Duration::seconds(INDEX_SETTLE_SECS);
    for enrolment in &mut journey.enrolments {
        if matches!(enrolment.state, EnrolmentState::Paused { until: None, .. }) {
            enrolment.state = EnrolmentState::Active;
            enrolment.resumed_at = Some(now);
            enrolment.due_at = enrolment.due_at.max(Some(earliest));
        }
    }
}
