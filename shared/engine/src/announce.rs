//! Domain events: what has happened, for whoever wants to know. Ids, codes and numbers only; no address, no text, no
//! token (invariant 10). Nothing that must not be lost goes this way alone.

use serde::Serialize;
use strum::IntoStaticStr;
use touchline_domain::{
    channel::Channel,
    ids::{LeadId, TenantId, UploadId},
    replies::Intent,
    sending::{Reason, resource::ResourceKind, touch::Outcome},
};

use crate::ports::PortError;

/// Something that has happened. The name of the variant in the bus's words, such as `touch.ended`, is the event's
/// detail type; the fields are its detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(untagged)]
pub enum DomainEvent {
    /// A touch was sent, skipped, stopped, refused, or its outcome cannot be known.
    #[strum(serialize = "touch.ended")]
    TouchEnded {
        /// Whose.
        tenant: TenantId,
        /// To whom.
        lead: LeadId,
        /// On which channel.
        channel: Channel,
        /// How it ended.
        outcome: Outcome,
        /// Why, where it was not sent.
        reason: Option<Reason>,
    },
    /// A reply was read and acted on.
    #[strum(serialize = "reply.read")]
    ReplyRead {
        /// Whose.
        tenant: TenantId,
        /// From whom.
        lead: LeadId,
        /// What it wants.
        intent: Intent,
        /// It asks never to be contacted again, and that is done.
        opted_out: bool,
        /// It waits for a person at once.
        alert: bool,
    },
    /// Every row of an upload has become a lead, was merged, or was rejected with its reason.
    #[strum(serialize = "upload.imported")]
    UploadImported {
        /// Whose.
        tenant: TenantId,
        /// Which.
        upload: UploadId,
        /// Rows that became leads.
        created: u64,
        /// Rows that joined a lead.
        merged: u64,
        /// Rows that were rejected.
        rejected: u64,
    },
    /// The pool has less of a kind than it should hold back (POOL-3).
    #[strum(serialize = "pool.low")]
    PoolLow {
        /// Of what.
        kind: ResourceKind,
        /// How many are there.
        available: u32,
        /// How many should be.
        wanted: u32,
    },
}

impl DomainEvent {
    /// The detail type, for rules to match.
    #[must_use]
    pub fn detail_type(&self) -> &'static str {
        self.into()
    }
}

/// Who tells the bus.
pub trait Announce {
    /// Announces events, in the order of the slice as far as the bus keeps one.
    ///
    /// # Errors
    /// [`PortError`]: some may have gone out.
    fn announce(
        &self,
        events: &[DomainEvent],
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_carries_its_type_ids_and_codes() {
        let event = DomainEvent::TouchEnded {
            tenant: "acme".parse().unwrap(),
            lead: "lead_4m7q2x9k1c8v5b3n6d0f7g2h1j".parse().unwrap(),
            channel: Channel::Sms,
            outcome: Outcome::Skipped,
            reason: Some(Reason::DncrListed),
        };
        assert_eq!(event.detail_type(), "touch.ended");
        assert_eq!(
            serde_json::to_value(&event).unwrap(),
            serde_json::json!({
                "tenant": "acme",
                "lead": "lead_4m7q2x9k1c8v5b3n6d0f7g2h1j",
                "channel": "sms",
                "outcome": "skipped",
                "reason": "dncr_listed",
            })
        );
    }
}
