//! The paths that a touch takes: enrol, enqueue, send, delivery, reply; and what people do (`desk`).
//!
//! Each is written over a narrow port (a trait with just the operations of that path), so that the same
//! code runs in a function against AWS and in the simulation against models. No AWS type, no clock.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod announce;
pub mod audit;
pub mod channel;
pub mod delivery;
pub mod desk;
pub mod enqueue;
pub mod enrich;
pub mod enrol;
pub mod facts;
pub mod import;
pub mod intake;
pub mod job;
pub mod leave;
pub mod poll;
pub mod pool;
pub mod ports;
pub mod provider;
pub mod reply;
pub mod send;
pub mod timing;
pub mod wash;
pub mod work;
