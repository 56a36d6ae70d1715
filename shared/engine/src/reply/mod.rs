//! A reply, from the event to what it changes (REP-1..REP-5).
//!
//! Order matters: an opt-out suppresses the lead's addresses before anything else is written, so that whatever is being
//! sent at the moment finds the suppression. Every step is written so that a second time changes nothing (HOOK-3).
//! Sends nothing: an answer is put into the journey and leaves through the channel queue and the gate.

mod answer;
pub mod by_hand;
mod effects;
pub mod find;
pub mod refine;
mod silence;
mod tasks;

use std::{future::Future, sync::Arc};

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    contact::Address,
    events::{EventKind, InboundMessage, ProviderEvent},
    ids::{LeadId, TenantId},
    inbox::{InboxMessage, Task},
    replies::{self, Action, AutoHeaders, Classification, EnrolmentPhase, Intent, Reply},
    sending::{
        Reason,
        journey::{EnrolmentState, Journey, PendingAnswer},
        lead::Lead,
        touch::{Purpose, Signal},
    },
};

use crate::{
    delivery::change,
    enrol, facts,
    job::TouchJob,
    ports::{ChannelQueues, Context, Facts, Journeys, PortError, Suppressions},
};
use find::{Members, NoMembers, Sender};
use refine::{NoReader, Reader, Unsure};
use silence::Silence;

/// What became of a message that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It was new.
    New,
    /// It was there.
    Before {
        /// The time of the copy that is there.
        at: DateTime<Utc>,
    },
}

/// Where conversations are kept, and how a lead is found.
pub trait Inbox: Sync {
    /// Keeps a message, once for its id: another copy of it may carry another time, as a provider's list does whose
    /// webhook has none.
    fn keep_message(
        &self,
        message: &InboxMessage,
    ) -> impl Future<Output = Result<Kept, PortError>> + Send;

    /// Keeps a task; the same one again changes nothing.
    fn keep_task(&self, task: &Task) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Keeps an event that belongs to no lead (HOOK-4).
    fn keep_unmatched(
        &self,
        event: &ProviderEvent,
        raw_key: &str,
        received_at: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// The lead that a tenant reaches at an address.
    fn lead_at(
        &self,
        tenant: &TenantId,
        address: &Address,
    ) -> impl Future<Output = Result<Option<LeadId>, PortError>> + Send;

    /// The tenant whose resource has one of our addresses.
    fn tenant_of_sender(
        &self,
        address: &str,
    ) -> impl Future<Output = Result<Option<TenantId>, PortError>> + Send;

    /// Creates a lead, unless there is one (REP-3, referral).
    fn create_lead(&self, lead: &Lead) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// Fetches the body of a message whose webhook carries none.
pub trait Bodies: Sync {
    /// The full message; an error means: come back later.
    fn fetch(
        &self,
        event: &ProviderEvent,
        id: &str,
    ) -> impl Future<Output = Result<InboundMessage, PortError>> + Send;
}

/// What became of a reply.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Handled {
    /// It was read and acted on.
    Acted {
        /// Whose lead wrote.
        tenant: TenantId,
        /// Who wrote.
        lead: LeadId,
        /// As what it was read.
        intent: Intent,
        /// How surely.
        confidence: u8,
        /// It ended all contact.
        opted_out: bool,
        /// Somebody has to be told at once.
        alert: bool,
    },
    /// It belongs to no lead of ours; kept (HOOK-4).
    Unmatched,
    /// It is not a reply.
    NotAReply,
}

/// Everything that one reply is judged by.
struct Case<'a> {
    sender: Sender,
    lead: Lead,
    journey: Journey,
    context: Option<Arc<Context>>,
    event: &'a ProviderEvent,
    channel: Channel,
    received_at: DateTime<Utc>,
    raw_key: &'a str,
}

/// Handles one event of the reply queue, by the rules alone.
///
/// # Errors
/// A port is not available: the event goes back to the queue.
pub async fn handle<P, B>(
    ports: &P,
    bodies: &B,
    tenant: Option<&TenantId>,
    event: &ProviderEvent,
    raw_key: &str,
    received_at: DateTime<Utc>,
) -> Result<Handled, PortError>
where
    P: Inbox + Journeys + Suppressions + Facts + ChannelQueues,
    B: Bodies,
{
    let without = Reading {
        bodies,
        reader: &NoReader,
        members: &NoMembers,
    };
    handle_with(ports, &without, tenant, event, raw_key, received_at).await
}

