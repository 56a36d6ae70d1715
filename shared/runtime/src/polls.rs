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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use chrono::NaiveDate;
    use touchline_domain::{
        contact::Address,
        events::{Provider, TouchRef},
        ids::TenantId,
    };
    use touchline_engine::{
        job::EventJob,
        poll::{MESSAGES, Mark, Page},
        ports::{PortError, Saved},
    };

    use super::*;

    /// One mark for all lists; nothing is ever found.
    #[derive(Default)]
    struct Marks {
        mark: Mutex<Mark>,
        broken: bool,
    }

    impl Polls for Marks {
        async fn mark(&self, _: &Feed) -> Result<(Mark, u64), PortError> {
            if self.broken {
                return Err(PortError::Unavailable {
                    what: "poll mark",
                    cause: "throttled".into(),
                });
            }
            Ok((self.mark.lock().unwrap().clone(), 0))
        }

        async fn save_mark(&self, _: &Feed, _: &Mark, _: u64) -> Result<Saved, PortError> {
            Ok(Saved::Written)
        }

        async fn touch_between(
            &self,
            _: &str,
            _: &Address,
            _: &str,
        ) -> Result<Option<TouchRef>, PortError> {
            Ok(None)
        }
    }

    impl IntakePorts for Marks {
        async fn keep_raw(
            &self,
            _: Option<&TenantId>,
            _: Provider,
            _: NaiveDate,
            name: &str,
            _: &[u8],
        ) -> Result<String, PortError> {
            Ok(name.to_owned())
        }

        async fn queue_event(&self, _: &EventJob) -> Result<(), PortError> {
            Ok(())
        }
    }

    /// A list that always answers the same.
    struct Always(Result<Page, SourceError>);

    impl Source for Always {
        async fn page(&self, _: DateTime<Utc>, _: Option<&str>) -> Result<Page, SourceError> {
            self.0.clone()
        }
    }

    fn lists(answers: Vec<Result<Page, SourceError>>) -> Vec<(Feed, Always)> {
        let feed = Feed {
            tenant: None,
            provider: Provider::Twilio,
            list: "inbound",
            account: None,
            pace: MESSAGES,
        };
        let all = answers.into_iter();
        all.map(|answer| (feed.clone(), Always(answer))).collect()
    }

    fn later() -> SourceError {
        SourceError::Later {
            code: "503".to_owned(),
            retry_after: None,
        }
    }

    fn now() -> DateTime<Utc> {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn a_list_that_fails_stops_no_other_and_is_behind_once_it_has_failed_for_hours() {
        let ports = Marks::default();
        let both = lists(vec![Err(later()), Ok(Page::default())]);
        for (hours, behind) in [(1, 0), (2, 0), (3, 1)] {
            ports.mark.lock().unwrap().until = Some(now() - TimeDelta::hours(hours));
            let report = run(&ports, &both, now()).await.unwrap();
            assert_eq!((report.failed, report.behind), (1, behind), "{hours} h");
        }
    }

    #[tokio::test]
    async fn a_list_that_is_refused_needs_somebody_at_once() {
        let code = "401".to_owned();
        let refused = lists(vec![Err(SourceError::Refused { code })]);
        let report = run(&Marks::default(), &refused, now()).await.unwrap();
        assert_eq!((report.failed, report.behind), (1, 1));
    }

    #[tokio::test]
    async fn the_run_fails_only_where_no_list_could_be_read_for_a_fault_of_ours() {
        let broken = Marks {
            broken: true,
            ..Marks::default()
        };
        let any = lists(vec![Ok(Page::default())]);
        assert!(run(&broken, &any, now()).await.is_err());
        assert!(run(&broken, &lists(Vec::new()), now()).await.is_ok());
    }
}
