//! One conversation, as a person reads it before answering.

use touchline_engine::desk::inbox::{self, Shown};
use touchline_stack::{error::CliError, output::table};

use super::{Desk, One, act::missing};

pub(super) async fn run(desk: &Desk, one: &One) -> Result<(), CliError> {
    let store = &desk.records.store;
    let lead = desk.records.find_lead(&one.tenant, &one.lead).await?;
    let shown = inbox::show(&store.inbox, &store.leads, &one.tenant, &lead, desk.now).await?;
    let shown = shown.ok_or_else(|| CliError::usage(missing(one)))?;
    desk.format.print(&shown, human)
}

fn human(shown: &Shown) -> String {
    let talk = &shown.line.conversation;
    let mut text = format!(
        "{} ({}): {} {}, {}\n",
        shown.name.as_deref().unwrap_or("no name"),
        talk.lead,
        shown.line.priority,
        talk.bucket,
        talk.assignee
            .as_deref()
            .map_or_else(|| "nobody has it".to_owned(), |who| format!("{who} has it")),
    );
    let received = shown.messages.iter().map(|message| {
        vec![
            message.at.to_rfc3339(),
            message.channel.to_string(),
            format!("{} {}", message.intent, message.confidence),
            message.text.clone(),
        ]
    });
    text.push_str(&table(
        &["received", "channel", "read as", "text"],
        received,
    ));
    if !shown.sent.is_empty() {
        let sent = shown.sent.iter().map(|touch| {
            let why = touch.reason.map(|reason| reason.to_string());
            vec![
                touch.at.to_rfc3339(),
                touch.channel.to_string(),
                touch.outcome.to_string(),
                why.unwrap_or_default(),
            ]
        });
        text.push('\n');
        text.push_str(&table(&["ours", "channel", "outcome", "why"], sent));
    }
    for entry in &talk.moves {
        let from = entry
            .from
            .map_or_else(String::new, |from| format!("{from} -> "));
        text.push_str(&format!(
            "\n{} {from}{} by {}",
            entry.at.to_rfc3339(),
            entry.to,
            entry.by
        ));
    }
    text
}
