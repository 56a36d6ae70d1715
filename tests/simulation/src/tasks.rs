//! The invocations: the engine's own futures over the model's ports, and what operators do to a journey, written as
//! they must write it (compare and swap, once for each act).

use std::{future::Future, pin::Pin};

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    channel::Channel,
    events::{EventKind, InboundMessage, Provider, ProviderEvent},
    ids::{CampaignId, LeadId, TenantId},
    sending::{
        Reason,
        journey::{EnrolmentState, Journey},
    },
};
use touchline_engine::{
    channel::Compose,
    delivery, enqueue, enrol, facts,
    job::TouchJob,
    ports::{Facts, Journeys, PortError, Saved},
    reply,
    send::{Disposition, Sender},
    timing::INDEX_SETTLE_SECS,
};

use crate::model::{
    ports::Ports,
    provider::{EmailLetters, Letter, SmsLetters},
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
    Box::pin(async move {
        let queued = enqueue::tick(&ports, shard, at, &|| false).await;
        End::Done(queued.map(|_| ()))
    })
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
    /// The lead says something, on a channel on which it has an address.
    Says(Words, Channel),
    /// An operator pauses the lead.
    Hold,
    /// An operator resumes it.
    Resume,
}

/// What a lead says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// It opts out: every address of it is suppressed, the journey stops, one confirmation may go out (REP-2, REP-4a).
    OptOut,
    /// It asks something: the sequence is paused and an answer waits (REP-3, REP-4).
    Question,
    /// A machine says that it is away for so many days (REP-3).
    Away(u8),
}

impl Words {
    fn text(self, channel: Channel, now: DateTime<Utc>) -> String {
        match self {
            Self::OptOut if channel == Channel::Sms => "STOP".to_owned(),
            Self::OptOut => "Please remove me from your list.".to_owned(),
            Self::Question => "What does it cost, and how does it work?".to_owned(),
            Self::Away(days) => {
                let back = now + Duration::days(i64::from(days));
                format!("I am out of the office until {}.", back.format("%-d %B %Y"))
            }
        }
    }
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
    Box::pin(async move {
        End::Done(match change {
            Change::Says(words, channel) => {
                says(&ports, &tenant, &lead, event, words, channel).await
            }
            Change::Hold => {
                operate(&ports, &tenant, &lead, &event, |journey, _| {
                    journey.pause(Reason::Operator, None)
                })
                .await
            }
            Change::Resume => operate(&ports, &tenant, &lead, &event, resume).await,
        })
    })
}

/// What a lead says comes in as its provider tells it, and is read and acted on by the engine.
async fn says(
    ports: &Ports,
    tenant: &TenantId,
    lead: &LeadId,
    event_id: String,
    words: Words,
    channel: Channel,
) -> Result<(), PortError> {
    let Some((profile, _)) = ports.load(tenant, lead).await? else {
        return Ok(());
    };
    let Some(address) = facts::address_of(&profile, channel) else {
        return Ok(());
    };
    let (now, automatic) = (ports.now(), matches!(words, Words::Away(_)));
    let message = InboundMessage {
        channel: Some(channel),
        from: address.as_str().to_owned(),
        text: words.text(channel, now),
        headers: automatic
            .then(|| ("Auto-Submitted".to_owned(), "auto-replied".to_owned()))
            .into_iter()
            .collect(),
        ..InboundMessage::default()
    };
    let event = ProviderEvent {
        event_id,
        provider: Provider::Ses,
        at: now,
        reference: None,
        provider_message_id: None,
        kind: EventKind::Reply(message),
    };
    reply::handle(ports, ports, Some(tenant), &event, "raw", now)
        .await
        .map(|_| ())
}

/// An operator changes a journey.
async fn operate(
    ports: &Ports,
    tenant: &TenantId,
    lead: &LeadId,
    event: &str,
    change: impl Fn(&mut Journey, DateTime<Utc>),
) -> Result<(), PortError> {
    for _ in 0..CHANGE_TRIES {
        let Some((_, mut journey)) = ports.load(tenant, lead).await? else {
            return Ok(());
        };
        let expected = journey.version;
        if !journey.note_event(event) {
            return Ok(());
        }
        change(&mut journey, ports.now());
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
