//! How promising a lead is, as a number with its reasons.
//! Facts come in as arguments; nothing here looks one up.

pub mod als;
pub mod tier;

pub use als::{Engagement, Score, ScoreInput};
pub use tier::{Tier, allowed_channels, allows};
