//! `cargo lab bench journey`: from files uploaded to the first touch of every lead accepted, on a local stack of its own, with
//! the time of each stage and what bounds it. Time is played where the calendar would make leads wait; everything else is
//! the wall clock.

mod processes;
mod report;
mod stages;

use std::time::Duration;

use clap::Args;

use touchline_stack::args::Global;
use touchline_stack::error::CliError;
use touchline_stack::local::{self, UpOptions};
use touchline_stack::progress::Progress;
use touchline_stack::target::Target;
use touchline_stack::workspace::Workspace;

/// The stack that is measured when none is named.
const STACK: &str = "bench-journey";

/// How many leads.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Brings up a fresh stack named bench-journey (or --stack) and takes it down again. As many tenants as it \
takes share the leads, so that every first e-mail fits into the day's limits of its domains and tenant; \
each uploads one list. Providers answer after --latency-ms, never fail, and send no webhooks.

The stages follow each other: import (file to leads), enrol (leads enriched, scored, washed and enrolled), \
send (the clock is moved to each quarter of an hour in which something is due, until every lead's first \
touch is accepted or left out). For each: seconds, leads a second, and the CPU time of the emulator (one \
Python process), of DynamoDB and of the functions (built quickly, not as deployed). Where the emulator's is near the \
wall clock it is what bounds the stage; where both together are near that of all cores, the machine is.

Examples:
  cargo lab bench journey --leads 500
  cargo lab bench journey --leads 10000 --json > journey.json")]
pub struct JourneyArgs {
    /// Rows of all lists together.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub leads: u32,
    /// What each call to a provider takes.
    #[arg(long, value_name = "MS", default_value_t = 100)]
    pub latency_ms: u64,
    /// What decides the lists.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
}

/// Measures.
///
/// # Errors
/// [`CliError`]; also when a stage does not come to its end.
pub async fn run(global: &Global, args: &JourneyArgs) -> Result<(), CliError> {
    let progress = Progress::new(global.json);
    let workspace = Workspace::find().await?;
    let options = UpOptions {
        name: super::stack_of(global, STACK).to_owned(),
        seed: args.seed,
        fresh: true,
        schedules: false,
        ..UpOptions::default()
    };
    let stack = local::up(&workspace, &options, &progress).await?;
    let target = Target::of_local(stack.state().clone()).await;
    let latency = Duration::from_millis(args.latency_ms);
    let report = stages::run(&target, args.leads, args.seed, latency, &progress).await?;
    drop(stack);
    global.format().print(&report, report::human)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use crate::args::{Command, Lab};
    use crate::bench::Bench;

    #[test]
    fn without_arguments_ten_thousand_leads_travel_and_providers_take_a_tenth_of_a_second() {
        let cli = Lab::try_parse_from(["touchline-lab", "bench", "journey"]).unwrap();
        let Command::Bench(bench) = cli.command else {
            panic!("not a benchmark")
        };
        let Bench::Journey(args) = bench.what else {
            panic!("not a journey")
        };
        assert_eq!((args.leads, args.latency_ms), (10_000, 100));
        assert!(
            Lab::try_parse_from(["touchline-lab", "bench", "journey", "--leads", "0"]).is_err()
        );
    }
}
