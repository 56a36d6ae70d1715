//! The composition root, above the runtime, the store and the providers: what a function declares, how it starts, and
//! what it runs on. A function's own main is what only it knows.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod config;
pub mod needs;
mod outbox;
mod polls;
mod ports;
pub mod providers;
pub mod run;
#[cfg(test)]
mod tests;

pub use self::polls::read_lists;
