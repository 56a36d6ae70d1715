//! What a person does with a conversation.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use touchline_domain::{channel::Channel, inbox::Conversation};
use touchline_engine::reply::by_hand::{self, Words};

use super::{Desk, One, list::Line};
use touchline_stack::error::CliError;

/// Changes the conversation and shows its line.
pub(super) async fn change(
    desk: &Desk,
    one: &One,
    change: impl Fn(&mut Conversation),
) -> Result<(), CliError> {
    let lead = desk.records.find_lead(&one.tenant, &one.lead).await?;
    let changed = desk
        .records
        .store
        .change_conversation(&one.tenant, &lead, change)
        .await
        .map_err(anyhow::Error::new)?;
    let line = Line::of(changed.ok_or_else(|| missing(one))?, desk.now);
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

/// Closes it; what was to be done about it is done.
pub(super) async fn close(desk: &Desk, one: &One) -> Result<(), CliError> {
    end_tasks(desk, one).await?;
    change(desk, one, Conversation::close).await
}

/// Answers it. The words are in the journey before the conversation counts as answered.
pub(super) async fn reply(
    desk: &Desk,
    one: &One,
    text: &str,
    channel: Option<Channel>,
) -> Result<(), CliError> {
    if text.trim().is_empty() {
        return Err(CliError::usage("an answer without words is not sent"));
    }
    let store = &desk.records.store;
    let lead = desk.records.find_lead(&one.tenant, &one.lead).await?;
    let talk = store
        .conversation(&one.tenant, &lead)
        .await
        .map_err(anyhow::Error::new)?
        .ok_or_else(|| missing(one))?;
    let words = Words {
        channel: channel.unwrap_or(talk.channel),
        text,
        by: &one.actor,
    };
    let touch = by_hand::answer(store, &one.tenant, &lead, words, desk.now)
        .await
        .map_err(anyhow::Error::new)?
        .ok_or_else(|| CliError::usage(format!("lead {lead} is in no campaign")))?;
    end_tasks(desk, one).await?;
    store
        .change_conversation(&one.tenant, &lead, Conversation::answered)
        .await
        .map_err(anyhow::Error::new)?;
    let report = json!({ "lead": lead, "touch": touch, "channel": words.channel });
    desk.format.print(&report, |_| {
        format!(
            "queued on {} as {touch}; it leaves when the gate lets it",
            words.channel
        )
    })
}

async fn end_tasks(desk: &Desk, one: &One) -> Result<(), CliError> {
    let lead = desk.records.find_lead(&one.tenant, &one.lead).await?;
    desk.records
        .store
        .finish_tasks_of(&one.tenant, &lead, &one.actor, desk.now)
        .await
        .map_err(anyhow::Error::new)?;
    Ok(())
}

/// The moment that lies `span` ahead.
pub(super) fn after(
    now: DateTime<Utc>,
    span: std::time::Duration,
) -> Result<DateTime<Utc>, CliError> {
    TimeDelta::from_std(span)
        .ok()
        .and_then(|span| now.checked_add_signed(span))
        .ok_or_else(|| CliError::usage("that is longer than can be counted"))
}

pub(super) fn missing(one: &One) -> CliError {
    CliError::usage(format!(
        "tenant {} has no conversation with {}",
        one.tenant, one.lead
    ))
}
