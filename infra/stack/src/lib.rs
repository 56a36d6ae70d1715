//! A stack of Touchline, on this machine or in AWS: how it is built, deployed and taken down, its records and its time, and
//! what the tools that work on one share. It decides no rule of outreach; those are in the domain crate.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod args;
pub mod choice;
pub mod clock;
pub mod depth;
pub mod error;
pub mod gather;
pub mod idle;
pub mod invoke;
pub mod local;
pub mod logs;
pub mod outcome;
pub mod output;
pub mod outputs;
pub mod progress;
pub mod records;
pub mod setup;
pub mod shell;
pub mod simulator;
pub mod span;
pub mod target;
pub mod workspace;
