//! What follows a reply when nobody moves (FUP-1): decided when the reply comes, so that no sweep has to look for it.

use chrono::{DateTime, Utc};
use touchline_domain::{
    inbox::{FollowUp, Reminder, follow_ups},
    replies::{Action, Classification},
    sending::{journey::PendingAnswer, touch::Purpose},
};

use super::{Case, answer, effects};

/// What happens unless somebody moves before (FUP-1).
pub(super) struct Silence {
    /// The message that we write.
    pub write: Option<PendingAnswer>,
    /// Of what a person is reminded, and when.
    pub remind: Option<(Reminder, DateTime<Utc>)>,
}

impl Silence {
    /// What follows a reply that came at `came`; `answer` leaves before it.
    pub fn after(
        case: &Case<'_>,
        action: &Action,
        read: &Classification,
        answer: Option<&PendingAnswer>,
        came: DateTime<Utc>,
    ) -> Self {
        let engagement = effects::engaged(case.journey.engagement, action, read);
        let score = engagement.applied_to(case.lead.als.unwrap_or(0));
        let counts = answer.is_some_and(|answer| answer.purpose == Purpose::Answer);
        let sent = case
            .journey
            .history
            .answers
            .saturating_add(u8::from(counts));
        let mut silence = Self {
            write: None,
            remind: None,
        };
        for follow_up in follow_ups(read, action, score, sent) {
            match follow_up {
                FollowUp::Write { nudge, after } => {
                    silence.write = case
                        .context
                        .as_deref()
                        .and_then(|context| answer::nudge(nudge, after, case, context));
                }
                FollowUp::Remind { reminder, after } => {
                    silence.remind = Some((reminder, came + after));
                }
            }
        }
        silence
    }
}
