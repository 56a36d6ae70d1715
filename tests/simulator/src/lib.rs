//! The providers, played by one process on a local port: their APIs, their signed webhooks, and leads who answer.
//!
//! It shares no code with what it tests: requests are read and webhooks signed from the providers' own
//! documentation, so that a misreading on one side does not hide one on the other.
//! What happens is a function of the seed, the address and the number of the message, not of timing.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod api;
pub mod catcher;
mod clock;
mod config;
mod control;
mod draw;
mod fault;
mod hooks;
mod leads;
mod ledger;
mod pump;
mod server;
mod sim;
mod wire;

pub use config::{Config, Rates};
pub use fault::{Fault, FaultRule};
pub use ledger::Entry;
pub use pump::Pumped;
pub use server::{Handle, start};
pub use wire::Wire;