/// How a reply is read: where its body comes from, who is asked when the rules are unsure, and who knows its sender.
#[derive(Debug)]
pub struct Reading<'a, B, R, M> {
    /// Fetches bodies.
    pub bodies: &'a B,
    /// The model, or [`NoReader`].
    pub reader: &'a R,
    /// Who is who on LinkedIn, or [`NoMembers`].
    pub members: &'a M,
}

/// [`handle`], with a model for what the rules are unsure of (REP-4).
///
/// # Errors
/// As [`handle`].
pub async fn handle_with<P, B, R, M>(
    ports: &P,
    reading: &Reading<'_, B, R, M>,
    tenant: Option<&TenantId>,
    event: &ProviderEvent,
    raw_key: &str,
    received_at: DateTime<Utc>,
) -> Result<Handled, PortError>
where
    P: Inbox + Journeys + Suppressions + Facts + ChannelQueues,
    B: Bodies,
    R: Reader,
    M: Members,
{
    let EventKind::Reply(message) = &event.kind else {
        return Ok(Handled::NotAReply);
    };
    let fetched;
    let message = match &message.fetch_id {
        Some(id) if message.text.is_empty() => {
            fetched = reading.bodies.fetch(event, id).await?;
            &fetched
        }
        _ => message,
    };
    let Some(channel) = message.channel else {
        return Ok(Handled::NotAReply);
    };
    let found = find::find(ports, reading.members, tenant, event, message, channel).await?;
    let loaded = match &found {
        Some(sender) => ports.load(&sender.tenant, &sender.lead).await?,
        None => None,
    };
    let (Some(sender), Some((lead, journey))) = (found, loaded) else {
        ports.keep_unmatched(event, raw_key, received_at).await?;
        return Ok(Handled::Unmatched);
    };
    let context = match journey.enrolments.last() {
        Some(enrolment) => ports.context(&sender.tenant, &enrolment.campaign).await?,
        None => None,
    };
    let case = Case {
        sender,
        lead,
        journey,
        context,
        event,
        channel,
        received_at,
        raw_key,
    };
    let unsure = Unsure {
        tenant: &case.sender.tenant,
        lead: &case.sender.lead,
        journey: &case.journey,
        event_id: &case.event.event_id,
        channel,
        text: &message.text,
    };
    let read = refine::refine(ports, reading.reader, &unsure, classify(&case, message)).await?;
    act(ports, &case, message, read).await
}

async fn act<P>(
    ports: &P,
    case: &Case<'_>,
    message: &InboundMessage,
    read: Classification,
) -> Result<Handled, PortError>
where
    P: Inbox + Journeys + Suppressions + Facts + ChannelQueues,
{
    let opted_out_before = is_opted_out(ports, case).await?;
    // The address may have been opted out by another lead who shares it, and this one has others: an opt-out always
    // takes effect. Only its confirmation is not repeated (REP-2, REP-4a).
    let says_it_again = opted_out_before && read.opt_out;
    let phase = phase_of(&case.journey);
    let mut action = replies::act(phase, opted_out_before && !read.opt_out, &read);
    action.answer = action.answer.filter(|_| !says_it_again);
    if let Some(reason) = action.suppress {
        effects::suppress_everywhere(ports, case, reason).await?;
    }
    if action.restore {
        effects::restore(ports, case).await?;
    }
    // Every copy of a message counts from the same moment, so that what it leaves to do exists once (HOOK-3).
    let came = match ports
        .keep_message(&inbox_message(case, message, &read))
        .await?
    {
        Kept::New => case.event.at,
        Kept::Before { at } => at,
    };
    if let Some(touch) = &case.sender.touch {
        ports
            .add_signal(
                &case.sender.tenant,
                &case.sender.lead,
                touch,
                Signal::Replied,
                case.event.at,
            )
            .await?;
    }
    action.answer = action
        .answer
        .filter(|kind| !answer::is_too_late(*kind, came, case.received_at));
    let answer = draft_answer(case, &action);
    let silence = Silence::after(case, &action, &read, answer.as_ref(), came);
    let (tenant, lead) = (&case.sender.tenant, &case.sender.lead);
    change(ports, tenant, lead, |journey| {
        effects::apply(
            journey,
            case,
            &action,
            &read,
            answer.as_ref(),
            silence.write.as_ref(),
        )
    })
    .await?;
    if let Some(answer) = answer.filter(|a| a.purpose == Purpose::Confirmation) {
        // Within five minutes or not at all (R35): it does not wait for the next tick.
        let job = TouchJob::V1 {
            tenant: case.sender.tenant.clone(),
            lead: case.sender.lead.clone(),
            due_at: answer.due_at,
        };
        ports.send(case.channel, &[(job, 0)]).await?;
    }
    for task in tasks::of(case, &action, &read, silence.remind.as_ref(), came) {
        ports.keep_task(&task).await?;
    }
    if action.new_lead
        && let Some(lead) = effects::referred_lead(case, &read)
    {
        ports.create_lead(&lead).await?;
    }
    Ok(Handled::Acted {
        tenant: case.sender.tenant.clone(),
        lead: case.sender.lead.clone(),
        intent: read.intent,
        confidence: read.confidence,
        opted_out: action.suppress == Some(replies::SuppressReason::OptOut),
        alert: action.alert.is_some(),
    })
}

