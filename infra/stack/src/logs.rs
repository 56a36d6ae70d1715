//! What functions printed, by way of an AWS client.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use tokio::process::Command;

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
pub struct Line {
    /// When it was stored, RFC 3339.
    pub at: String,
    /// The line itself.
    pub message: String,
}

/// What a function (by its deployed name) printed since then, oldest first, by an AWS client that leads to its stack.
///
/// # Errors
/// The client fails; also when there is no such function.
pub async fn read(
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
