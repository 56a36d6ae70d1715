//! The template, the declarations and the built programs, held against each other: nothing is said that no code needs, and
//! nothing is needed that is not said.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod drift;
mod parsed;
mod programs;
mod reach;
mod rights;
mod rules;
mod settings;
