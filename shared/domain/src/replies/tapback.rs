//! Reactions that phones send as text: `Liked "Hi Sam ... Reply STOP to opt out"`.
//! The quoted message is ours, so nothing in it counts.

use super::intent::Intent;

const REACTIONS: [(&str, Intent); 6] = [
    ("liked", Intent::PositiveEngagement),
    ("loved", Intent::PositiveEngagement),
    ("disliked", Intent::NotInterested),
    ("questioned", Intent::Question),
    ("laughed at", Intent::Other),
    ("emphasized", Intent::Other),
];

/// The intent of a reaction, if `text` (already visible) is one.
pub(super) fn reaction(text: &str) -> Option<(Intent, &'static str)> {
    let text = text.trim();
    if !text.ends_with('"') {
        return None;
    }
    let lower = text.to_lowercase();
    let (verb, intent) = REACTIONS.iter().find(|(verb, _)| {
        lower
            .strip_prefix(verb)
            .is_some_and(|rest| rest.trim_start().starts_with('"'))
    })?;
    (text.matches('"').count() >= 2).then_some((*intent, *verb))
}
