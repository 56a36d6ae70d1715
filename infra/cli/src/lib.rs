//! The `touchline` command as a library: what each subcommand does. It decides no rule of outreach; those are in the
//! domain crate.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod args;
pub mod commands;
mod who;
