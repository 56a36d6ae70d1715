//! The store against a local AWS emulator, with the real SDK. One emulator serves this whole binary and ends with it;
//! every test has tables of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bulk;
mod capacity;
mod context;
mod delivery;
mod desk;
mod due;
mod emulator;
mod inbox;
mod journeys;
mod ledger;
mod messages;
mod meter;
mod model;
mod poll;
mod pool;
mod register;
#[allow(dead_code, reason = "the tests inside the crate use the rest")]
mod samples;
mod schema;
mod secrets;
mod tenants;
mod units;
