//! What every Lambda of Touchline needs around its handler: settings, clock, AWS clients, logs, metrics, batches of
//! queue messages, secrets. Nothing outside this crate reads the clock, the environment or a random source (invariant 9).

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod announcements;
pub mod aws;
pub mod batch;
pub mod cache;
pub mod clock;
pub mod lambda;
pub mod logging;
pub mod meter;
pub mod metrics;
mod ports;
pub mod secrets;
pub mod settings;
pub mod unique;
pub mod visibility;
