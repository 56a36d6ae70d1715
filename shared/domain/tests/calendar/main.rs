//! Tests of the calendar against oracles that share no code with it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixture;
mod holidays;
mod places;
mod plans;
mod product;
mod tzdata;
mod windows;
