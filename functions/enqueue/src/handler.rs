//! Runs one tick over all shards at once and reports what it did.

use chrono::{DateTime, Utc};
use futures::future::join_all;
use serde::{Deserialize, Serialize};
use touchline_engine::{
    enqueue::{SHARDS, Tick, tick},
    ports::{ChannelQueues, DueIndex},
};
use touchline_runtime::{lambda::Failure, metrics::Metrics};

/// The part of a scheduled event that counts.
#[derive(Debug, Deserialize)]
pub struct Scheduled {
    /// When it was due.
    #[serde(default)]
    pub time: Option<String>,
}

/// What a tick did.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The moment that was due.
    pub at: DateTime<Utc>,
    /// All shards together.
    #[serde(flatten)]
    pub tick: Tick,
    /// Shards that failed; they are done with the next tick.
    pub failed_shards: usize,
}

/// Queues what is due at `now`.
///
/// # Errors
/// Every shard failed.
pub async fn handle<P: DueIndex + ChannelQueues>(
    ports: &P,
    now: DateTime<Utc>,
) -> Result<Report, Failure> {
    let results = join_all((0..SHARDS).map(|shard| tick(ports, shard, now))).await;
    let mut report = Report {
        at: now,
        tick: Tick::default(),
        failed_shards: 0,
    };
    let mut last_error = None;
    for result in results {
        match result {
            Ok(done) => report.tick += done,
            Err(error) => {
                tracing::warn!(%error, "a shard waits for the next tick");
                report.failed_shards += 1;
                last_error = Some(error);
            }
        }
    }
    if let Some(error) = last_error
        && report.failed_shards == usize::from(SHARDS)
    {
        return Err(error.into());
    }
    let queued = u32::try_from(report.tick.queued + report.tick.again).unwrap_or(u32::MAX);
    Metrics::new().count("TouchesQueued", queued).emit(now);
    tracing::info!(
        queued = report.tick.queued,
        again = report.tick.again,
        refused = report.tick.refused,
        pages = report.tick.pages,
        failed_shards = report.failed_shards,
        "tick"
    );
    Ok(report)
}
