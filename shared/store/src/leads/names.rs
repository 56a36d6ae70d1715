//! Attribute names, index names and expressions of the leads table.

/// Partition key of the due index.
pub(super) const DUE_SHARD: &str = "due_shard";
/// Sort key of the due index.
pub(super) const DUE_AT: &str = "due_at";
/// The queue that what is due goes to.
pub(super) const DUE_CHANNEL: &str = "due_channel";
/// Partition key of the listing.
pub(super) const LIST_PK: &str = "list_pk";
/// Sort key of the listing.
pub(super) const LIST_SK: &str = "list_sk";

/// The stored journey is still the one that was read.
pub(super) const IF_VERSION: &str = "version = :expected";
/// There is a lead to change.
pub(super) const IF_EXISTS: &str = "attribute_exists(pk)";

/// The lead that an address belongs to.
pub(super) const LINKED_LEAD: &str = "lead";

/// The signals of a touch, a string set.
pub(super) const SIGNALS: &str = "signals";
/// How a touch ended.
pub(super) const OUTCOME: &str = "outcome";
/// Why.
pub(super) const REASON: &str = "reason";
/// Only the record of a touch has it; signals alone do not.
pub(super) const TOUCH_ID: &str = "id";
/// Attributes of a record that an earlier version of it may have had and the newer one has not.
pub(super) const TOUCH_OPTIONS: [&str; 7] = [
    "fallback_because",
    REASON,
    "detail",
    "resource",
    "provider",
    "provider_message_id",
    "evidence",
];

/// Adds a signal and the time at which it was first told of.
pub(super) const ADD_SIGNAL: &str = "ADD signals :signal SET #at = if_not_exists(#at, :at)";
/// Moves the time of a signal back.
pub(super) const SET_EARLIER: &str = "SET #at = :at";
/// A later time is stored.
pub(super) const IF_LATER: &str = "#at > :at";
/// A proof that the provider had it settles an unknown outcome (SEND-2).
pub(super) const SETTLE: &str = "SET outcome = :sent REMOVE reason";
/// The outcome is still unknown.
pub(super) const IF_UNKNOWN: &str = "outcome = :unknown";
