//! How long a provider asks us to wait. Reads no clock: a date is measured against the answer's own `Date`.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use reqwest::header::HeaderMap;

/// Longest wait that is believed; a queue could not hold a message longer anyway.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// `Retry-After` in seconds or as an HTTP date, else `ratelimit-reset` in seconds (SEND-3).
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let date = |text: &str| DateTime::<FixedOffset>::parse_from_rfc2822(text).ok();
    let wait = text("retry-after").and_then(|value| {
        seconds(value).or_else(|| {
            let apart = date(value)? - date(text("date")?)?;
            Some(apart.to_std().unwrap_or_default())
        })
    });
    wait.or_else(|| text("ratelimit-reset").and_then(seconds))
        .map(|wait| wait.min(LONGEST))
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(pairs: &[(&'static str, &'static str)]) -> Option<u64> {
        let headers: HeaderMap = pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        retry_after(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_wait_is_read_from_seconds_a_date_or_the_reset_header() {
        assert_eq!(wait(&[("retry-after", "7")]), Some(7));
        assert_eq!(wait(&[("ratelimit-reset", "1")]), Some(1));
        let date = [
            ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
            ("retry-after", "Wed, 21 Oct 2026 07:29:30 GMT"),
        ];
        assert_eq!(wait(&date), Some(90));
        assert_eq!(
            wait(&[date[0], ("retry-after", "Wed, 21 Oct 2026 07:00:00 GMT")]),
            Some(0)
        );
    }

    #[test]
    fn nonsense_asks_for_no_wait_and_a_year_is_cut_to_a_day() {
        for value in ["", "soon", "-5", "NaN", "Wed, 21 Oct 2026 07:29:30 GMT"] {
            assert_eq!(wait(&[("retry-after", value)]), None, "{value}");
        }
        assert_eq!(wait(&[("retry-after", "31536000")]), Some(86_400));
    }
}
