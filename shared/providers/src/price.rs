//! Prices as providers write them, exact to the micro-unit. Refuses what is not a plain decimal.

use serde_json::Value;
use touchline_domain::money::Micros;

/// The amount in a JSON number or string such as `0.0770` or `"-0.00750"`; providers sign charges either way,
/// so the sign is dropped. `None` for anything else, and digits beyond the sixth decimal are cut.
#[must_use]
pub(crate) fn price(value: &Value) -> Option<Micros> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let text = text.trim_start_matches('-');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = fraction.parse().ok()?;
    Some(Micros(whole.checked_mul(1_000_000)?.checked_add(fraction)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_price_is_exact_whether_it_comes_as_text_or_number() {
        assert_eq!(price(&json!("0.0770")), Some(Micros(77_000)));
        assert_eq!(price(&json!(0.0495)), Some(Micros(49_500)));
        assert_eq!(price(&json!("-0.00750")), Some(Micros(7_500)));
        assert_eq!(price(&json!(3)), Some(Micros(3_000_000)));
    }

    #[test]
    fn what_is_no_price_gives_none() {
        for value in [
            json!(null),
            json!(""),
            json!("free"),
            json!("1e9"),
            json!("99999999999999999999"),
        ] {
            assert_eq!(price(&value), None, "{value}");
        }
    }
}
