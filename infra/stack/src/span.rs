//! Lengths of time as operators write them: `3d`, `1d12h`, `90m`.
//! It refuses a bare number, because its unit would be a guess.

use std::time::Duration;

/// Why a text is not a length of time.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// Nothing was given.
    #[error("empty length of time; write for example 3d, 12h or 1d12h")]
    Empty,
    /// A number without unit, a unit without number, or a unit that is not s, m, h, d or w.
    #[error("`{0}` is not a length of time; write for example 3d, 12h or 1d12h")]
    Malformed(String),
    /// More seconds than fit.
    #[error("`{0}` is longer than can be counted")]
    TooLong(String),
}

/// Reads `1w2d3h4m5s`: numbers with a unit, added up.
///
/// # Errors
/// [`SpanError`] names the text.
pub fn parse(text: &str) -> Result<Duration, SpanError> {
    if text.is_empty() {
        return Err(SpanError::Empty);
    }
    let malformed = || SpanError::Malformed(text.to_owned());
    let too_long = || SpanError::TooLong(text.to_owned());
    let mut total: u64 = 0;
    let mut digits = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let unit_secs = unit_secs(c).ok_or_else(malformed)?;
        if digits.is_empty() {
            return Err(malformed());
        }
        let count: u64 = digits.parse().map_err(|_| too_long())?;
        let part = count.checked_mul(unit_secs).ok_or_else(too_long)?;
        total = total.checked_add(part).ok_or_else(too_long)?;
        digits.clear();
    }
    // Half the range of a signed offset, so that adding a span to one can't overflow.
    match (digits.is_empty(), total <= i64::MAX as u64 / 2) {
        (false, _) => Err(malformed()),
        (true, false) => Err(too_long()),
        (true, true) => Ok(Duration::from_secs(total)),
    }
}

fn unit_secs(unit: char) -> Option<u64> {
    match unit {
        's' => Some(1),
        'm' => Some(60),
        'h' => Some(3_600),
        'd' => Some(86_400),
        'w' => Some(7 * 86_400),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_add_up() {
        assert_eq!(parse("3d"), Ok(Duration::from_secs(259_200)));
        assert_eq!(parse("1d12h"), Ok(Duration::from_secs(129_600)));
        assert_eq!(parse("1w30m5s"), Ok(Duration::from_secs(606_605)));
    }

    #[test]
    fn a_number_without_a_unit_is_refused() {
        assert_eq!(parse("90"), Err(SpanError::Malformed("90".into())));
        assert_eq!(parse("1d12"), Err(SpanError::Malformed("1d12".into())));
        assert_eq!(parse("d"), Err(SpanError::Malformed("d".into())));
        assert_eq!(parse("-1d"), Err(SpanError::Malformed("-1d".into())));
        assert_eq!(parse(""), Err(SpanError::Empty));
    }

    #[test]
    fn a_span_that_overflows_is_refused() {
        let text = "99999999999999999999w";
        assert_eq!(parse(text), Err(SpanError::TooLong(text.into())));
        let text = "9999999999999999999s";
        assert_eq!(parse(text), Err(SpanError::TooLong(text.into())));
    }

    proptest! {
        #[test]
        fn any_text_gives_a_span_or_an_error(text in "\\PC{0,12}") {
            let _ = parse(&text);
        }

        #[test]
        fn every_whole_span_is_read_back(days in 0u64..10_000, hours in 0u64..24, secs in 0u64..60) {
            let span = parse(&format!("{days}d{hours}h{secs}s"));
            prop_assert_eq!(span, Ok(Duration::from_secs(days * 86_400 + hours * 3_600 + secs)));
        }
    }
}
