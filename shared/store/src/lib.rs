//! Everything that Touchline keeps: DynamoDB tables, files in S3, queues in SQS, events on EventBridge. One module an
//! aggregate, one function an access pattern; `docs/access-patterns.md` lists them with what each costs.
//!
//! Every function on a tenant's data names its tenant (TEN-1). There is no scan, and times come in as arguments.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod attribute_json;
mod bulk_request;
pub mod bus;
pub mod context;
mod error;
pub mod files;
pub mod inbox;
mod item;
pub mod keys;
pub mod leads;
pub mod ledger;
pub mod names;
mod paths;
pub mod pool;
pub mod queues;
pub mod register;
#[cfg(test)]
#[path = "../tests/aws/samples.rs"]
#[allow(dead_code, reason = "the tests against the emulator use the rest")]
mod samples;
mod store;
mod table;
mod table_batch;
pub mod tenants;
pub mod usage;

pub use names::Names;
pub use store::Store;
