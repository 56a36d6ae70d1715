//! What people see of conversations: messages and tasks (INB-1, CALL-1, FUP-1).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use super::call::CallCause;
use crate::{
    channel::Channel,
    ids::{LeadId, TenantId},
};

/// One message of a conversation, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxMessage {
    /// The provider's event id, which makes a redelivered message the same one.
    pub id: String,
    /// The tenant.
    pub tenant: TenantId,
    /// The lead.
    pub lead: LeadId,
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// The channel.
    pub channel: Channel,
    /// The subject of an e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text.
    pub text: String,
    /// The intent it was read as.
    pub intent: String,
    /// Confidence in that intent, 0..=100.
    pub confidence: u8,
    /// The words that decided it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Whether a machine wrote it (R29).
    #[serde(default)]
    pub automatic: bool,
    /// Where the raw request is kept.
    pub raw_key: String,
}

/// What a person has to do.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TaskKind {
    /// A complaint or a threat: only a person answers (REP-3).
    Complaint,
    /// Call the lead: a gold label (REP-5) or a missed call (CALL-1).
    Call,
    /// Read a reply and decide (REP-3).
    Review,
    /// The lead wants to talk and no calendar link is set.
    Meeting,
    /// A question waits longer than it may (FUP-1).
    Question,
    /// A hot lead wrote and nobody was in touch (FUP-1).
    HotLead,
}

/// Something for a person to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The id, derived from what caused the task, so that it exists once.
    pub id: String,
    /// The tenant.
    pub tenant: TenantId,
    /// The lead.
    pub lead: LeadId,
    /// The kind of task.
    pub kind: TaskKind,
    /// When it becomes due. A reminder lies ahead and is dropped if somebody acts before (FUP-1).
    pub at: DateTime<Utc>,
    /// The channel of the conversation.
    pub channel: Channel,
    /// The reason for a call, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<CallCause>,
    /// Who completed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_by: Option<String>,
    /// When it was completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<DateTime<Utc>>,
}

impl Task {
    /// Whether a person has to act at `now`.
    #[must_use]
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.done_at.is_none() && self.at <= now
    }
}
