//! The command line: what can be asked, and in which words.

use clap::{Parser, Subcommand};
use touchline_stack::{
    args::{Global, HEADING},
    local::DEFAULT_STACK,
};

use crate::{bench, demo, fuzz, simulate};

/// Plays, measures and tries to break Touchline, on this machine.
#[derive(Debug, Parser)]
#[command(
    name = "touchline-lab",
    bin_name = "cargo lab",
    version,
    max_term_width = 100
)]
pub struct Lab {
    /// Name of the stack.
    #[arg(long, global = true, default_value = DEFAULT_STACK, env = "TOUCHLINE_STACK", help_heading = HEADING)]
    pub stack: String,
    /// Print one JSON document.
    #[arg(long, global = true, help_heading = HEADING)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Lab {
    /// What commands that work on a stack take. The lab's is always a local one.
    #[must_use]
    pub fn global(&self) -> Global {
        Global {
            stack: self.stack.clone(),
            aws: false,
            json: self.json,
        }
    }
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play fourteen days of two lead lists on a fresh local stack, and audit what came of it.
    ///
    /// A local stack of the same name is replaced, with its data. The new one keeps running afterwards, to be looked at
    /// with `touchline`; `touchline down` stops it. Ends with status 1 if an audit is not clean.
    Demo(demo::command::DemoArgs),
    /// Measure speed, memory and cost of what is built here.
    Bench(bench::BenchArgs),
    /// Try to break the send path: crashes, lost answers, redeliveries and races in every order, by seed.
    ///
    /// Runs the engine's own code against a model of tables, queues, clock and providers. A seed decides what goes
    /// wrong and when; after every step it is checked that no touch reached its provider twice, none was lost, no
    /// limit was exceeded, and nothing went to somebody who had opted out. Needs no stack and no network. Ends with
    /// status 1 if anything was wrong.
    Simulate(simulate::SimulateArgs),
    /// Send fuzzed requests through the webhook intake: no server error, and nothing stored for a stranger.
    Fuzz(fuzz::FuzzArgs),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Lab::command().debug_assert();
    }
}
