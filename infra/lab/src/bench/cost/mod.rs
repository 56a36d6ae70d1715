//! `touchline bench cost`: plays a small campaign on a local stack of its own and adds up what each function's calls cost at
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
use touchline_stack::local::{self, DEFAULT_STACK, StackPaths, UpOptions, Venv};
use touchline_stack::logs;
use touchline_stack::progress::Progress;
use touchline_stack::target::Target;
use touchline_stack::workspace::Workspace;

/// The stack that is meant when none is named: never one that somebody works on.
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
  touchline bench cost
  touchline bench cost --rows 1000 --json > cost.json")]
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
    let workspace = Workspace::find().await.map_err(local::LocalError::from)?;
    let name = stack_name(global);
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

fn stack_name(global: &Global) -> &str {
    if global.stack == DEFAULT_STACK {
        STACK
    } else {
        &global.stack
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Command, Lab};
    use crate::bench::Bench;

    fn parsed(words: &[&str]) -> (Global, CostArgs) {
        let words = ["touchline-lab", "bench", "cost"].iter().chain(words);
        let cli = Lab::try_parse_from(words).unwrap();
        match cli.command {
            Command::Bench(bench) => match bench.what {
                Bench::Cost(args) => (cli.global, args),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_stack_is_its_own_unless_one_is_named() {
        let (global, args) = parsed(&["--rows", "50"]);
        assert_eq!((stack_name(&global), args.rows, args.days), (STACK, 50, 14));
        let (global, _) = parsed(&["--stack", "mine"]);
        assert_eq!(stack_name(&global), "mine");
    }

    #[test]
    fn a_list_without_rows_is_refused() {
        assert!(Lab::try_parse_from(["touchline-lab", "bench", "cost", "--rows", "0"]).is_err());
    }
}