fn classify(case: &Case<'_>, message: &InboundMessage) -> Classification {
    replies::classify(&Reply {
        channel: case.channel,
        text: &message.text,
        subject: message.subject.as_deref(),
        headers: auto_headers(message),
        received_at: Some(case.event.at),
        region: case.lead.country,
    })
}

/// The header fields that tell a machine from a person (R29).
fn auto_headers(message: &InboundMessage) -> AutoHeaders<'_> {
    let field = |name: &str| {
        message
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    };
    AutoHeaders {
        auto_submitted: field("Auto-Submitted"),
        precedence: field("Precedence"),
        autoreply: ["X-Autoreply", "X-Autorespond", "X-Auto-Reply"]
            .into_iter()
            .any(|name| field(name).is_some()),
        null_return_path: field("Return-Path").is_some_and(|path| path.trim() == "<>"),
        report: field("Content-Type").is_some_and(|t| {
            t.trim()
                .to_ascii_lowercase()
                .starts_with("multipart/report")
        }),
    }
}

/// Whether the address that the reply came from is opted out. One that is suppressed because it bounced is not, as long
/// as its lead is not: somebody writes from it.
async fn is_opted_out<P: Facts>(ports: &P, case: &Case<'_>) -> Result<bool, PortError> {
    let Some(address) = facts::address_of(&case.lead, case.channel) else {
        return Ok(false);
    };
    let known = ports
        .address(&case.sender.tenant, &address.hash(), None)
        .await?;
    // A repetition of the very event that suppressed it is not a second opt-out.
    let event = &case.event.event_id;
    let ended = enrol::opted_out(&case.journey) && !case.journey.events.contains(event);
    Ok(known.suppressions.iter().any(|s| {
        s.forbids(case.channel) && s.actor != *event && (ended || s.reason != Reason::Bounced)
    }))
}

fn phase_of(journey: &Journey) -> EnrolmentPhase {
    match journey.enrolments.last().map(|e| &e.state) {
        Some(EnrolmentState::Active) => EnrolmentPhase::Active,
        Some(EnrolmentState::Paused { .. }) => EnrolmentPhase::Paused,
        Some(EnrolmentState::Stopped { .. }) => EnrolmentPhase::Stopped,
        Some(EnrolmentState::Completed) | None => EnrolmentPhase::Completed,
    }
}

fn draft_answer(case: &Case<'_>, action: &Action) -> Option<PendingAnswer> {
    answer::draft(action.answer?, case, case.context.as_deref()?)
}

fn inbox_message(case: &Case<'_>, message: &InboundMessage, read: &Classification) -> InboxMessage {
    InboxMessage {
        id: case.event.event_id.clone(),
        tenant: case.sender.tenant.clone(),
        lead: case.sender.lead.clone(),
        at: case.event.at,
        channel: case.channel,
        subject: message.subject.clone(),
        text: message.text.clone(),
        intent: read.intent.as_str().to_owned(),
        confidence: read.confidence,
        evidence: read.evidence.clone(),
        automatic: read.automatic,
        raw_key: case.raw_key.to_owned(),
    }
}
