//! `touchline tick`: runs what a schedule runs, with an event that carries the stack's time.
//! It does not wait for what the function queues.

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::invoke;
use crate::args::Global;
use crate::clock::rfc3339;
use crate::error::CliError;
use crate::target::Target;

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
    let event = scheduled_event(&target.function(&args.function), now);
    let report = Report {
        answer: invoke::call(&target, &args.function, &event).await?,
        function: args.function.clone(),
        time: rfc3339(now),
    };
    global.format().print(&report, |r| {
        format!("{} at {}: {}", r.function, r.time, r.answer)
    })
}

/// The event that a schedule's rule sends, at this time.
#[must_use]
pub fn scheduled_event(rule: &str, at: DateTime<Utc>) -> Value {
    let time = rfc3339(at);
    json!({
        "version": "0",
        "id": event_id(rule, &time),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": time,
        "region": "ap-southeast-2",
        "resources": [format!("arn:aws:events:ap-southeast-2:000000000000:rule/{rule}")],
        "detail": {},
    })
}

// Shaped as a UUID; the same rule and second give the same id, as a redelivery does.
fn event_id(rule: &str, time: &str) -> String {
    let digest = hex::encode(Sha256::digest(format!("{rule} {time}")));
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ]
    .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_carries_the_stacks_time_and_a_stable_id() {
        let at = "2026-12-01T09:00:00.750Z".parse().unwrap();
        let event = scheduled_event("touchline-enqueue", at);
        assert_eq!(event["time"], "2026-12-01T09:00:00Z");
        assert_eq!(event["detail-type"], "Scheduled Event");
        assert_eq!(event["id"].as_str().unwrap().len(), 36);
        assert_eq!(event, scheduled_event("touchline-enqueue", at));
    }
}
