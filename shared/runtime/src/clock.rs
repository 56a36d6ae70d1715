//! The one clock. On the local stage a file moves it ahead; in AWS it is the machine's.
//! Refuses a schedule time that is not one.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::SystemTime,
};

use chrono::{DateTime, Duration, DurationRound, Utc};

/// What the scheduler's context attributes begin with when nobody filled them in.
const UNFILLED: &str = "<aws.";

/// The event's time is not a time: the event is ignored and raises an alarm.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("schedule time is '{value}': not an RFC 3339 time such as 2026-11-20T22:14:00Z")]
pub struct ScheduleTimeError {
    /// What stood there.
    pub value: String,
}

/// Tells the time; cheap to clone.
#[derive(Clone, Debug)]
pub struct Clock {
    offset: Option<Arc<Offset>>,
}

#[derive(Debug)]
struct Offset {
    file: PathBuf,
    last_good_secs: AtomicI64,
}

impl Clock {
    /// The machine's time.
    #[must_use]
    pub fn real() -> Self {
        Self { offset: None }
    }

    /// The machine's time plus the whole seconds that `file` holds at each call; zero while there is no file.
    #[must_use]
    pub fn with_offset_file(file: PathBuf) -> Self {
        Self {
            offset: Some(Arc::new(Offset {
                file,
                last_good_secs: AtomicI64::new(0),
            })),
        }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let real = DateTime::<Utc>::from(SystemTime::now());
        let ahead = self.offset.as_ref().map_or(0, |offset| offset.secs());
        let offset = Duration::try_seconds(ahead).unwrap_or_default();
        real.checked_add_signed(offset).unwrap_or(real)
    }

    /// The time of a scheduled event: its own `time`; without one, now floored to the minute, so that an event that
    /// is delivered twice in a minute means the same minute.
    ///
    /// # Errors
    /// [`ScheduleTimeError`] for a text that is neither a time nor an attribute that the scheduler left unfilled.
    pub fn for_schedule(
        &self,
        event_time: Option<&str>,
    ) -> Result<DateTime<Utc>, ScheduleTimeError> {
        match event_time.map(str::trim) {
            None => Ok(floored_to_minute(self.now())),
            Some(text) if text.starts_with(UNFILLED) => Ok(floored_to_minute(self.now())),
            Some(text) => DateTime::parse_from_rfc3339(text)
                .map(|time| time.to_utc())
                .map_err(|_| ScheduleTimeError {
                    value: text.to_owned(),
                }),
        }
    }
}

impl Offset {
    /// A file that is being written, or holds nonsense, must not throw the clock back: the last good value stays.
    fn secs(&self) -> i64 {
        if let Some(secs) = read_secs(&self.file) {
            self.last_good_secs.store(secs, Ordering::Relaxed);
        }
        self.last_good_secs.load(Ordering::Relaxed)
    }
}

fn read_secs(file: &Path) -> Option<i64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

fn floored_to_minute(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(Duration::minutes(1)).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("touchline-clock-{}-{name}", std::process::id()))
    }

    #[test]
    fn the_local_clock_follows_its_file_and_keeps_the_last_good_offset() {
        let file = scratch("offset");
        let clock = Clock::with_offset_file(file.clone());
        let days_ahead = || {
            (clock.now() - Clock::real().now())
                .num_hours()
                .div_euclid(23)
        };
        assert_eq!(days_ahead(), 0);
        fs::write(&file, "259200\n").unwrap();
        assert_eq!(days_ahead(), 3);
        fs::write(&file, "soon").unwrap();
        assert_eq!(days_ahead(), 3);
        fs::remove_file(&file).unwrap();
    }

    #[test]
    fn a_scheduled_event_brings_its_own_time() {
        let time = Clock::real()
            .for_schedule(Some("2026-11-20T22:14:07+10:00"))
            .unwrap();
        assert_eq!(time.to_rfc3339(), "2026-11-20T12:14:07+00:00");
    }

    #[test]
    fn a_time_that_the_scheduler_left_unfilled_means_this_minute() {
        let clock = Clock::real();
        for unfilled in [None, Some("<aws.scheduler.scheduled-time>")] {
            let time = clock.for_schedule(unfilled).unwrap();
            assert_eq!(time.timestamp() % 60, 0);
            assert!((clock.now() - time).num_seconds() < 120);
        }
    }

    #[test]
    fn a_schedule_time_that_is_none_is_named() {
        let error = Clock::real().for_schedule(Some("tomorrow")).unwrap_err();
        assert!(error.to_string().starts_with("schedule time is 'tomorrow'"));
    }
}
