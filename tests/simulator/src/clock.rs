//! Virtual time: the system's clock, plus the offset in the file that the functions read too, plus what a test
//! in the same process has added.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicI64, Ordering},
    time::SystemTime,
};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the time comes from.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    file: Option<PathBuf>,
    added: AtomicI64,
}

impl Clock {
    /// A clock that follows `file`, which holds whole seconds; a missing file means none.
    pub fn following(file: Option<PathBuf>) -> Self {
        Self {
            file,
            added: AtomicI64::new(0),
        }
    }

    /// Moves the clock of this process on.
    pub fn advance(&self, seconds: i64) {
        self.added.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The virtual time.
    pub fn now(&self) -> DateTime<Utc> {
        let from_file = self
            .file
            .as_ref()
            .and_then(|file| std::fs::read_to_string(file).ok())
            .and_then(|text| text.trim().parse::<i64>().ok())
            .unwrap_or(0);
        let offset = from_file.saturating_add(self.added.load(Ordering::Relaxed));
        let now = DateTime::<Utc>::from(SystemTime::now());
        TimeDelta::try_seconds(offset)
            .and_then(|offset| now.checked_add_signed(offset))
            .unwrap_or(now)
    }
}
