//! Durations in order, for percentiles.

use std::time::Duration;

/// Durations of many runs, shortest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Durations(Vec<Duration>);

impl FromIterator<Duration> for Durations {
    fn from_iter<I: IntoIterator<Item = Duration>>(runs: I) -> Self {
        let mut runs: Vec<Duration> = runs.into_iter().collect();
        runs.sort_unstable();
        Self(runs)
    }
}

impl Durations {
    /// The shortest duration that `percent` of the runs did not exceed (nearest rank); zero without a run.
    #[must_use]
    pub fn percentile(&self, percent: u8) -> Duration {
        let rank = (self.0.len() * usize::from(percent)).div_ceil(100);
        self.0
            .get(rank.saturating_sub(1))
            .or(self.0.last())
            .copied()
            .unwrap_or_default()
    }

    /// All of them together.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.0.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_duration_that_was_measured() {
        let runs: Durations = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(runs.percentile(50), Duration::from_millis(100));
        assert_eq!(runs.percentile(99), Duration::from_millis(198));
        assert_eq!(runs.percentile(100), Duration::from_millis(200));
        let one: Durations = [Duration::from_millis(7)].into_iter().collect();
        assert_eq!(
            (one.percentile(0), one.percentile(99)),
            (one.total(), one.total())
        );
        assert_eq!(Durations::default().percentile(50), Duration::ZERO);
    }
}
