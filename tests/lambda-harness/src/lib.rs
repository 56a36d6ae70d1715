//! Runs a function's real program outside Lambda and measures it: a local server plays the runtime API to it, another
//! one AWS and the providers, each answer after a set latency.
//!
//! The stubs check nothing that the emulator and the simulator check: conditions always hold, and every provider
//! accepts. What is measured is the function, not what it talks to. Reads `/proc`, so it measures on Linux only.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod aws;
mod percentile;
mod providers;
mod runtime_api;
mod sandbox;
mod server;
mod usage;

pub use aws::{AwsStub, Call, DueEntry};
pub use percentile::Durations;
pub use sandbox::{Answer, Program, Sandbox, SandboxError};
pub use usage::Usage;
