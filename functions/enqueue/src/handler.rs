//! Runs one tick and reports what it did: over all shards at once, or over the one that an earlier invocation had no time
//! for. A shard that takes long is handed to an invocation of its own, so that the others' next tick does not wait for it.

use chrono::{DateTime, Utc};
use futures::future::join_all;
use serde::{Deserialize, Serialize};
use touchline_engine::{
    enqueue::{SHARDS, Tick, tick},
    ports::{ChannelQueues, DueIndex, PortError},
};
use touchline_runtime::{clock::Clock, lambda::Failure, metrics::Metrics};
use touchline_wiring::run::Occasion;

/// All shards together are given this long; what is not done by then is handed over, shard by shard.
const TOGETHER_MS: u64 = 10_000;
/// An invocation begins no page when less than this is left to it. A page is a hundred calls to a queue.
const MARGIN_MS: u64 = 5_000;

/// What an event may say besides its time.
#[derive(Debug, Deserialize)]
pub struct Shard {
    /// The shard that is handed over; a schedule names none and means all.
    #[serde(default)]
    pub shard: Option<u8>,
}

/// Starts an invocation for one shard.
pub trait HandOver {
    /// Does not wait for its end.
    async fn hand_over(&self, shard: u8, now: DateTime<Utc>) -> Result<(), PortError>;
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
    /// Shards that go on in an invocation of their own.
    pub handed_over: usize,
}

/// Queues what is due at `now`, in one shard or in all of them.
///
/// # Errors
/// Every shard failed.
pub async fn handle<P: DueIndex + ChannelQueues, H: HandOver>(
    ports: &P,
    others: &H,
    occasion: Occasion<Shard>,
) -> Result<Report, Failure> {
    let Occasion {
        now,
        more: Shard { shard },
        deadline_ms,
    } = occasion;
    let shards: Vec<u8> = shard.map_or_else(|| (0..SHARDS).collect(), |shard| vec![shard]);
    let until_ms = time_until(shard, now_ms(), deadline_ms);
    let time_is_up = || now_ms() >= until_ms;
    let ticks = shards
        .iter()
        .map(|shard| tick(ports, *shard, now, &time_is_up));
    let results = join_all(ticks).await;
    let mut report = Report {
        at: now,
        tick: Tick::default(),
        failed_shards: 0,
        handed_over: 0,
    };
    let mut last_error = None;
    for (one, result) in shards.iter().zip(results) {
        match result {
            Ok(done) => {
                report.tick += done;
                // A shard alone goes on with the next schedule: invocations never call each other in a chain.
                if done.unfinished > 0 && shard.is_none() {
                    match others.hand_over(*one, now).await {
                        Ok(()) => report.handed_over += 1,
                        Err(error) => tracing::warn!(%error, "a shard waits for the next tick"),
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a shard waits for the next tick");
                report.failed_shards += 1;
                last_error = Some(error);
            }
        }
    }
    if let Some(error) = last_error
        && report.failed_shards == shards.len()
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
        unfinished = report.tick.unfinished,
        failed_shards = report.failed_shards,
        handed_over = report.handed_over,
        "tick"
    );
    Ok(report)
}

/// Until when pages are begun. The runtime's deadline is in real time, whatever the stack's clock says.
fn time_until(shard: Option<u8>, now_ms: u64, deadline_ms: u64) -> u64 {
    let last = deadline_ms.saturating_sub(MARGIN_MS);
    match shard {
        Some(_) => last,
        None => last.min(now_ms + TOGETHER_MS),
    }
}

fn now_ms() -> u64 {
    u64::try_from(Clock::real().now().timestamp_millis()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use touchline_domain::channel::Channel;
    use touchline_engine::{
        job::TouchJob,
        ports::{DueItem, Saved, Watermark},
    };

    use super::*;

    /// Shards in which something is always due.
    #[derive(Default)]
    struct Endless(Mutex<Vec<u8>>);

    impl DueIndex for Endless {
        async fn due(
            &self,
            _: u8,
            _: Option<DateTime<Utc>>,
            _: DateTime<Utc>,
            _: Option<String>,
            _: u32,
        ) -> Result<(Vec<DueItem>, Option<String>), PortError> {
            Ok((Vec::new(), Some("more".to_owned())))
        }

        async fn watermark(&self, _: u8) -> Result<Watermark, PortError> {
            Ok(Watermark::default())
        }

        async fn move_watermark(
            &self,
            _: u8,
            _: Watermark,
            _: Watermark,
        ) -> Result<Saved, PortError> {
            Ok(Saved::Written)
        }
    }

    impl ChannelQueues for Endless {
        async fn send(&self, _: Channel, _: &[(TouchJob, u32)]) -> Result<Vec<usize>, PortError> {
            Ok(Vec::new())
        }
    }

    impl HandOver for Endless {
        async fn hand_over(&self, shard: u8, _: DateTime<Utc>) -> Result<(), PortError> {
            self.0.lock().unwrap().push(shard);
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_tick_without_time_hands_each_unfinished_shard_over_and_a_shard_alone_none() {
        let shards = Endless::default();
        let of = |shard| Occasion {
            now: Utc::now(),
            more: Shard { shard },
            deadline_ms: 0,
        };
        let report = handle(&shards, &shards, of(None)).await.unwrap();
        assert_eq!(report.handed_over, usize::from(SHARDS));
        let handed = std::mem::take(&mut *shards.0.lock().unwrap());
        assert_eq!(handed, (0..SHARDS).collect::<Vec<u8>>());
        let report = handle(&shards, &shards, of(Some(3))).await.unwrap();
        assert_eq!((report.tick.unfinished, report.handed_over), (1, 0));
        assert!(shards.0.lock().unwrap().is_empty());
    }

    #[test]
    fn all_shards_together_get_a_part_of_the_time_and_one_alone_gets_nearly_all() {
        assert_eq!(time_until(None, 1_000, 51_000), 11_000);
        assert_eq!(time_until(None, 1_000, 9_000), 4_000);
        assert_eq!(time_until(Some(3), 1_000, 51_000), 46_000);
    }

    #[test]
    fn a_schedule_names_no_shard_and_a_hand_over_does() {
        let read = |text: &str| serde_json::from_str::<Shard>(text).unwrap();
        assert_eq!(read(r#"{"time":"2026-11-20T00:01:00Z"}"#).shard, None);
        assert_eq!(
            read(r#"{"time":"2026-11-20T00:01:00Z","shard":3}"#).shard,
            Some(3)
        );
    }
}
