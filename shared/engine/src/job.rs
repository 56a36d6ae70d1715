//! What travels in the queues. A version stands in each variant's name, so that a function can still read what an
//! older one put there.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use touchline_domain::{
    events::ProviderEvent,
    ids::{LeadId, TenantId, UploadId},
};

/// In a channel queue: this lead has something due. It names no step: what is due is decided from the journey when
/// the message is handled, so an old message does no harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "v")]
pub enum TouchJob {
    /// First version.
    #[serde(rename = "touch-1")]
    V1 {
        /// Whose lead.
        tenant: TenantId,
        /// Which lead.
        lead: LeadId,
        /// The due time that was seen in the index, for the record.
        due_at: DateTime<Utc>,
    },
}

/// In the enrich queue: leads to enrich, score, wash and enrol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "v")]
pub enum EnrichJob {
    /// First version.
    #[serde(rename = "enrich-1")]
    V1 {
        /// Whose leads.
        tenant: TenantId,
        /// The upload that they came with.
        upload: UploadId,
        /// At most as many as one invocation works through.
        leads: Vec<LeadId>,
    },
}

/// In the delivery and reply queues: one verified event of a provider, or somebody who left.
#[expect(
    clippy::large_enum_variant,
    reason = "a job is decoded, handled and dropped"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "v")]
pub enum EventJob {
    /// First version.
    #[serde(rename = "event-1")]
    V1 {
        /// The tenant, where the intake could tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tenant: Option<TenantId>,
        /// Where the raw request is kept.
        raw_key: String,
        /// When we received it.
        received_at: DateTime<Utc>,
        /// The event.
        event: ProviderEvent,
    },
    /// Somebody left by the link in one of our messages (R27).
    #[serde(rename = "left-1")]
    LeftV1 {
        /// Whose messages end.
        tenant: TenantId,
        /// Who left.
        lead: LeadId,
        /// Names the act in records.
        act: String,
        /// When.
        at: DateTime<Utc>,
    },
}

/// In the wash queue: numbers to wash, as E.164 text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "v")]
pub enum WashJob {
    /// First version.
    #[serde(rename = "wash-1")]
    V1 {
        /// The numbers, at most one register batch.
        numbers: Vec<touchline_domain::contact::E164>,
    },
}
