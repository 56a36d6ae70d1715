//! What must hold between our records and what the providers received.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    ids::TouchId,
    sending::{
        Reason,
        gate::WindowFact,
        touch::{Outcome, Purpose, Touch},
    },
};

use super::{Check, Evidence, LeadRecord, Receipt};
use crate::timing::Place;

pub(super) fn no_touch_twice(receipts: &[Receipt]) -> Check {
    let mut seen: BTreeMap<&TouchId, u32> = BTreeMap::new();
    for receipt in receipts {
        *seen.entry(&receipt.reference.touch).or_default() += receipt.times;
    }
    Check::of(
        "no touch reached a provider twice",
        seen,
        |(touch, times)| (times > 1).then(|| format!("{touch} was accepted {times} times")),
    )
}

fn index(evidence: &Evidence) -> BTreeMap<&TouchId, (&LeadRecord, &Touch)> {
    evidence
        .leads
        .iter()
        .flat_map(|record| record.touches.iter().map(move |t| (&t.id, (record, t))))
        .collect()
}

pub(super) fn every_receipt_is_recorded(evidence: &Evidence, receipts: &[Receipt]) -> Check {
    let touches = index(evidence);
    // A claim that is still running is a touch on its way.
    let claimed: BTreeSet<&TouchId> = evidence
        .leads
        .iter()
        .filter_map(|r| r.journey.claim.as_ref().map(|c| &c.touch))
        .collect();
    Check::of(
        "everything that a provider received is recorded as sent",
        receipts,
        |receipt| {
            let touch = &receipt.reference.touch;
            match touches.get(touch) {
                Some((_, record)) if matches!(record.outcome, Outcome::Sent | Outcome::Unknown) => {
                    None
                }
                Some((_, record)) => Some(format!(
                    "{touch} was received and is recorded as {}",
                    record.outcome
                )),
                None if claimed.contains(touch) => None,
                None => Some(format!("{touch} was received and is not recorded")),
            }
        },
    )
}

pub(super) fn every_sent_touch_was_received(evidence: &Evidence, receipts: &[Receipt]) -> Check {
    let received: BTreeSet<&TouchId> = receipts.iter().map(|r| &r.reference.touch).collect();
    let sent = evidence
        .leads
        .iter()
        .flat_map(|r| &r.touches)
        .filter(|t| t.outcome == Outcome::Sent);
    Check::of(
        "everything recorded as sent was received by a provider",
        sent,
        |touch| {
            (!received.contains(&touch.id))
                .then(|| format!("{} is recorded as sent and was never received", touch.id))
        },
    )
}

pub(super) fn nothing_after_an_opt_out(evidence: &Evidence, receipts: &[Receipt]) -> Check {
    let touches = index(evidence);
    Check::of("nothing went out after an opt-out", receipts, |receipt| {
        let (record, touch) = touches.get(&receipt.reference.touch)?;
        // The one confirmation of the opt-out itself (REP-4a).
        if touch.purpose == Purpose::Confirmation {
            return None;
        }
        let (at, reason) = opted_out_at(record, touch.channel)?;
        (receipt.at > at).then(|| {
            format!(
                "{} went out at {} after {reason} at {at}",
                touch.id, receipt.at
            )
        })
    })
}

/// When the address of this channel was opted out. An opt-out suppresses every address that the person has; a number
/// that is shared with somebody who opted out says nothing of this person's mailbox.
fn opted_out_at(record: &LeadRecord, channel: Channel) -> Option<(DateTime<Utc>, Reason)> {
    record
        .suppressions
        .iter()
        .filter(|(of, _)| *of == channel || (of.uses_phone() && channel.uses_phone()))
        .map(|(_, suppression)| suppression)
        .filter(|s| {
            s.superseded.is_none() && matches!(s.reason, Reason::OptedOut | Reason::Complained)
        })
        .map(|s| (s.at, s.reason))
        .min()
}

pub(super) fn inside_the_window(evidence: &Evidence, receipts: &[Receipt]) -> Check {
    let touches = index(evidence);
    Check::of(
        "everything went out inside the recipient's window",
        receipts,
        |receipt| {
            let (record, touch) = touches.get(&receipt.reference.touch)?;
            if touch.purpose == Purpose::Confirmation {
                return None;
            }
            let place = Place::of(&record.lead, &evidence.tenant, receipt.channel);
            match place.window(receipt.channel, touch.purpose, receipt.at) {
                WindowFact::Open => None,
                WindowFact::Closed { reason, .. } => Some(format!(
                    "{} went out at {}: {reason}",
                    touch.id,
                    place.local_time(receipt.at)
                )),
            }
        },
    )
}
