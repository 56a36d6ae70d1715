//! Reason codes: why a touch was deferred, skipped, stopped or failed. Operators see these words.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Why something did not happen, or happened differently. Recorded on the touch, never free text.
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
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// A kill switch is on (GATE-1).
    Killed,
    /// The tenant's subscription is neither active nor trialing (GATE-2).
    SubscriptionInactive,
    /// The tenant runs in manual mode (GATE-2).
    ManualMode,
    /// The campaign is not active (GATE-3).
    CampaignInactive,
    /// The lead replied (GATE-3).
    Replied,
    /// The enrolment ended or is paused by a reply (GATE-3).
    EnrolmentEnded,
    /// The address is suppressed (GATE-4).
    Suppressed,
    /// The address bounced hard (GATE-4, SEQ-3).
    Bounced,
    /// The address is known to be unusable (GATE-4).
    InvalidAddress,
    /// The number is on the register (GATE-5).
    DncrListed,
    /// The register's answer is missing or too old (GATE-5).
    DncrStale,
    /// The jurisdiction demands a consent that is not on record (GATE-5, R7, R10, R18).
    NoConsent,
    /// The lead's tier does not allow the channel (GATE-6, ALS-2).
    AlsChannel,
    /// Fewer than two days since the last touch, or one today already (GATE-7).
    TooRecent,
    /// Fewer than five days since the last touch on this channel (GATE-7).
    ChannelCooldown,
    /// Three follow-ups were sent (GATE-7).
    MaxFollowUps,
    /// The recipient's clock is outside the window (GATE-8).
    OutsideWindow,
    /// Weekend where the recipient is (GATE-8).
    Weekend,
    /// Holiday where the recipient is (GATE-8).
    Holiday,
    /// The recipient's lunch hour (GATE-8, VO-010).
    Lunch,
    /// No time zone is known, or no instant suits all possible ones (GATE-8, WIN-3).
    UnknownZone,
    /// The campaign's or tenant's budget is spent (GATE-9).
    BudgetExhausted,
    /// No resource has capacity left today (GATE-10).
    NoCapacity,
    /// The sending number has used its messages of this minute (SEQ-4).
    RateLimited,
    /// The lead has no address for the channel (SEQ-2).
    NoAddress,
    /// The tenant has no resource for the channel (SEQ-2).
    NoResource,
    /// The channel has no sender in this deployment (SEQ-2).
    ChannelNotBuilt,
    /// A template variable is missing or fails its check (SEQ-7).
    TemplateVariable,
    /// The template itself cannot be rendered (SEQ-7).
    TemplateInvalid,
    /// The text does not fit its segment limit and is never cut (SM-007).
    TextTooLong,
    /// The provider refused the message for good (SEND-3).
    ProviderRefused,
    /// The provider is failing or its circuit is open; tried again later (SEND-3).
    ProviderUnavailable,
    /// The call's outcome is not known (SEND-2).
    OutcomeUnknown,
    /// The lead asked not to be contacted (REP-2).
    OptedOut,
    /// The lead reported a message as spam (R31).
    Complained,
    /// Not interested (REP-3).
    NotInterested,
    /// Not the person we meant (REP-3).
    WrongPerson,
    /// The lead named somebody else (REP-3).
    Referral,
    /// Angry or complaining; a person takes over (REP-3).
    Complaint,
    /// Waiting for the lead or for a person (REP-3).
    InConversation,
    /// Out of office until a date (REP-3).
    OutOfOffice,
    /// Every step was carried out.
    SequenceFinished,
    /// An operator stopped it.
    Operator,
}

impl Reason {
    /// The code that is stored and shown: `dncr_listed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
