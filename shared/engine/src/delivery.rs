//! What a provider's delivery event means: a signal on the touch, and for a few kinds a consequence for the lead.
//!
//! Signals are a set that only grows and every consequence is written so that a second time changes nothing, so
//! events may come in any order and any number of times (HOOK-3). Reads no text; replies go elsewhere.

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    contact::AddressHash,
    events::{EventKind, ProviderEvent, TouchRef},
    ids::{LeadId, TenantId},
    sending::{
        Reason,
        journey::Journey,
        lead::Lead,
        suppression::{Suppression, SuppressionScope},
        touch::Signal,
    },
};

use crate::{
    channel, facts,
    ports::{Journeys, PortError, Saved, Suppressions},
};

/// A change is made again on the newer journey this often before the event goes back to the queue.
const CHANGE_TRIES: usize = 6;

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Applied {
    /// It told something new.
    New,
    /// It was known already.
    Known,
    /// It names no lead of ours: kept as unmatched (HOOK-4).
    Unmatched,
    /// It is of no consequence.
    Ignored,
}

/// The counters by which a sender's health is judged (ED-004). Counting a bounce twice is a known, small error that
/// only ever makes a sender more careful.
pub trait Reputations: Sync {
    /// Notes that a message of the touch bounced or was complained about.
    fn count(
        &self,
        reference: &TouchRef,
        signal: Signal,
        at: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// Applies one event.
///
/// # Errors
/// A port is not available: the event goes back to the queue.
pub async fn apply<P: Journeys + Suppressions + Reputations>(
    ports: &P,
    event: &ProviderEvent,
    received_at: DateTime<Utc>,
) -> Result<Applied, PortError> {
    let Some(signal) = signal_of(&event.kind) else {
        return Ok(Applied::Ignored);
    };
    let Some(reference) = &event.reference else {
        return Ok(Applied::Unmatched);
    };
    let Some((lead, _)) = ports.load(&reference.tenant, &reference.lead).await? else {
        return Ok(Applied::Unmatched);
    };
    let new = ports
        .add_signal(
            &reference.tenant,
            &reference.lead,
            &reference.touch,
            signal,
            event.at,
        )
        .await?;
    if let Some(consequence) = consequence_of(&event.kind, channel::REPORTS_ARE_ABOUT) {
        // The address is blocked before the journey changes: whatever happens in between, nothing goes out.
        let record = Suppression {
            scope: SuppressionScope::Tenant,
            reason: consequence.reason,
            at: received_at,
            actor: event.event_id.clone(),
            superseded: None,
        };
        if let Some(address) = blocked_address(&lead, &event.kind, consequence.channel) {
            ports.suppress(&reference.tenant, &address, &record).await?;
        }
        if consequence.stops {
            suppress_addresses(ports, &lead, &record).await?;
        }
        change(ports, &reference.tenant, &reference.lead, |journey| {
            consequence.apply(journey)
        })
        .await?;
    }
    if new && matches!(signal, Signal::HardBounced | Signal::Complained) {
        ports.count(reference, signal, event.at).await?;
    }
    Ok(if new { Applied::New } else { Applied::Known })
}

/// The signal that a kind of event is, if it is one.
#[must_use]
pub fn signal_of(kind: &EventKind) -> Option<Signal> {
    Some(match kind {
        EventKind::Sent => Signal::Sent,
        EventKind::Delivered => Signal::Delivered,
        EventKind::SoftBounced { .. } => Signal::SoftBounced,
        EventKind::HardBounced { .. } => Signal::HardBounced,
        EventKind::PolicyBounced { .. } => Signal::PolicyBounced,
        EventKind::Failed { .. } => Signal::Failed,
        EventKind::Complained { .. } => Signal::Complained,
        EventKind::Opened => Signal::Opened,
        EventKind::Clicked => Signal::Clicked,
        EventKind::Unsubscribed { .. } => Signal::Unsubscribed,
        EventKind::Reply(_)
        | EventKind::CallEnded { .. }
        | EventKind::InvitationAccepted { .. }
        | EventKind::AccountStatus { .. }
        | EventKind::Booking { .. }
        | EventKind::Billing { .. }
        | EventKind::Ignored { .. } => return None,
    })
}

/// What an event does to the lead besides being noted.
#[derive(Clone, Copy)]
struct Consequence {
    reason: Reason,
    channel: Channel,
    stops: bool,
}

impl Consequence {
    fn apply(self, journey: &mut Journey) {
        if self.stops {
            journey.stop(self.reason);
        } else {
            // A hard bounce ends the steps of its channel only (SEQ-3).
            journey.unusable.insert(self.channel, self.reason);
        }
    }
}

fn consequence_of(kind: &EventKind, channel: Channel) -> Option<Consequence> {
    let of = |reason, stops| {
        Some(Consequence {
            reason,
            channel,
            stops,
        })
    };
    match kind {
        EventKind::HardBounced { .. } => of(Reason::Bounced, false),
        EventKind::Complained { .. } => of(Reason::Complained, true),
        EventKind::Unsubscribed { .. } => of(Reason::OptedOut, true),
        _ => None,
    }
}

/// The address to block: the one that the provider names, else the lead's.
fn blocked_address(lead: &Lead, kind: &EventKind, channel: Channel) -> Option<AddressHash> {
    let named = match kind {
        EventKind::HardBounced { address, .. }
        | EventKind::Complained { address }
        | EventKind::Unsubscribed { address } => address.as_deref(),
        _ => None,
    };
    named
        .and_then(channel::rules(channel).parse)
        .or_else(|| facts::address_of(lead, channel))
        .map(|address| address.hash())
}

/// Suppresses every address of a lead for its tenant: an opt-out in one channel holds in all (REP-2).
pub(crate) async fn suppress_addresses<P: Suppressions>(
    ports: &P,
    lead: &Lead,
    record: &Suppression,
) -> Result<(), PortError> {
    for address in lead.addresses() {
        ports
            .suppress(&lead.tenant, &address.hash(), record)
            .await?;
    }
    Ok(())
}

/// Makes a change on the journey as it is now; one that changes nothing is not written.
pub(crate) async fn change<P: Journeys>(
    ports: &P,
    tenant: &TenantId,
    lead: &LeadId,
    change: impl Fn(&mut Journey) + Sync,
) -> Result<(), PortError> {
    for _ in 0..CHANGE_TRIES {
        let Some((_, before)) = ports.load(tenant, lead).await? else {
            return Ok(());
        };
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return Ok(());
        }
        after.version = before.version + 1;
        if ports.save(&after, before.version).await? == Saved::Written {
            return Ok(());
        }
    }
    Err(PortError::Unavailable {
        what: "a journey under constant change",
        cause: "too many conflicts".into(),
    })
}
