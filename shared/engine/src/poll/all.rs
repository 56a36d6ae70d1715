//! Reads several lists at once. One that fails stops no other; what it stays behind by is told, for the alarm.

use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt as _, stream};
use serde::Serialize;

use super::{Feed, PollError, Polled, Polls, Source, SourceError, poll};
use crate::{intake::IntakePorts, ports::PortError};

/// Lists that are read at once.
const AT_ONCE: usize = 4;
/// A list that has not been read to its end for so long, beyond its own pace, is behind.
const BEHIND_AFTER: TimeDelta = TimeDelta::hours(2);

/// What came of one list.
#[derive(Debug)]
pub struct Reading<'a> {
    /// Which list.
    pub feed: &'a Feed,
    /// How it went.
    pub outcome: Result<Polled, PollError>,
    /// Somebody has to look: the provider refuses it, or it has not been read to its end for hours.
    pub is_behind: bool,
}

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
    /// Entries that cannot be read; they are kept.
    pub unreadable: usize,
    /// Lists that were not read to their end this time.
    pub unfinished: usize,
    /// Lists that failed; they go on with the next run.
    pub failed: usize,
    /// Lists that are refused, or have not been read to their end for hours.
    pub behind: usize,
}

/// Reads all of `lists`.
pub async fn poll_all<'a, P, S>(
    ports: &P,
    lists: &'a [(Feed, S)],
    now: DateTime<Utc>,
) -> Vec<Reading<'a>>
where
    P: Polls + IntakePorts,
    S: Source,
{
    stream::iter(lists)
        .map(|(feed, source)| async move {
            let outcome = poll(ports, source, feed, now).await;
            let is_behind = is_behind(ports, feed, &outcome, now).await;
            Reading {
                feed,
                outcome,
                is_behind,
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

/// Adds up what came of the lists. With an error where all of them failed, on our own side: the next run goes on where
/// this one stopped.
#[must_use]
pub fn sum(readings: Vec<Reading<'_>>, now: DateTime<Utc>) -> (Report, Option<PortError>) {
    let mut report = Report {
        at: now,
        lists: readings.len(),
        ..Report::default()
    };
    let mut ours = Vec::new();
    for reading in readings {
        report.behind += usize::from(reading.is_behind);
        match reading.outcome {
            Ok(polled) => {
                report.queued += polled.queued;
                report.known += polled.known;
                report.unreadable += polled.unreadable;
                report.unfinished += usize::from(polled.unfinished);
            }
            Err(error) => {
                report.failed += 1;
                if let PollError::Port(error) = error {
                    ours.push(error);
                }
            }
        }
    }
    let failed = ours.len() == report.lists;
    (report, ours.pop().filter(|_| failed))
}

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
    // While our own table cannot be read, that is the trouble, and it is told already.
    let Ok((mark, _)) = ports.mark(feed).await else {
        return false;
    };
    let began = mark.round.map(|round| round.began);
    mark.until
        .or(began)
        .is_some_and(|since| since + feed.pace.every + BEHIND_AFTER < now)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::{
        job::EventJob,
        poll::{MESSAGES, Mark, Page},
        ports::Saved,
    };
    use chrono::NaiveDate;
    use touchline_domain::{
        contact::Address,
        events::{Provider, TouchRef},
        ids::TenantId,
    };

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

    async fn read(ports: &Marks, lists: &[(Feed, Always)]) -> Result<Report, PortError> {
        match sum(poll_all(ports, lists, now()).await, now()) {
            (_, Some(error)) => Err(error),
            (report, None) => Ok(report),
        }
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
            let report = read(&ports, &both).await.unwrap();
            assert_eq!((report.failed, report.behind), (1, behind), "{hours} h");
        }
    }

    #[tokio::test]
    async fn a_list_that_is_refused_needs_somebody_at_once() {
        let code = "401".to_owned();
        let refused = lists(vec![Err(SourceError::Refused { code })]);
        let report = read(&Marks::default(), &refused).await.unwrap();
        assert_eq!((report.failed, report.behind), (1, 1));
    }

    #[tokio::test]
    async fn the_run_fails_only_where_no_list_could_be_read_for_a_fault_of_ours() {
        let broken = Marks {
            broken: true,
            ..Marks::default()
        };
        let any = lists(vec![Ok(Page::default())]);
        assert!(read(&broken, &any).await.is_err());
        assert!(read(&broken, &lists(Vec::new())).await.is_ok());
    }
}
