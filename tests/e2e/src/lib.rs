//! What the end-to-end tests share: a stack that is up, tenants with leads that are due, the simulator's controls,
//! the queues, the senders' processes, and the reckoning of tables against what the providers received.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod bed;
pub mod cast;
pub mod hooks;
pub mod queues;
pub mod reckoning;
pub mod scenarios;
pub mod senders;
pub mod simulator;
pub mod wait;
