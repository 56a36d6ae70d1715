//! `touchline logs`: what a function printed lately, oldest first.
//! Times are the machine's, because that is when the line was stored, not the stack's virtual ones.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use serde::{Deserialize, Serialize};
use tokio::process::Command;

use crate::args::Global;
use crate::error::CliError;
use crate::local::{self, LocalError, StackPaths, Venv};
use crate::progress::Progress;
use crate::span;
use crate::target::{Place, Target};
use crate::workspace::Workspace;

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

#[derive(Debug, Deserialize)]
struct Found {
    events: Vec<Event>,
}

#[derive(Debug, Deserialize)]
struct Event {
    timestamp: i64,
    message: String,
}

/// A line of a log.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    at: String,
    /// The line itself.
    pub(crate) message: String,
}

/// Prints the lines.
///
/// # Errors
/// [`CliError`]; also when there is no such function.
pub async fn run(global: &Global, args: &LogsArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let workspace = Workspace::find().await.map_err(LocalError::from)?;
    let paths = StackPaths::new(&workspace, &global.stack)?;
    let venv = Venv::ensure(&workspace, &paths, &Progress::new(global.json)).await?;
    let client = match target.place() {
        Place::Local(state) => local::aws_client(&venv, state),
        Place::Aws => Command::new(venv.aws()),
    };
    let function = target.function(&args.function);
    let lines = read(client, &function, args.since, args.filter.as_deref()).await?;
    global.format().print(&lines, |lines| {
        let lines = lines
            .iter()
            .map(|line| format!("{} {}", line.at, line.message));
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// What a function (by its deployed name) printed since then, oldest first, by an AWS client that leads to its stack.
///
/// # Errors
/// The client fails; also when there is no such function.
pub(crate) async fn read(
    mut client: Command,
    function: &str,
    since: Duration,
    filter: Option<&str>,
) -> anyhow::Result<Vec<Line>> {
    let now_ms = Utc::now().timestamp_millis();
    let back_ms = i64::try_from(since.as_millis()).unwrap_or(now_ms);
    let from_ms = now_ms.saturating_sub(back_ms).max(0);
    client
        .args(["logs", "filter-log-events", "--output", "json"])
        .args(["--log-group-name", &format!("/aws/lambda/{function}")])
        .args(["--start-time", &from_ms.to_string()]);
    if let Some(pattern) = filter {
        client.args(["--filter-pattern", pattern]);
    }
    let output = client
        .kill_on_drop(true)
        .output()
        .await
        .context("running the AWS client")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(anyhow!("logs of {function}: {}", said.trim()));
    }
    let found: Found = serde_json::from_slice(&output.stdout).context("reading the log events")?;
    Ok(found.events.into_iter().map(line).collect())
}

fn line(event: Event) -> Line {
    let at = DateTime::from_timestamp_millis(event.timestamp).unwrap_or_default();
    Line {
        at: at.to_rfc3339_opts(SecondsFormat::Millis, true),
        message: event.message.trim_end().to_owned(),
    }
}
