//! Reads several lists of providers at once and reports what came of it. One that fails stops no other; what it stays
//! behind by is counted, for the alarm.

use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt as _, stream};
use serde::Serialize;
use touchline_engine::{
    intake::IntakePorts,
    poll::{Feed, PollError, Polled, Polls, Source, SourceError, poll},
};

use crate::{lambda::Failure, metrics::Metrics};

/// Lists that are read at once.
const AT_ONCE: usize = 4;
/// A list that has not been read to its end for so long, beyond its own pace, is behind.
const BEHIND_AFTER: TimeDelta = TimeDelta::hours(2);

/// What came of all lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// When.
    pub at: DateTime<Utc>,
    /// Lists that were to be read.
    pub lists: usize,
    /// Entries that were queued: what no webhook had told, and what one may have told as well.
    pub queued: usize,
    /// Entries that were queued before.
    pub known: usize,
    /// Entries that can not be read; they are kept.
    pub unreadable: usize,
    /// Lists that were not read to their end this time.
    pub unfinished: usize,
    /// Lists that failed; they go on with the next run.
    pub failed: usize,
    /// Lists that are refused, or have not been read to their end for hours.
    pub behind: usize,
}

/// Reads all of `lists`.
///
/// # Errors
/// All of them failed, on our own side: the next run goes on where this one stopped.
pub async fn run<P, S>(
    ports: &P,
    lists: &[(Feed, S)],
    now: DateTime<Utc>,
) -> Result<Report, Failure>
where
    P: Polls + IntakePorts,
    S: Source,
{
    let mut report = Report {
        at: now,
        lists: lists.len(),
        ..Report::default()
    };
    let mut last_error = None;
    let mut ours = 0;
    let mut outcomes = stream::iter(lists)
        .map(|(feed, source)| async move {
            let outcome = poll(ports, source, feed, now).await;
            let behind = is_behind(ports, feed, &outcome, now).await;
            (feed, outcome, behind)
        })
        .buffer_unordered(AT_ONCE);
    while let Some((feed, outcome, behind)) = outcomes.next().await {
        report.behind += usize::from(behind);
        match outcome {
            Ok(polled) => report.add(feed, polled),
            Err(error) => {
                report.failed += 1;
                tell(feed, &error, behind);
                if let PollError::Port(error) = error {
                    ours += 1;
                    last_error = Some(error);
                }
            }
        }
    }
    drop(outcomes);
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
    match last_error {
        Some(error) if ours == report.lists => Err(error.into()),
        _ => Ok(report),
    }
}

impl Report {
    fn add(&mut self, feed: &Feed, polled: Polled) {
        self.queued += polled.queued;
        self.known += polled.known;
        self.unreadable += polled.unreadable;
        self.unfinished += usize::from(polled.unfinished);
        if polled.unreadable > 0 {
            tracing::error!(
                provider = feed.provider.as_str(),
                list = feed.list,
                entries = polled.unreadable,
                "entries of a list can not be read; they are kept"
            );
        }
    }
}

/// Whether somebody has to look: the provider refuses the list, or it has not been read to its end for long.
async fn is_behind<P: Polls>(
    ports: &P,
    feed: &Feed,
    outcome: &Result<Polled, PollError>,
    now: DateTime<Utc>,
) -> bool {
    match outcome {
        Ok(polled) if !polled.unfinished => return false,
        Err(PollError::Source(SourceError::Refused { .. })) => return true,
        _ => {}
    }
    // While our own table can not be read, that is the trouble, and it is told already.
    let Ok((mark, _)) = ports.mark(feed).await else {
        return false;
    };
    let began = mark.round.map(|round| round.began);
    mark.until
        .or(began)
        .is_some_and(|since| since + feed.pace.every + BEHIND_AFTER < now)
}

fn tell(feed: &Feed, error: &PollError, behind: bool) {
    let (provider, list) = (feed.provider.as_str(), feed.list);
    if behind {
        tracing::error!(provider, list, %error, "a list can not be read, somebody has to look");
    } else {
        tracing::warn!(provider, list, %error, "a list waits for the next run");
    }
}
