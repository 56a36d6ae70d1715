//! Telephone numbers in a reply, as E.164, read like a contact's number. It refuses what the numbering plan does not
//! know: dates, amounts and order numbers.

use crate::{contact::phone, country::Country};

/// Digits that a number has at least and at most (E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// A reply is not searched for more numbers than this.
const MOST: usize = 5;

/// The valid numbers of `text`; national ones are read by `region`.
pub(in crate::replies) fn find(text: &str, region: Country) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    if text.bytes().filter(u8::is_ascii_digit).count() < *DIGITS.start() {
        return found;
    }
    for candidate in candidates(text).take(MOST * 2) {
        let Ok(number) = phone::parse(candidate, Some(region)) else {
            continue;
        };
        let number = number.e164.as_str();
        if found.len() < MOST && !found.iter().any(|f| f == number) {
            found.push(number.to_owned());
        }
    }
    found
}

fn candidates(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')')))
        .map(|run| run.trim_matches(|c: char| matches!(c, ' ' | '-' | '.' | ')')))
        .filter(|run| DIGITS.contains(&run.bytes().filter(u8::is_ascii_digit).count()))
}
