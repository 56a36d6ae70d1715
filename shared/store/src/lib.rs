//! Everything that is stored, queued or announced: DynamoDB, S3, SQS, EventBridge.
//!
//! One module for each aggregate, one function for each access pattern (`docs/access-patterns.md`). [`Store`] joins the
//! aggregates and implements the engine's ports. Every function that touches tenant data takes the tenant first
//! (TEN-1), and nothing scans.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod error;
mod item;
mod table;
mod table_batch;

pub mod context;
pub mod inbox;
pub mod keys;
pub mod leads;
pub mod ledger;
pub mod names;
pub mod objects;
mod paths;
pub mod pool;
pub mod queues;
pub mod register;
mod store;
pub mod tenants;
pub mod usage;

#[cfg(test)]
mod samples;

pub use names::Names;
pub use store::Store;
