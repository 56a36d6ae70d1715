//! The call queue (CALL-1): whom to call, why, how urgent that is, and how a call can end.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{LeadId, TenantId};

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

/// Someone to be called by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Derived from what caused it, so that it exists once.
    pub id: String,
    /// The tenant that the lead belongs to.
    pub tenant: TenantId,
    /// Whom to call.
    pub lead: LeadId,
    /// 0 is the most urgent.
    pub priority: u8,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Why: a code.
    pub cause: String,
    /// Who has it. (`agent` itself is a word that DynamoDB reserves.)
    #[serde(
        rename = "assigned_to",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub agent: Option<String>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<DateTime<Utc>>,
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
