//! Suppression: an address that must not be contacted, for one tenant or for all (SUP-1). Keyed by the hash of
//! the normalised address, never deleted, only superseded with a reason and an actor.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Reason;
use crate::channel::Channel;

/// The tenants for which an address is suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionScope {
    /// For one tenant, on all its channels (REP-2).
    Tenant,
    /// For every tenant, for legal reasons.
    Global,
}

/// One suppression record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// The tenants it applies to.
    pub scope: SuppressionScope,
    /// The reason: `opted_out`, `complained`, `bounced`, `not_interested`, `operator` ...
    pub reason: Reason,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Who or what did it: an event id, an operator.
    pub actor: String,
    /// When and by whom it was lifted, if it was: START (R35) or an operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded: Option<Superseded>,
}

/// The end of a suppression. The record stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Superseded {
    /// When it was lifted.
    pub at: DateTime<Utc>,
    /// Who or what lifted it: an event id, an operator.
    pub actor: String,
    /// The one channel that was restored; `None` restores all (R35: START restores one).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
}

impl Suppression {
    /// Whether this record forbids `channel` now.
    #[must_use]
    pub fn forbids(&self, channel: Channel) -> bool {
        self.superseded
            .as_ref()
            .is_none_or(|lifted| lifted.channel.is_some_and(|restored| restored != channel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suppression(superseded: Option<Superseded>) -> Suppression {
        Suppression {
            scope: SuppressionScope::Tenant,
            reason: Reason::OptedOut,
            at: DateTime::UNIX_EPOCH,
            actor: "event".into(),
            superseded,
        }
    }

    #[test]
    fn r35_start_restores_only_its_own_channel() {
        let lifted = Superseded {
            at: DateTime::UNIX_EPOCH,
            actor: "start".into(),
            channel: Some(Channel::Sms),
        };
        let record = suppression(Some(lifted));
        assert!(!record.forbids(Channel::Sms));
        assert!(record.forbids(Channel::Voice));
        assert!(suppression(None).forbids(Channel::Sms));
    }
}
