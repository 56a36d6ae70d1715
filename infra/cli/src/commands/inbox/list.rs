//! The lines of the inbox, the most urgent first.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use touchline_domain::{
    ids::TenantId,
    inbox::{Bucket, Conversation, Priority},
};

use super::{Desk, NONE};
use touchline_stack::{error::CliError, output::table};

/// Which lines.
pub struct Wanted<'a> {
    /// Closed and sleeping ones as well.
    pub all: bool,
    /// Of this bucket.
    pub bucket: Option<Bucket>,
    /// Of this person.
    pub assignee: Option<&'a str>,
    /// With this text in a message.
    pub search: Option<&'a str>,
}

impl Wanted<'_> {
    fn takes(&self, talk: &Conversation, now: DateTime<Utc>) -> bool {
        (self.all || talk.is_open(now))
            && self.bucket.is_none_or(|bucket| bucket == talk.bucket)
            && self
                .assignee
                .is_none_or(|who| talk.assignee.as_deref() == Some(who))
    }
}

/// A line with what follows from it.
#[derive(Debug, Serialize)]
pub struct Line {
    /// How urgent it is.
    pub priority: Priority,
    /// By when a person has to have answered.
    pub answer_by: Option<DateTime<Utc>>,
    /// Nobody did.
    pub late: bool,
    /// The conversation.
    #[serde(flatten)]
    pub conversation: Conversation,
}

impl Line {
    /// The line as it is at `now`.
    pub fn of(conversation: Conversation, now: DateTime<Utc>) -> Self {
        let answer_by = conversation.answer_by();
        Self {
            priority: conversation.priority(),
            answer_by,
            late: answer_by.is_some_and(|by| by < now),
            conversation,
        }
    }
}

pub(super) async fn run(
    desk: &Desk,
    tenant: &TenantId,
    wanted: &Wanted<'_>,
) -> Result<(), CliError> {
    let store = &desk.records.store;
    let mut lines = Vec::new();
    for talk in store
        .conversations(tenant)
        .await
        .map_err(anyhow::Error::new)?
    {
        if !wanted.takes(&talk, desk.now) {
            continue;
        }
        if let Some(text) = wanted.search
            && !says(desk, &talk, text).await?
        {
            continue;
        }
        lines.push(Line::of(talk, desk.now));
    }
    sort(&mut lines);
    desk.format.print(&lines, |lines| human(lines, desk.now))
}

/// Whether one of its messages holds the text, in any case.
async fn says(desk: &Desk, talk: &Conversation, text: &str) -> Result<bool, CliError> {
    let wanted = text.to_lowercase();
    let messages = desk
        .records
        .store
        .messages(&talk.tenant, &talk.lead)
        .await
        .map_err(anyhow::Error::new)?;
    Ok(messages
        .iter()
        .any(|message| message.text.to_lowercase().contains(&wanted)))
}

fn sort(lines: &mut [Line]) {
    lines.sort_by(|a, b| {
        let urgency = |line: &Line| {
            (
                line.priority,
                line.answer_by.unwrap_or(DateTime::<Utc>::MAX_UTC),
            )
        };
        urgency(a)
            .cmp(&urgency(b))
            .then(b.conversation.last_at.cmp(&a.conversation.last_at))
    });
}

fn human(lines: &[Line], now: DateTime<Utc>) -> String {
    if lines.is_empty() {
        return "nothing waits".to_owned();
    }
    let rows = lines.iter().map(|line| {
        let talk = &line.conversation;
        vec![
            age(now - talk.waiting_since.unwrap_or(talk.last_at)),
            line.priority.to_string(),
            talk.bucket.to_string(),
            talk.channel.to_string(),
            talk.intent.clone(),
            talk.unread.to_string(),
            answer_by(line, now),
            talk.assignee.clone().unwrap_or_else(|| NONE.to_owned()),
            talk.lead.to_string(),
        ]
    });
    table(
        &[
            "age", "urgency", "bucket", "channel", "intent", "new", "answer", "who", "lead",
        ],
        rows,
    )
}

fn answer_by(line: &Line, now: DateTime<Utc>) -> String {
    match line.answer_by {
        None => NONE.to_owned(),
        Some(by) if line.late => format!("LATE {}", age(now - by)),
        Some(by) => format!("in {}", age(by - now)),
    }
}

/// The two largest units of a length of time.
pub(in crate::commands) fn age(span: TimeDelta) -> String {
    let minutes = span.num_minutes().max(0);
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{rest}m"),
        (0, hours) => format!("{hours}h{rest:02}m"),
        (days, hours) => format!("{days}d{hours:02}h"),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use touchline_domain::{channel::Channel, ids::LeadId, sending::inbox::InboxMessage};

    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    pub fn talk(lead: &str, intent: &str, minutes: i64) -> Conversation {
        let tenant: TenantId = "acme".parse().unwrap();
        Conversation::begin(&InboxMessage {
            id: "e1".to_owned(),
            lead: LeadId::derive(&tenant, lead),
            tenant,
            at: at(minutes),
            channel: Channel::Sms,
            subject: None,
            text: String::new(),
            intent: intent.to_owned(),
            confidence: 95,
            evidence: Vec::new(),
            automatic: false,
            raw_key: String::new(),
        })
    }

    #[test]
    fn what_is_due_first_stands_first_within_its_urgency() {
        let mut lines: Vec<Line> = [
            talk("a", "thank_you", 50),
            talk("b", "positive_engagement", 0),
            talk("c", "question", 30),
            talk("d", "question", 10),
            talk("e", "meeting_interest", 0),
        ]
        .into_iter()
        .map(|talk| Line::of(talk, at(60)))
        .collect();
        sort(&mut lines);
        let intents: Vec<(&str, i64)> = lines
            .iter()
            .map(|line| {
                let talk = &line.conversation;
                (talk.intent.as_str(), talk.last_at.timestamp() / 60)
            })
            .collect();
        assert_eq!(
            intents,
            [
                ("question", 10),
                ("question", 30),
                ("meeting_interest", 0),
                ("positive_engagement", 0),
                ("thank_you", 50),
            ]
        );
    }

    #[test]
    fn what_is_late_is_marked_and_the_table_keeps_to_a_hundred_columns() {
        let mut late = talk("a", "question", 0);
        late.assign(Some("benjamin"));
        let on_time = talk("b", "positive_engagement", 60);
        let lines = [late, on_time].map(|talk| Line::of(talk, at(95)));
        let text = human(&lines, at(95));
        assert!(text.contains("LATE") && text.contains("35m"), "{text}");
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 100, "{widest}");
    }

    #[test]
    fn closed_ones_are_shown_only_when_they_are_asked_for() {
        let mut closed = talk("a", "question", 0);
        closed.close();
        let wanted = |all| Wanted {
            all,
            bucket: None,
            assignee: None,
            search: None,
        };
        assert!(!wanted(false).takes(&closed, at(1)));
        assert!(wanted(true).takes(&closed, at(1)));
    }

    #[test]
    fn an_age_has_two_units() {
        let texts = [0, 59, 61, 1440 * 3 + 65].map(|minutes| age(TimeDelta::minutes(minutes)));
        assert_eq!(texts, ["0m", "59m", "1h01m", "3d01h"]);
    }
}
