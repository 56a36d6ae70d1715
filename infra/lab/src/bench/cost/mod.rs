//! `cargo lab bench cost`: plays a small campaign on a local stack of its own and adds up what each function's calls cost at
//! AWS, by stage, operation and table. It prints figures beside their targets and judges none.

mod prices;
mod report;
mod sums;

use std::time::Instant;

use clap::Args;

use self::sums::Sums;
use crate::demo::{self, Options};
use touchline_stack::args::Global;
use touchline_stack::error::CliError;
use touchline_stack::local::{self, StackPaths, UpOptions, Venv};
use touchline_stack::logs;
use touchline_stack::progress::Progress;
use touchline_stack::target::Target;
use touchline_stack::workspace::Workspace;

/// The stack that is measured when none is named.
const STACK: &str = "bench-cost";

/// What is played.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Brings up a fresh stack named bench-cost (or --stack), plays the demonstration's two campaigns with the \
cost meter on, and takes the stack down again. DynamoDB's write units are as DynamoDB reports them, read \
units are computed from the sizes of items, requests are counted. Lambda's times are those of this \
machine and the emulator, slower than AWS.

What a tick costs whether or not anything is due is shown by the day, not by the touch: it is the same at \
ten touches a day and at ten million. Of the first days' figures a small campaign overstates what is read \
once for many touches (contexts, counters, secrets).

Prices are AWS's public list for ap-southeast-2, on demand; compare them with your bill.

Examples:
  cargo lab bench cost
  cargo lab bench cost --rows 1000 --json > cost.json")]
pub struct CostArgs {
    /// Rows of each of the two lists.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    pub rows: u32,
    /// Days to play.
    #[arg(long, default_value_t = 14)]
    pub days: u64,
    /// What decides the lists and how leads behave.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
}

/// Measures.
///
/// # Errors
/// [`CliError`]; also when the campaign does not come to its end.
pub async fn run(global: &Global, args: &CostArgs) -> Result<(), CliError> {
    let progress = Progress::new(global.json);
    let workspace = Workspace::find().await?;
    let name = super::stack_of(global, STACK);
    let options = UpOptions {
        name: name.to_owned(),
        seed: args.seed,
        fresh: true,
        schedules: false,
        cost_meter: true,
        ..UpOptions::default()
    };
    let paths = StackPaths::new(&workspace, name)?;
    let began = Instant::now();
    let stack = local::up(&workspace, &options, &progress).await?;
    let target = Target::of_local(stack.state().clone()).await;
    let options = Options {
        rows: args.rows as usize,
        days: args.days,
        seed: args.seed,
    };
    let played = demo::run(&target, options, &progress).await?;
    let template = std::fs::read_to_string(workspace.template())?;
    let venv = Venv::ensure(&workspace, &paths, &progress).await?;
    let stage = progress.stage("adding up");
    let mut sums = Sums::default();
    for function in local::functions(&template) {
        stage.detail(function);
        let client = local::aws_client(&venv, stack.state());
        let function = target.function(function);
        let lines = logs::read(client, &function, began.elapsed(), None).await?;
        for line in lines {
            sums.add_line(&line.message, name);
        }
    }
    drop(stage);
    drop(stack);
    let report = report::Report::of(&played, &sums)?;
    global.format().print(&report, report::human)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use crate::args::{Command, Lab};
    use crate::bench::Bench;

    #[test]
    fn two_lists_of_two_hundred_rows_play_for_a_fortnight() {
        let lab = Lab::try_parse_from(["touchline-lab", "bench", "cost"]).unwrap();
        let Command::Bench(bench) = lab.command else {
            panic!("not a benchmark")
        };
        let Bench::Cost(args) = bench.what else {
            panic!("not the cost")
        };
        assert_eq!((args.rows, args.days), (200, 14));
    }

    #[test]
    fn a_list_without_rows_is_refused() {
        let words = ["touchline-lab", "bench", "cost", "--rows", "0"];
        assert!(Lab::try_parse_from(words).is_err());
    }
}
