//! The bucket of a reply, how urgent it is, and how soon a person has to answer (INB-1, FUP-1).

use chrono::Duration;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::{
    follow_up::{HOT_HOURS, QUESTION_HOURS},
    record::InboxMessage,
};
use crate::replies::{Intent, REVIEW_BELOW};

/// Time limit for everything else that waits for a person.
const OTHER_HOURS: i64 = 24;

/// How urgent a conversation is; the most urgent sorts first.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Priority {
    /// Wants something of us, or is upset: today.
    Hot,
    /// A person has to read it.
    Warm,
    /// Nobody waits for an answer.
    Cold,
}

/// The response buckets (INB-1). A reply moves its conversation from one to another; so may a person.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Bucket {
    /// Complained or threatened: only a person answers (REP-3).
    Complaint,
    /// Wants a meeting, called, or gave an address (REP-5).
    Hot,
    /// Asked something.
    Question,
    /// Answered with interest.
    Interested,
    /// Not understood well enough to act on (REP-3).
    Review,
    /// Named somebody else.
    Referral,
    /// Away, or an automatic answer.
    Away,
    /// Declined.
    NotInterested,
    /// Not the person we meant.
    WrongPerson,
    /// Asked not to be contacted again.
    OptedOut,
    /// Said thank you, and nothing else.
    Thanks,
}

impl Bucket {
    /// Where a message belongs. One that was read below the threshold of REP-3 belongs to a person, unless it ends all
    /// contact, which it does at any confidence (REP-2).
    #[must_use]
    pub fn of(message: &InboxMessage) -> Self {
        let Ok(intent) = message.intent.parse::<Intent>() else {
            return Self::Review;
        };
        if intent == Intent::OptOut {
            return Self::OptedOut;
        }
        if message.automatic {
            return Self::Away;
        }
        if intent == Intent::AngryOrComplaint {
            return Self::Complaint;
        }
        if message.confidence < REVIEW_BELOW {
            return Self::Review;
        }
        Self::of_intent(intent)
    }

    fn of_intent(intent: Intent) -> Self {
        match intent {
            Intent::OptOut => Self::OptedOut,
            Intent::AngryOrComplaint => Self::Complaint,
            Intent::WrongPerson => Self::WrongPerson,
            Intent::NotInterested => Self::NotInterested,
            Intent::OutOfOffice | Intent::Bounce => Self::Away,
            Intent::MeetingInterest | Intent::EmailCapture | Intent::CalledPhoneLine => Self::Hot,
            Intent::Referral => Self::Referral,
            Intent::Question => Self::Question,
            Intent::PositiveEngagement => Self::Interested,
            Intent::ThankYou => Self::Thanks,
            Intent::Other => Self::Review,
        }
    }

    /// How urgent conversations in this bucket are.
    #[must_use]
    pub fn priority(self) -> Priority {
        match self {
            Self::Complaint | Self::Hot | Self::Question => Priority::Hot,
            Self::Interested | Self::Review | Self::Referral => Priority::Warm,
            Self::Away
            | Self::NotInterested
            | Self::WrongPerson
            | Self::OptedOut
            | Self::Thanks => Priority::Cold,
        }
    }

    /// How soon a person has to answer; none where nobody waits for an answer.
    #[must_use]
    pub fn answer_within(self) -> Option<Duration> {
        let hours = match self {
            Self::Complaint | Self::Question => QUESTION_HOURS,
            Self::Hot => HOT_HOURS,
            Self::Interested | Self::Review | Self::Referral => OTHER_HOURS,
            Self::Away
            | Self::NotInterested
            | Self::WrongPerson
            | Self::OptedOut
            | Self::Thanks => return None,
        };
        Some(Duration::hours(hours))
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;
    use crate::inbox::conversation::tests::message;

    #[test]
    fn only_what_is_cold_waits_for_nobody() {
        for bucket in Bucket::iter() {
            let waits = bucket.answer_within().is_some();
            assert_eq!(waits, bucket.priority() != Priority::Cold, "{bucket}");
        }
    }

    #[test]
    fn rep_3_what_is_not_understood_goes_to_a_person_and_an_opt_out_does_not_wait_for_one() {
        let of = |intent, confidence| {
            Bucket::of(&InboxMessage {
                confidence,
                ..message("e1", intent, 0)
            })
        };
        assert_eq!(of("question", 70), Bucket::Question);
        assert_eq!(of("question", 69), Bucket::Review);
        assert_eq!(of("opt_out", 10), Bucket::OptedOut);
        assert_eq!(of("angry_or_complaint", 10), Bucket::Complaint);
        assert_eq!(of("a word of tomorrow", 99), Bucket::Review);
    }

    #[test]
    fn r29_a_machine_waits_for_nobody() {
        let mut away = message("e1", "meeting_interest", 0);
        away.automatic = true;
        assert_eq!(Bucket::of(&away), Bucket::Away);
    }
}
