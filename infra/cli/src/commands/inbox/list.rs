//! The lines of the inbox, the most urgent first.

use chrono::{DateTime, TimeDelta, Utc};
use touchline_domain::ids::TenantId;
use touchline_engine::desk::inbox::{self, Filter, Line};
use touchline_stack::{error::CliError, output::table};

use super::{Desk, NONE};

pub(super) async fn run(
    desk: &Desk,
    tenant: &TenantId,
    filter: Filter<'_>,
) -> Result<(), CliError> {
    let lines = inbox::list(&desk.records.store.inbox, tenant, filter, desk.now).await?;
    desk.format.print(&lines, |lines| human(lines, desk.now))
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
mod tests {
    use touchline_domain::{
        channel::Channel,
        ids::LeadId,
        inbox::{Conversation, InboxMessage},
    };

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
    fn an_age_has_two_units() {
        let texts = [0, 59, 61, 1440 * 3 + 65].map(|minutes| age(TimeDelta::minutes(minutes)));
        assert_eq!(texts, ["0m", "59m", "1h01m", "3d01h"]);
    }
}
