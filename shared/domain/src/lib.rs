//! The rules of Touchline and nothing else.
//!
//! Everything here is a pure function of its arguments: no I/O, no async, no AWS type, no clock, no
//! environment, no randomness without a seed. What a rule id (`GATE-7`, `WIN-2`) means is decided
//! here and nowhere else; the crates around this one only carry data to and from it.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod calendar;
pub mod channel;
pub mod contact;
pub mod country;
pub mod events;
pub mod ids;
pub mod import;
pub mod inbox;
pub mod message;
pub mod money;
pub mod region;
pub mod replies;
pub mod scoring;
pub mod sending;
