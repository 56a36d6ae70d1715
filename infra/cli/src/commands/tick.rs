//! `touchline tick`: runs what a schedule runs, with an event that carries the stack's time.
//! It does not wait for what the function queues.

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use touchline_stack::args::Global;
use touchline_stack::clock::rfc3339;
use touchline_stack::error::CliError;
use touchline_stack::invoke;
use touchline_stack::target::Target;

/// Which schedule.
#[derive(Debug, Clone, Args)]
pub struct TickArgs {
    /// The scheduled function by its crate name.
    #[arg(default_value = "enqueue")]
    pub function: String,
}

#[derive(Debug, Serialize)]
struct Report {
    function: String,
    time: String,
    answer: Value,
}

/// Runs the schedule once.
///
/// # Errors
/// [`CliError`].
pub async fn run(global: &Global, args: &TickArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let now = target.now()?;
    let event = invoke::scheduled_event(&target.function(&args.function), now);
    let report = Report {
        answer: invoke::call(&target, &args.function, &event).await?,
        function: args.function.clone(),
        time: rfc3339(now),
    };
    global.format().print(&report, |r| {
        format!("{} at {}: {}", r.function, r.time, r.answer)
    })
}
