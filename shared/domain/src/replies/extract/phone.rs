//! Telephone numbers in a reply, as E.164. It refuses what the numbering plan does not know:
//! dates, amounts and order numbers.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

use crate::country::Country;

/// Digits that a number has at least and at most (E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// A reply is not searched for more numbers than this.
const MOST: usize = 5;

/// The valid numbers of `text`; national ones are read by `region`.
pub(in crate::replies) fn find(text: &str, region: Country) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for candidate in candidates(text).take(MOST * 2) {
        let Some(number) = parsed(candidate, region) else {
            continue;
        };
        if !found.contains(&number) && found.len() < MOST {
            found.push(number);
        }
    }
    found
}

fn parsed(candidate: &str, region: Country) -> Option<String> {
    let region = Region::from_code(region.as_str()).ok();
    let number = PHONE_NUMBER_UTIL.parse(candidate, region).ok()?;
    if !PHONE_NUMBER_UTIL.is_valid_number(&number) {
        return None;
    }
    let written = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164);
    Some(written.into_owned())
}

fn candidates(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')')))
        .map(|run| run.trim_matches(|c: char| matches!(c, ' ' | '-' | '.' | ')')))
        .filter(|run| DIGITS.contains(&run.bytes().filter(u8::is_ascii_digit).count()))
}
