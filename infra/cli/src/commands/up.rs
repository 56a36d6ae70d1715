//! `touchline up`: the local stack, in one command, from a checkout with Rust and Python.
//! It refuses `--aws`: there, SAM deploys.

use std::time::Instant;

use clap::Args;
use serde::Serialize;

use touchline_stack::args::Global;
use touchline_stack::error::CliError;
use touchline_stack::local::{self, StackState, UpOptions};
use touchline_stack::output::table;
use touchline_stack::progress::{Progress, Stage};
use touchline_stack::workspace::Workspace;

/// How the stack is to be.
#[derive(Debug, Clone, Args)]
pub struct UpArgs {
    /// Port of the AWS endpoint; without it 4566 if free, else any.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// Begin with no data and the machine's time.
    #[arg(long)]
    pub fresh: bool,
    /// Enforce IAM, as AWS does.
    #[arg(long)]
    pub auth: bool,
    /// Decides how the simulated leads behave.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Call this server in place of the providers; no simulator is started.
    #[arg(long, value_name = "URL")]
    pub provider_url: Option<String>,
    /// Let nothing happen by itself: no schedule, no webhook; `tick` runs a schedule.
    #[arg(long)]
    pub no_schedules: bool,
    /// Let each invocation print what it cost, in units and requests; `cargo lab bench cost` adds it up.
    #[arg(long)]
    pub cost_meter: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    #[serde(flatten)]
    stack: StackState,
    took_secs: f64,
    stages: Vec<Stage>,
}

/// Brings the stack up and prints where it is.
///
/// # Errors
/// [`CliError`]; nothing that this run started runs on then.
pub async fn run(global: &Global, args: &UpArgs) -> Result<(), CliError> {
    global.local_only("up")?;
    let workspace = Workspace::find().await?;
    let options = UpOptions {
        name: global.stack.clone(),
        port: args.port,
        fresh: args.fresh,
        auth: args.auth,
        seed: args.seed,
        provider_url: args.provider_url.as_deref().map(without_final_slash),
        schedules: !args.no_schedules,
        cost_meter: args.cost_meter,
    };
    let progress = Progress::new(global.json);
    let begun = Instant::now();
    let stack = local::up(&workspace, &options, &progress).await?;
    let report = Report {
        stack: stack.leave_running(),
        took_secs: begun.elapsed().as_secs_f64(),
        stages: progress.stages(),
    };
    global.format().print(&report, human)
}

fn without_final_slash(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

fn human(report: &Report) -> String {
    let stack = &report.stack;
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let iam = if stack.auth {
        "enforced"
    } else {
        "not enforced"
    };
    let rows = [
        row(
            "AWS endpoint",
            format!("{} ({}, IAM {iam})", stack.endpoint, stack.region),
        ),
        row(
            "DynamoDB",
            stack
                .dynamodb_endpoint
                .clone()
                .unwrap_or_else(|| "at the AWS endpoint".into()),
        ),
        row("HTTP API", stack.api_url.clone()),
        row(
            "providers",
            stack.simulator_url.clone().unwrap_or_else(|| "none".into()),
        ),
        row("clock file", stack.clock_file.display().to_string()),
        row("ready after", format!("{:.1} s", report.took_secs)),
    ];
    table(&["stack", &stack.name], rows)
}
