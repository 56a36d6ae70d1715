//! The `touchline-lab` command as a library: the demonstration, the benchmarks and the simulation.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod args;
pub mod bench;
pub mod demo;
pub mod fuzz;
pub mod simulate;

use touchline_stack::error::CliError;

use self::args::{Command, Lab};

/// Runs the command that was asked for.
///
/// # Errors
/// [`CliError`], which tells the exit status.
pub async fn run(lab: Lab) -> Result<(), CliError> {
    let global = lab.global();
    match lab.command {
        Command::Demo(args) => demo::command::run(&global, &args).await,
        Command::Bench(args) => bench::run(&global, &args).await,
        Command::Simulate(args) => simulate::run(&global, &args).await,
        Command::Fuzz(args) => fuzz::run(&global, &args).await,
    }
}
