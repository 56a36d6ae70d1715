//! How sure a decision is, 0..=100 (REP-1), and the bound below which a person decides (REP-3).

use super::{
    intent::Intent,
    signals::{Signals, Strength},
};

/// Below this no automatic answer goes out (REP-3).
pub const REVIEW_BELOW: u8 = 70;
/// Confidence of a reply that mentions stopping without asking for it: a person looks at it (R34).
const STOP_IN_DOUBT: u8 = 60;
/// Two intents this near to each other leave a doubt.
const RIVAL_WITHIN: u8 = 4;
const RIVAL_COSTS: u8 = 8;
const EACH_FURTHER_CUE: u8 = 2;
const MOST: u8 = 99;

/// Intents that commonly stand beside another without contradicting it.
const COMPANIONS: [Intent; 4] = [
    Intent::ThankYou,
    Intent::PositiveEngagement,
    Intent::Question,
    Intent::Other,
];

/// The confidence in `chosen`, whose strength is `strength`.
pub(super) fn of(signals: &Signals, chosen: Intent, strength: &Strength) -> u8 {
    if chosen == Intent::OptOut {
        return strength.weight.min(MOST);
    }
    let further = u8::try_from(strength.count.saturating_sub(1).min(3)).unwrap_or(3);
    let mut confidence = strength
        .weight
        .saturating_add(further * EACH_FURTHER_CUE)
        .min(MOST);
    let rivals = <Intent as strum::IntoEnumIterator>::iter()
        .filter(|i| *i != chosen && !COMPANIONS.contains(i))
        .filter(|i| signals.of(*i).weight.saturating_add(RIVAL_WITHIN) >= strength.weight)
        .count();
    for _ in 0..rivals.min(3) {
        confidence = confidence.saturating_sub(RIVAL_COSTS);
    }
    if signals.stop_in_doubt {
        confidence = confidence.min(STOP_IN_DOUBT);
    }
    confidence
}
