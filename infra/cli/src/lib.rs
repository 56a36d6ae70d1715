//! The `touchline` command as a library: the local stack for end-to-end tests, and what each subcommand does.
//! It decides no rule of outreach; those are in the domain crate.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod args;
pub mod choice;
pub mod clock;
pub mod commands;
pub mod demo;
pub mod depth;
pub mod error;
pub mod gather;
pub mod local;
pub mod output;
pub mod progress;
pub mod records;
pub mod span;
pub mod target;
pub mod workspace;
