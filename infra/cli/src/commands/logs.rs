//! `touchline logs`: what a function printed lately, oldest first.
//! Times are the machine's, because that is when the line was stored, not the stack's virtual ones.

use std::time::Duration;

use clap::Args;
use tokio::process::Command;

use touchline_stack::args::Global;
use touchline_stack::error::CliError;
use touchline_stack::local::{self, StackPaths, Venv};
use touchline_stack::logs;
use touchline_stack::progress::Progress;
use touchline_stack::span;
use touchline_stack::target::{Place, Target};
use touchline_stack::workspace::Workspace;

/// Which function's log, and how much of it.
#[derive(Debug, Clone, Args)]
pub struct LogsArgs {
    /// The function by its crate name.
    pub function: String,
    /// How far back, such as 15m or 2h.
    #[arg(long, default_value = "15m", value_parser = span::parse)]
    pub since: Duration,
    /// Only lines that match this pattern, in the syntax of log filters.
    #[arg(long, value_name = "PATTERN")]
    pub filter: Option<String>,
}

/// Prints the lines.
///
/// # Errors
/// [`CliError`]; also when there is no such function.
pub async fn run(global: &Global, args: &LogsArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let workspace = Workspace::find().await?;
    let paths = StackPaths::new(&workspace, &global.stack)?;
    let venv = Venv::ensure(&workspace, &paths, &Progress::new(global.json)).await?;
    let client = match target.place() {
        Place::Local(state) => local::aws_client(&venv, state),
        Place::Aws => Command::new(venv.aws()),
    };
    let function = target.function(&args.function);
    let lines = logs::read(client, &function, args.since, args.filter.as_deref()).await?;
    global.format().print(&lines, |lines| {
        let lines = lines
            .iter()
            .map(|line| format!("{} {}", line.at, line.message));
        lines.collect::<Vec<_>>().join("\n")
    })
}
