//! The store with the real SDK, against two engines: DynamoDB in Rust, hosted in this process, and the AWS emulator, a Python
//! process that also has queues, files, events and secrets. What concerns tables alone runs against both. Each engine is started
//! by the first test that needs it and ends with this binary; every test has tables of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bulk;
mod capacity;
mod context;
mod delivery;
mod desk;
mod due;
mod emulator;
mod engine;
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
