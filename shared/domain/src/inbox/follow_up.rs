//! What happens when a conversation falls silent (FUP-1): a follow-up message after some hours, or a reminder to a
//! person. Both are planned when the reply comes and dropped when somebody acts before their time. At most three
//! messages go to one lead.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::{
    replies::{Action, Classification, EnrolmentPhase, Intent, REVIEW_BELOW},
    scoring::tier::Tier,
    sending::gate::MAX_FOLLOW_UPS,
};

/// Silence after an e-mail address was given (FUP-1).
const CAPTURED_HOURS: i64 = 24;
/// Silence after interest without an e-mail address (FUP-1).
const INTERESTED_HOURS: i64 = 2;
/// How long a question may wait for a person (FUP-1).
pub(super) const QUESTION_HOURS: i64 = 1;
/// How long a hot lead who wrote may wait for a person (FUP-1).
pub(super) const HOT_HOURS: i64 = 2;

/// A follow-up message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nudge {
    /// Did what we sent arrive?
    AfterCapture,
    /// Where may we send it?
    AskForEmail,
}

/// What a person is reminded of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// A question waits for a person's answer.
    UnansweredQuestion,
    /// A hot lead waits for a call.
    HotLead,
}

/// A follow-up that happens unless somebody acts before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowUp {
    /// A message of ours.
    Write {
        /// The message.
        nudge: Nudge,
        /// How long after the reply.
        after: Duration,
    },
    /// A reminder to a person.
    Remind {
        /// What the person is reminded of.
        reminder: Reminder,
        /// How long after the reply.
        after: Duration,
    },
}

/// The follow-up to a reply that is left without another. `score` is the lead's score after the reply; `sent` counts
/// our automatic messages in this conversation, which share one limit with the answers (REP-4).
///
/// Nothing follows an automatic reply, an opt-out, or a reply that a person reviews anyway.
#[must_use]
pub fn follow_ups(read: &Classification, action: &Action, score: u8, sent: u8) -> Vec<FollowUp> {
    let ends = action.suppress.is_some() || action.phase == EnrolmentPhase::Stopped;
    if read.automatic || ends || read.confidence < REVIEW_BELOW {
        return Vec::new();
    }
    let write = nudge(read, action).filter(|_| sent < MAX_FOLLOW_UPS);
    let remind = reminder(read, action, score);
    write
        .map(|(nudge, after)| FollowUp::Write { nudge, after })
        .into_iter()
        .chain(remind.map(|(reminder, after)| FollowUp::Remind { reminder, after }))
        .collect()
}

fn nudge(read: &Classification, action: &Action) -> Option<(Nudge, Duration)> {
    if action.gold {
        return Some((Nudge::AfterCapture, Duration::hours(CAPTURED_HOURS)));
    }
    (read.intent == Intent::PositiveEngagement)
        .then(|| (Nudge::AskForEmail, Duration::hours(INTERESTED_HOURS)))
}

fn reminder(read: &Classification, action: &Action, score: u8) -> Option<(Reminder, Duration)> {
    if read.intent == Intent::Question {
        return Some((
            Reminder::UnansweredQuestion,
            Duration::hours(QUESTION_HOURS),
        ));
    }
    // A call that is queued already needs no second one.
    let called_anyway = action.task == Some(crate::replies::Task::CallQueue);
    let welcome = matches!(
        read.intent,
        Intent::MeetingInterest | Intent::PositiveEngagement
    );
    (welcome && !called_anyway && Tier::of(score) == Tier::Hot)
        .then(|| (Reminder::HotLead, Duration::hours(HOT_HOURS)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channel::Channel,
        replies::{Reply, act, classify},
    };

    fn after(text: &str, score: u8, sent: u8) -> Vec<FollowUp> {
        let read = classify(&Reply::new(Channel::Email, text));
        let action = act(EnrolmentPhase::Active, false, &read);
        follow_ups(&read, &action, score, sent)
    }

    #[test]
    fn fup_1_a_captured_address_is_followed_by_a_message_after_a_day_of_silence() {
        let captured = FollowUp::Write {
            nudge: Nudge::AfterCapture,
            after: Duration::hours(24),
        };
        let text = "Sure, send it to ana@redgum.example";
        assert_eq!(after(text, 60, 0), [captured]);
        assert_eq!(after(text, 60, 2), [captured]);
    }

    #[test]
    fn fup_1_interest_without_an_address_is_asked_for_one_after_two_hours() {
        let asked = FollowUp::Write {
            nudge: Nudge::AskForEmail,
            after: Duration::hours(2),
        };
        assert_eq!(after("Sounds good, I am interested", 60, 0), [asked]);
    }

    #[test]
    fn fup_1_a_question_reminds_a_person_after_an_hour() {
        let reminded = FollowUp::Remind {
            reminder: Reminder::UnansweredQuestion,
            after: Duration::hours(1),
        };
        assert_eq!(after("How much does it cost?", 60, 0), [reminded]);
    }

    #[test]
    fn fup_1_a_hot_lead_that_nobody_contacts_is_given_to_a_person_after_two_hours() {
        let reminded = FollowUp::Remind {
            reminder: Reminder::HotLead,
            after: Duration::hours(2),
        };
        let text = "Yes, can we meet on Tuesday?";
        assert!(after(text, 85, 0).contains(&reminded));
        assert!(!after(text, 84, 0).contains(&reminded));
    }

    #[test]
    fn fup_1_a_fourth_message_is_not_written() {
        assert_eq!(after("Sounds good, I am interested", 60, 3), []);
    }

    #[test]
    fn rep_2_an_opt_out_is_followed_by_nothing() {
        for text in [
            "STOP",
            "Not interested, thanks",
            "You have the wrong person",
        ] {
            assert_eq!(after(text, 100, 0), [], "{text}");
        }
    }
}
