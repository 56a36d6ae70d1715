//! Reads providers' lists and says what came of it: in the log, and as metrics for the alarm.

use chrono::{DateTime, Utc};
use touchline_engine::{
    poll::{Reading, Report, poll_all, sum},
    ports::PortError,
};
use touchline_providers::lists::List;
use touchline_runtime::metrics::Metrics;
use touchline_store::Store;

/// Queues what these lists hold and no earlier run has queued.
///
/// # Errors
/// No list could be read, for a fault of ours.
pub async fn read_lists(
    store: &Store,
    lists: Vec<List>,
    now: DateTime<Utc>,
) -> Result<Report, PortError> {
    let lists: Vec<_> = lists.into_iter().map(|list| (list.feed(), list)).collect();
    let readings = poll_all(store, &lists, now).await;
    readings.iter().for_each(tell);
    let (report, error) = sum(readings, now);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Metrics::new()
        .count("ListEntriesQueued", count(report.queued))
        .count("ListEntriesUnreadable", count(report.unreadable))
        .count("ListsBehind", count(report.behind))
        .emit(now);
    tracing::info!(
        lists = report.lists,
        queued = report.queued,
        known = report.known,
        failed = report.failed,
        behind = report.behind,
        "lists read"
    );
    error.map_or(Ok(report), Err)
}

fn tell(reading: &Reading<'_>) {
    let (provider, list) = (reading.feed.provider.as_str(), reading.feed.list);
    match &reading.outcome {
        Ok(polled) if polled.unreadable > 0 => {
            let entries = polled.unreadable;
            tracing::error!(
                provider,
                list,
                entries,
                "entries of a list cannot be read; they are kept"
            );
        }
        Ok(_) => {}
        Err(error) if reading.is_behind => {
            tracing::error!(provider, list, %error, "a list cannot be read, somebody has to look");
        }
        Err(error) => {
            tracing::warn!(provider, list, %error, "a list waits for the next run");
        }
    }
}
