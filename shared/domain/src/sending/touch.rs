//! A touch: one step carried out, or deliberately not, with its outcome, its reason and the evidence for the
//! decision (SEND-4, R37).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::Reason;
use crate::{
    channel::Channel,
    events::Provider,
    ids::{CampaignId, LeadId, ResourceId, TenantId, TouchId},
    money::Micros,
};

/// The version of the rules in this crate, stored with every decision (R37). It changes with them.
pub const RULES_VERSION: &str = "2026-11";

/// How a touch ended. There is no other outcome (SEND-4).
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
pub enum Outcome {
    /// The provider accepted it.
    Sent,
    /// Left out, by rule.
    Skipped,
    /// The provider, or the content, failed for good.
    Failed,
    /// The enrolment ended before it.
    Stopped,
    /// The outcome of the call is unknown; it is never sent again automatically (SEND-2).
    Unknown,
}

/// What kind of touch it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// A step of the sequence.
    Step,
    /// A follow-up after the sequence (FUP-1).
    FollowUp,
    /// An automatic answer to a reply (REP-4).
    Answer,
    /// The one confirmation of an opt-out (REP-4a, R35).
    Confirmation,
}

/// What a provider reported about a touch that it accepted. A set that only grows, so that events may come in any order
/// and any number of times and end in the same state (HOOK-3).
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
pub enum Signal {
    /// Accepted and passed on by the provider.
    Sent,
    /// Delivered.
    Delivered,
    /// Opened.
    Opened,
    /// Clicked.
    Clicked,
    /// Temporary failure.
    SoftBounced,
    /// Refused for the sender's reputation.
    PolicyBounced,
    /// Not sent by the provider after all.
    Failed,
    /// No such address.
    HardBounced,
    /// Answered.
    Replied,
    /// Unsubscribed.
    Unsubscribed,
    /// Reported as spam.
    Complained,
}

/// What the decision to send rested on, so that it can be replayed (R37).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The recipient's local time at the decision, in the first candidate zone, RFC 3339.
    pub local_time: String,
    /// Every zone that the recipient may be in (WIN-3).
    pub zones: Vec<String>,
    /// When suppression was read.
    pub suppression_checked_at: DateTime<Utc>,
    /// When the register answered for the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub washed_at: Option<DateTime<Utc>>,
    /// The day and basis of the consent relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// [`RULES_VERSION`] at the time.
    pub rules: String,
}

/// The record of a touch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    /// The id, derived from enrolment, step and attempt.
    pub id: TouchId,
    /// The tenant.
    pub tenant: TenantId,
    /// The lead.
    pub lead: LeadId,
    /// The campaign.
    pub campaign: CampaignId,
    /// Step position from 0, or the event that an answer belongs to.
    pub step: String,
    /// The kind of touch.
    pub purpose: Purpose,
    /// The channel it used, or would have used.
    pub channel: Channel,
    /// Why this is not the step's own channel (SEQ-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_because: Option<Reason>,
    /// The outcome.
    pub outcome: Outcome,
    /// The reason, unless it was simply sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The provider's code or the variable at fault; never an address or a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// The resource that sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceId>,
    /// The provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// The provider's id of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_message_id: Option<String>,
    /// The cost (COST-1).
    #[serde(default)]
    pub cost: Micros,
    /// The evidence for the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}
