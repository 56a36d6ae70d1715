//! `cargo lab bench`: measures what stands in docs/performance.md, one subcommand a table there. It prints figures and
//! judges none: whether a target is met is for the reader of that document.

mod cost;
mod enqueue;
mod import;
mod journey;
mod lambda;
mod program;
mod world;

use clap::{Args, Subcommand, ValueEnum};

use touchline_stack::args::Global;
use touchline_stack::error::CliError;
use touchline_stack::local::DEFAULT_STACK;

/// What to measure.
#[derive(Debug, Clone, Args)]
pub struct BenchArgs {
    /// What to measure.
    #[command(subcommand)]
    pub what: Bench,
}

/// The benchmarks.
#[derive(Debug, Clone, Subcommand)]
pub enum Bench {
    /// Each function's cold start, warm latency, memory and archive, with AWS answered by stubs.
    Lambda(lambda::LambdaArgs),
    /// One large list through import-leads, killed on the way, with AWS answered by stubs.
    Import(import::ImportArgs),
    /// What a touch costs at AWS, in units and USD, on a local stack of its own.
    Cost(cost::CostArgs),
    /// From files uploaded to every lead's first touch accepted, on a local stack of its own.
    Journey(journey::JourneyArgs),
    /// What a tick of enqueue reads, by how many leads are enrolled; and a back-log that drains.
    Enqueue(enqueue::EnqueueArgs),
}

/// How the functions are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Profile {
    /// As deployed: optimised for size, with link-time optimisation. Minutes for each function the first time.
    #[default]
    Release,
    /// As the local stack runs them: quick to build, several times slower.
    Dev,
}

impl Profile {
    /// The name that cargo knows.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "dev",
        }
    }
}

/// Measures.
///
/// # Errors
/// [`CliError`].
pub async fn run(global: &Global, args: &BenchArgs) -> Result<(), CliError> {
    match &args.what {
        Bench::Lambda(args) => lambda::run(global, args).await,
        Bench::Import(args) => import::run(global, args).await,
        Bench::Cost(args) => cost::run(global, args).await,
        Bench::Journey(args) => journey::run(global, args).await,
        Bench::Enqueue(args) => enqueue::run(global, args).await,
    }
}

/// The stack that is measured: `own` unless one is named, so that it is never one that somebody works on.
fn stack_of<'a>(global: &'a Global, own: &'a str) -> &'a str {
    if global.stack == DEFAULT_STACK {
        own
    } else {
        &global.stack
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::Lab;

    #[test]
    fn the_stack_is_its_own_unless_one_is_named() {
        let stack = |words: &str| {
            let words = format!("touchline-lab bench cost {words}");
            let lab = Lab::try_parse_from(words.split_whitespace()).unwrap();
            stack_of(&lab.global(), "bench-cost").to_owned()
        };
        assert_eq!(stack("--rows 50"), "bench-cost");
        assert_eq!(stack("--stack mine"), "mine");
    }
}
