//! Sending resources: e-mail domains with their mailboxes, phone numbers, LinkedIn seats (POOL-1).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::{
    calendar::Zone,
    events::Provider,
    ids::{PersonaId, ResourceId, TenantId},
};

/// The kind of a resource (POOL-1).
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
pub enum ResourceKind {
    /// A sending domain; its mailboxes share its limit.
    EmailDomain,
    /// A mailbox of a domain.
    Mailbox,
    /// A phone number, for SMS and voice.
    PhoneNumber,
    /// A LinkedIn seat of the client.
    LinkedinSeat,
}

/// The state of a resource (POOL-1).
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
pub enum ResourceStatus {
    /// Ordered, not delivered yet.
    Purchasing,
    /// Being warmed up in the pool.
    Warming,
    /// Ready to be assigned.
    Available,
    /// Assigned to a tenant.
    Assigned,
    /// Kept for a tenant that left, for 30 days (TEN-5).
    Held,
    /// Not to be used until an operator resumes it.
    Paused,
    /// Retired for good.
    Retired,
}

/// Counts of the last 30 days of a sender, by which its health is judged (ED-004).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reputation {
    /// Messages sent.
    pub sent: u32,
    /// Hard bounces among them.
    pub bounced: u32,
    /// Spam complaints among them.
    pub complained: u32,
}

/// A sending resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// The id.
    pub id: ResourceId,
    /// The kind.
    pub kind: ResourceKind,
    /// The state.
    pub status: ResourceStatus,
    /// The tenant that it is assigned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// The persona that it sends as (ED-008).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persona: Option<PersonaId>,
    /// The mailbox address, the E.164 number, the domain name, or the provider's seat id.
    pub address: String,
    /// The domain that a mailbox belongs to; its limit binds the mailbox too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<ResourceId>,
    /// The provider it sends through.
    pub provider: Provider,
    /// Its time zone: a day's limits begin at midnight there.
    pub zone: Zone,
    /// The first day of its warm-up.
    pub warm_up_started: NaiveDate,
    /// Counts of the last 30 days.
    #[serde(default)]
    pub reputation: Reputation,
}

impl Resource {
    /// Its day at an instant: what its daily limits are counted by.
    #[must_use]
    pub fn local_date(&self, at: DateTime<Utc>) -> NaiveDate {
        self.zone.local(at).date()
    }
}
