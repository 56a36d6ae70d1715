//! Answers "may this person be reached now, and if not, when?" for the default window of a first touch. The answer is
//! the one the gate would give (GATE-8); an unknown place is an answer too.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    purpose::Purpose,
    window::{Opening, check},
    zones::Recipient,
};
use crate::channel::Channel;

/// The state of a recipient's window at an instant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct WindowAnswer {
    /// Every candidate zone, ascending by name (R37).
    pub zones: Vec<String>,
    /// Whether a touch may happen at the instant.
    pub open: bool,
    /// Why not: a code of GATE-8, `unknown_zone` or `no_common_window`. None if it may.
    pub reason: Option<&'static str>,
    /// The earliest instant from the given one on at which a touch may happen; the instant itself if it may now.
    pub next_open: Option<DateTime<Utc>>,
}

/// Explains the first-touch window of `channel` for `recipient` at the instant `at` (WIN-1, WIN-3).
#[must_use]
pub fn explain(channel: Channel, at: DateTime<Utc>, recipient: &Recipient) -> WindowAnswer {
    let purpose = Purpose::FirstTouch(channel);
    let candidates = recipient.candidates();
    let zones = candidates
        .zones()
        .iter()
        .map(|zone| zone.name().to_owned())
        .collect();
    match check(purpose, &purpose.default_window(), &candidates, at) {
        Opening::Open { .. } => WindowAnswer {
            zones,
            open: true,
            reason: None,
            next_open: Some(at),
        },
        Opening::Closed { reason, next_open } => WindowAnswer {
            zones,
            open: false,
            reason: Some(reason.as_str()),
            next_open,
        },
    }
}
