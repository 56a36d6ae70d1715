//! The stack's clock as the database asks for it.

use dynoxide::storage_backend;
use touchline_runtime::clock::Clock;

/// Ahead of the machine's time by what the clock's file says.
pub struct StackTime(pub Clock);

impl storage_backend::Clock for StackTime {
    fn now_unix_secs(&self) -> u64 {
        u64::try_from(self.0.now().timestamp()).unwrap_or_default()
    }

    fn now_unix_secs_f64(&self) -> f64 {
        self.0.now().timestamp_micros() as f64 / 1e6
    }
}
