//! The parts of a journey beside its enrolments: waiting answers, what was sent, the claim, what is due next.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    ids::{CampaignId, ResourceId, TouchId},
    sending::touch::Purpose,
};

/// An automatic answer that waits for its time (REP-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingAnswer {
    /// The touch it will be.
    pub touch: TouchId,
    /// The reply that it answers.
    pub event_id: String,
    /// The campaign of the conversation.
    pub campaign: CampaignId,
    /// The channel of the reply.
    pub channel: Channel,
    /// An answer, or the confirmation of an opt-out.
    pub purpose: Purpose,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// The text.
    pub body: String,
}

/// Prefix of a follow-up's event id, before the id of the reply that it follows (FUP-1).
const FOLLOW_UP_PREFIX: &str = "follow-up:";

impl PendingAnswer {
    /// The event id of the follow-up to a reply.
    #[must_use]
    pub fn follow_up_id(reply: &str) -> String {
        format!("{FOLLOW_UP_PREFIX}{reply}")
    }

    /// Whether it is a follow-up, which is dropped when the lead writes before its time (FUP-1).
    #[must_use]
    pub fn is_follow_up(&self) -> bool {
        self.event_id.starts_with(FOLLOW_UP_PREFIX)
    }
}

/// What has been sent, as far as the gate needs to know (GATE-7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The last touch on any channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_touch_at: Option<DateTime<Utc>>,
    /// The last touch on each channel.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub last_by_channel: BTreeMap<Channel, DateTime<Utc>>,
    /// Messages sent on each channel; picks the template.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sent_by_channel: BTreeMap<Channel, u16>,
    /// Follow-ups after the sequence.
    #[serde(default)]
    pub follow_ups: u8,
    /// Automatic answers in the conversation.
    #[serde(default)]
    pub answers: u8,
}

/// A touch that is being sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The touch.
    pub touch: TouchId,
    /// The channel: another of its senders finds out about the touch should this one die.
    pub channel: Channel,
    /// End of the lease: until then nobody else may take the touch.
    pub until: DateTime<Utc>,
    /// The resource that was reserved, once it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceId>,
    /// The answer that is being sent, if it is one, without its text: a stop drops waiting answers, and the outcome of
    /// this one still has to be recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<PendingAnswer>,
}

/// What is due next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// The next step of the enrolment in this campaign.
    Step(CampaignId),
    /// A pending answer.
    Answer(TouchId),
    /// Only the claim of a touch whose outcome is not recorded yet.
    Claim(TouchId),
}
