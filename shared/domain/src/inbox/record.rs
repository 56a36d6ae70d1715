//! What people see of conversations: messages, tasks, call-queue entries (INB-1, CALL-1, FUP-1).

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
    /// Whose conversation.
    pub tenant: TenantId,
    /// With which lead.
    pub lead: LeadId,
    /// When it came.
    pub at: DateTime<Utc>,
    /// On which channel.
    pub channel: Channel,
    /// Its subject, of an e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Its text.
    pub text: String,
    /// What it was read as.
    pub intent: String,
    /// How surely, 0..100.
    pub confidence: u8,
    /// The words that decided it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// It was not written by a person (R29).
    #[serde(default)]
    pub automatic: bool,
    /// Where the raw request is kept.
    pub raw_key: String,
}

/// Why a person has to look.
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
    /// Derived from what caused it, so that it exists once.
    pub id: String,
    /// Whose.
    pub tenant: TenantId,
    /// About which lead.
    pub lead: LeadId,
    /// What to do.
    pub kind: TaskKind,
    /// Since when. A reminder lies ahead: it is due from then, unless somebody acts before (FUP-1).
    pub at: DateTime<Utc>,
    /// On which channel it came.
    pub channel: Channel,
    /// Why to call, of a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<CallCause>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_by: Option<String>,
    /// When it was done.
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
