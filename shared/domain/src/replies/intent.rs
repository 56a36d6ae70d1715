//! What a reply can mean (REP-1), and the keywords that carriers define for a whole message (R34). Only the names live
//! here; the rules and their precedence decide which text means what.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumCount, EnumIter, EnumString, IntoStaticStr};

/// The fourteen intents of REP-1. The wire names are `snake_case` everywhere.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    EnumIter,
    EnumCount,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Intent {
    /// Asks not to be contacted any more, in any wording (REP-2, R34).
    OptOut,
    /// Abuse, a threat, or a complaint; only a human answers.
    AngryOrComplaint,
    /// The address does not reach the person we meant.
    WrongPerson,
    /// Declines, for now or for good.
    NotInterested,
    /// An absence notice, written by a person or by a mail system.
    OutOfOffice,
    /// Wants to talk: a call, a meeting, a demonstration.
    MeetingInterest,
    /// Names somebody else to speak to.
    Referral,
    /// Gives an e-mail address to write to (REP-5).
    EmailCapture,
    /// Asks something.
    Question,
    /// Says yes without asking or proposing anything.
    PositiveEngagement,
    /// Says they rang the number that we published.
    CalledPhoneLine,
    /// Thanks and nothing else.
    ThankYou,
    /// A delivery failure report.
    Bounce,
    /// None of these.
    Other,
}

impl Intent {
    /// The wire name, for example `"out_of_office"`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A keyword that was the whole message (R34, R35). It counts in addition to the intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Keyword {
    /// An opt-out keyword (R34).
    Stop,
    /// START, YES or UNSTOP: restores this channel and number, and only for somebody who had opted out (R35).
    Start,
    /// HELP or INFO: answered whatever the subscription (R35).
    Help,
}
