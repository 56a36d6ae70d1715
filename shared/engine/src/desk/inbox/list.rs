//! The lines of the inbox, the most urgent first.

use chrono::{DateTime, Utc};
use serde::Serialize;
use touchline_domain::{
    ids::TenantId,
    inbox::{Bucket, Conversation, Priority},
};

use super::Conversations;
use crate::ports::PortError;

/// Which lines to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Closed and sleeping ones as well.
    pub all: bool,
    /// Only those in this bucket.
    pub bucket: Option<Bucket>,
    /// Only those that this person has.
    pub assignee: Option<&'a str>,
    /// Only those in which somebody wrote this, in any case.
    pub search: Option<&'a str>,
}

impl Filter<'_> {
    fn takes(&self, talk: &Conversation, now: DateTime<Utc>) -> bool {
        (self.all || talk.is_open(now))
            && self.bucket.is_none_or(|bucket| bucket == talk.bucket)
            && self
                .assignee
                .is_none_or(|who| talk.assignee.as_deref() == Some(who))
    }
}

/// A conversation with what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// How urgent it is.
    pub priority: Priority,
    /// By when a person has to have answered.
    pub answer_by: Option<DateTime<Utc>>,
    /// Nobody has.
    pub late: bool,
    /// The conversation.
    #[serde(flatten)]
    pub conversation: Conversation,
}

impl Line {
    /// The line as it is at `now`.
    #[must_use]
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

/// The lines that a filter takes: the most urgent first, then those due first, then the newest.
///
/// # Errors
/// A port is not available.
pub async fn list<P: Conversations>(
    inbox: &P,
    tenant: &TenantId,
    filter: Filter<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Line>, PortError> {
    let mut lines = Vec::new();
    for talk in inbox.lines(tenant).await? {
        if filter.takes(&talk, now) && says(inbox, &talk, filter.search).await? {
            lines.push(Line::of(talk, now));
        }
    }
    sort(&mut lines);
    Ok(lines)
}

/// Whether one of its messages holds the text, in any case.
async fn says<P: Conversations>(
    inbox: &P,
    talk: &Conversation,
    text: Option<&str>,
) -> Result<bool, PortError> {
    let Some(text) = text.map(str::to_lowercase) else {
        return Ok(true);
    };
    let messages = inbox.messages(&talk.tenant, &talk.lead).await?;
    Ok(messages
        .iter()
        .any(|message| message.text.to_lowercase().contains(&text)))
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

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use touchline_domain::{channel::Channel, ids::LeadId, inbox::InboxMessage};

    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn talk(lead: &str, intent: &str, minutes: i64) -> Conversation {
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
    fn closed_ones_are_shown_only_when_they_are_asked_for() {
        let mut closed = talk("a", "question", 0);
        closed.close();
        let filter = |all| Filter {
            all,
            ..Filter::default()
        };
        assert!(!filter(false).takes(&closed, at(1)));
        assert!(filter(true).takes(&closed, at(1)));
    }
}
