//! The words of the call queue (CALL-1): why somebody is called, how urgent that is, and how a call can end.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Why a person calls a lead.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
pub enum CallCause {
    /// The lead called us and expects to be called back.
    CalledUs,
    /// The lead gave an e-mail address (REP-5).
    GoldLabel,
}

impl CallCause {
    /// Its place in the queue; 0 is called first.
    #[must_use]
    pub fn priority(self) -> u8 {
        match self {
            Self::CalledUs => 0,
            Self::GoldLabel => 1,
        }
    }
}

/// The outcome of a call.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
pub enum CallOutcome {
    /// A meeting was agreed.
    Meeting,
    /// They want to hear more.
    Interested,
    /// They want to be called another time.
    CallBack,
    /// Nobody picked up.
    NoAnswer,
    /// A message was left.
    Voicemail,
    /// Declined.
    NotInterested,
    /// The number reaches somebody else.
    WrongNumber,
    /// They ask never to be contacted again.
    OptOut,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn call_1_who_called_us_comes_first_and_nobody_shares_a_place() {
        use strum::IntoEnumIterator as _;

        let mut places: Vec<u8> = CallCause::iter().map(CallCause::priority).collect();
        assert_eq!(CallCause::CalledUs.priority(), 0);
        places.dedup();
        assert_eq!(places.len(), CallCause::iter().count());
    }
}
