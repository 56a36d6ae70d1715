//! One lead in one campaign: its state and its next step.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    ids::{CampaignId, PersonaId, ResourceId},
    sending::Reason,
};

/// The state of an enrolment. Every enrolment is in exactly one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EnrolmentState {
    /// Has a next step, which is in the due index.
    Active,
    /// Paused until a time, after which it is active again, or until a person resumes it.
    Paused {
        /// The reason.
        reason: Reason,
        /// End of the pause; absent means until somebody resumes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
    },
    /// Every step was carried out.
    Completed,
    /// Ended early.
    Stopped {
        /// The reason.
        reason: Reason,
    },
}

impl EnrolmentState {
    /// The state's name: `active`, `paused`, `completed`, `stopped`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused { .. } => "paused",
            Self::Completed => "completed",
            Self::Stopped { .. } => "stopped",
        }
    }
}

/// The e-mail thread of an enrolment, so that follow-ups join it (SEQ-6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The subject of the first message.
    pub subject: String,
    /// Our message ids, oldest first.
    pub message_ids: Vec<String>,
}

/// One lead in one campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The campaign.
    pub campaign: CampaignId,
    /// The state.
    #[serde(flatten)]
    pub state: EnrolmentState,
    /// Day 0 of its sequence.
    pub started_at: DateTime<Utc>,
    /// When it was last resumed after a reply; replies before this do not hold it (GATE-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_at: Option<DateTime<Utc>>,
    /// The next step, from 0.
    pub step: u16,
    /// When the next step is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// The channel that the next step is expected to use: it picks the queue.
    pub channel: Channel,
    /// Why the next step uses its fallback channel, once that is decided (SEQ-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Reason>,
    /// Why the next step was put off the last time: the answer to "why was this lead not contacted?".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Reason>,
    /// The persona, kept for the whole sequence (LIM-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persona: Option<PersonaId>,
    /// The mailbox, kept for the whole sequence (LIM-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<ResourceId>,
    /// The e-mail thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Thread>,
}
