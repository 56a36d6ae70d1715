//! What a person does with a conversation.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use touchline_domain::{channel::Channel, ids::LeadId, inbox::Bucket};
use touchline_engine::desk::inbox::{self, Answer, Line, Replied, Which};
use touchline_stack::{error::CliError, outcome};

use super::{Desk, One};

/// What is done with it besides answering.
pub(super) enum Act<'a> {
    Assign(Option<&'a str>),
    Read,
    Snooze(std::time::Duration),
    File(Bucket),
    Close,
}

/// Does it and shows the conversation's line.
pub(super) async fn run(desk: &Desk, one: &One, act: Act<'_>) -> Result<(), CliError> {
    let (store, by) = (&desk.records.store.inbox, one.who.actor());
    let lead = desk.records.find_lead(&one.tenant, &one.lead).await?;
    let which = latest(one, &lead);
    let changed = match act {
        Act::Assign(to) => inbox::assign(store, &by, which, to).await,
        Act::Read => inbox::read(store, &by, which).await,
        Act::Snooze(span) => inbox::snooze(store, &by, which, after(desk.now, span)?).await,
        Act::File(bucket) => inbox::file(store, &by, which, bucket, desk.now).await,
        Act::Close => inbox::close(store, &by, which, desk.now).await,
    };
    let talk = outcome::changed(changed?, &name(one), &missing(one), |_| String::new())?;
    let line = Line::of(talk.value, desk.now);
    desk.format.print(&line, |line| {
        let talk = &line.conversation;
        format!(
            "{}: {} {}, {} new, {}",
            talk.lead,
            line.priority,
            talk.bucket,
            talk.unread,
            talk.assignee.as_deref().unwrap_or("nobody has it")
        )
    })
}

/// Answers it.
pub(super) async fn reply(
    desk: &Desk,
    one: &One,
    text: &str,
    channel: Option<Channel>,
) -> Result<(), CliError> {
    let (store, by) = (&desk.records.store, one.who.actor());
    let lead = desk.records.find_lead(&one.tenant, &one.lead).await?;
    let (which, answer) = (latest(one, &lead), Answer { text, channel });
    match inbox::reply(&store.inbox, store, &by, which, answer, desk.now).await? {
        Replied::Queued { touch, channel, .. } => {
            let report = json!({ "lead": lead, "touch": touch, "channel": channel });
            desk.format.print(&report, |_| {
                format!("queued on {channel} as {touch}; it leaves when the gate lets it")
            })
        }
        Replied::NoWords => Err(CliError::usage("an answer without words is not sent")),
        Replied::InNoCampaign => Err(CliError::usage(format!("lead {lead} is in no campaign"))),
        Replied::Contended(_) => Err(outcome::contended(&name(one))),
        Replied::NoSuch => Err(CliError::usage(missing(one))),
    }
}

/// The conversation as it is when the act is made.
fn latest<'a>(one: &'a One, lead: &'a LeadId) -> Which<'a> {
    Which {
        tenant: &one.tenant,
        lead,
        seen: None,
    }
}

/// The moment that lies `span` ahead.
fn after(now: DateTime<Utc>, span: std::time::Duration) -> Result<DateTime<Utc>, CliError> {
    TimeDelta::from_std(span)
        .ok()
        .and_then(|span| now.checked_add_signed(span))
        .ok_or_else(|| CliError::usage("that is longer than can be counted"))
}

fn name(one: &One) -> String {
    format!("the conversation with {}", one.lead)
}

pub(super) fn missing(one: &One) -> String {
    format!(
        "tenant {} has no conversation with {}",
        one.tenant, one.lead
    )
}
