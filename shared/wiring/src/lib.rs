//! The composition root, above the runtime, the store and the providers: what a function declares, how it starts, and
//! what it runs on. A function's own main is what only it knows.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod needs;
