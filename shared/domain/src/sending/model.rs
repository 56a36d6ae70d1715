//! What a language model was asked about a lead, and what that cost (REP-4). It makes no call.

use serde::{Deserialize, Serialize};

use crate::{money::Micros, replies::Intent};

/// A model's reading of one reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// The reply's event.
    pub event_id: String,
    /// The intent and how sure the model was, 0..=100; nothing when no usable answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<(Intent, u8)>,
}

/// What the model has cost for a lead, and its last opinion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelUse {
    /// Spent for life, in USD, each call at the most that it could cost.
    pub spent: Micros,
    /// The last opinion, so that a redelivered reply is not read twice (HOOK-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Opinion>,
}

impl ModelUse {
    /// The opinion on the reply of this event.
    #[must_use]
    pub fn opinion_on(&self, event_id: &str) -> Option<&Opinion> {
        self.last
            .as_ref()
            .filter(|opinion| opinion.event_id == event_id)
    }
}
