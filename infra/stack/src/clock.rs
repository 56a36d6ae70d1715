//! The virtual clock of a local stack: a file with the seconds it is ahead of the machine's.
//! Functions and simulator read it at each call. It refuses to go back, because what was sent stays sent.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Why the clock could not be read or moved.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The caller asked for a time that has passed on this stack, or for one that can't be told.
    #[error("{0}")]
    Refused(String),
    /// The file holds something else than seconds.
    #[error("clock file {path} holds `{text}` instead of whole seconds")]
    Damaged {
        /// The clock file.
        path: PathBuf,
        /// What was found.
        text: String,
    },
    /// The file could not be read or replaced.
    #[error("clock file {path}: {source}")]
    Io {
        /// The clock file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// The clock of one local stack.
#[derive(Debug, Clone)]
pub struct VirtualClock {
    path: PathBuf,
}

impl VirtualClock {
    /// The clock kept in this file; a missing file means no offset.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// Seconds that the stack is ahead of the machine.
    ///
    /// # Errors
    /// [`ClockError::Damaged`] or [`ClockError::Io`].
    pub fn offset_secs(&self) -> Result<i64, ClockError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(source) => return Err(self.io(source)),
        };
        text.trim().parse().map_err(|_| ClockError::Damaged {
            path: self.path.clone(),
            text,
        })
    }

    /// The stack's time when the machine's is `machine_now`.
    ///
    /// # Errors
    /// As [`Self::offset_secs`], or [`ClockError::Refused`] beyond the calendar.
    pub fn now(&self, machine_now: DateTime<Utc>) -> Result<DateTime<Utc>, ClockError> {
        shifted(machine_now, self.offset_secs()?)
    }

    /// Moves the clock forward by `span` and gives the new time.
    ///
    /// # Errors
    /// [`ClockError`]; nothing has moved then.
    pub fn advance(
        &self,
        span: Duration,
        machine_now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, ClockError> {
        let before = self.offset_secs()?;
        let offset = i64::try_from(span.as_secs())
            .ok()
            .and_then(|secs| before.checked_add(secs))
            .ok_or_else(|| ClockError::Refused("the clock can't move that far".into()))?;
        let now = shifted(machine_now, offset)?;
        self.write(offset)?;
        Ok(now)
    }

    /// Moves the clock to `to` and gives it back.
    ///
    /// # Errors
    /// [`ClockError::Refused`] when `to` has passed on this stack.
    pub fn set(
        &self,
        to: DateTime<Utc>,
        machine_now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, ClockError> {
        let now = self.now(machine_now)?;
        if to < now {
            return Err(ClockError::Refused(format!(
                "the stack's time is {} and only moves forward; {} has passed",
                rfc3339(now),
                rfc3339(to)
            )));
        }
        self.write((to - machine_now).num_seconds())?;
        Ok(to)
    }

    // Readers open the file at any moment, so it is replaced whole.
    fn write(&self, offset_secs: i64) -> Result<(), ClockError> {
        let next = self.path.with_extension("next");
        fs::write(&next, offset_secs.to_string())
            .and_then(|()| fs::rename(&next, &self.path))
            .map_err(|source| self.io(source))
    }

    fn io(&self, source: io::Error) -> ClockError {
        ClockError::Io {
            path: self.path.clone(),
            source,
        }
    }
}

/// A time as every part of the product writes it: RFC 3339, UTC, whole seconds.
#[must_use]
pub fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn shifted(at: DateTime<Utc>, offset_secs: i64) -> Result<DateTime<Utc>, ClockError> {
    TimeDelta::try_seconds(offset_secs)
        .and_then(|offset| at.checked_add_signed(offset))
        .ok_or_else(|| ClockError::Refused(format!("{offset_secs} s from now is no date")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(name: &str) -> VirtualClock {
        let dir = std::env::temp_dir().join(format!("touchline-clock-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let path = dir.join(name);
        let _ = fs::remove_file(&path);
        VirtualClock::at(&path)
    }

    fn machine_now() -> DateTime<Utc> {
        "2026-11-20T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_missing_file_is_the_machines_time() {
        assert_eq!(clock("missing").now(machine_now()).unwrap(), machine_now());
    }

    #[test]
    fn spans_add_up_and_stay() {
        let clock = clock("advance");
        let day = Duration::from_secs(86_400);
        clock.advance(day, machine_now()).unwrap();
        let now = clock.advance(day, machine_now()).unwrap();
        assert_eq!(rfc3339(now), "2026-11-22T00:00:00Z");
        assert_eq!(clock.offset_secs().unwrap(), 172_800);
    }

    #[test]
    fn a_time_that_has_passed_is_refused_and_nothing_moves() {
        let clock = clock("set");
        clock
            .set("2026-12-01T09:00:00Z".parse().unwrap(), machine_now())
            .unwrap();
        let back = clock.set("2026-11-30T09:00:00Z".parse().unwrap(), machine_now());
        assert!(matches!(back, Err(ClockError::Refused(_))), "{back:?}");
        assert_eq!(
            rfc3339(clock.now(machine_now()).unwrap()),
            "2026-12-01T09:00:00Z"
        );
    }

    #[test]
    fn a_span_beyond_the_calendar_is_refused() {
        let far = Duration::from_secs(i64::MAX as u64 / 2);
        let moved = clock("far").advance(far, machine_now());
        assert!(matches!(moved, Err(ClockError::Refused(_))), "{moved:?}");
    }

    #[test]
    fn a_damaged_file_is_named() {
        let clock = clock("damaged");
        fs::write(&clock.path, "soon").unwrap();
        assert!(matches!(
            clock.offset_secs(),
            Err(ClockError::Damaged { .. })
        ));
    }
}
