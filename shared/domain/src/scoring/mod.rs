//! How promising a lead is, as a number with its reasons.
//! Facts come in as arguments; nothing here looks one up.

pub mod als;

pub use als::{Engagement, Score, ScoreInput, Tier};
