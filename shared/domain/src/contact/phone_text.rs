//! Strips what surrounds a number in a cell: quotes, labels, decimals, a second number. It only cuts and respells; the
//! numbering plan decides whether the result is a number.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A number has at least this many digits before letters behind it are taken for a remark.
const DIGITS_BEFORE_REMARK: usize = 6;

/// `raw` in compatibility form (full-width digits become ASCII) without what spreadsheets and contact
/// cards wrap a number in: apostrophes, `="..."`, direction marks, a decimal `.0`.
pub(super) fn cleaned(raw: &str) -> String {
    let text: String = raw.nfkc().filter(|c| !is_invisible(*c)).collect();
    let bare = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\'' | '’' | '‘' | '`' | '"' | '“' | '”' | '=')
    });
    without_decimals(bare).to_owned()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
}

/// A column read as floating point writes `61412345678.0`, and never a leading zero.
fn without_decimals(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros))
            if !zeros.is_empty()
                && zeros.bytes().all(|b| b == b'0')
                && !whole.is_empty()
                && !whole.starts_with('0')
                && whole
                    .trim_start_matches('+')
                    .bytes()
                    .all(|b| b.is_ascii_digit()) =>
        {
            whole
        }
        _ => text,
    }
}

/// In a shorter text the spaces count: `1 2` is no number, `12` the beginning of one.
const MIN_BARE_DIGITS: usize = 4;

/// The digits of a number that is nothing but digits and what people group them with, behind a leading plus sign.
/// The library reads them as it reads `text`, in less time.
pub(super) fn digits_of(text: &str) -> Option<String> {
    let grouped = text.strip_prefix('+').unwrap_or(text);
    let is_group = |b: u8| matches!(b, b' ' | b'-' | b'.' | b'(' | b')');
    if !grouped.bytes().all(|b| b.is_ascii_digit() || is_group(b)) {
        return None;
    }
    let digits: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    (digits.len() >= MIN_BARE_DIGITS).then_some(digits)
}

/// Whether `text` is a number such as `6.1412E+10`.
pub(super) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let mantissa = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut halves = mantissa.splitn(2, ['.', ',']);
    halves.next().is_some_and(digits) && halves.next().is_none_or(digits) && digits(exponent)
}

/// The numbers that a cell may hold, in order. A slash also stands inside German and French numbers, so
/// what it divides is tried whole first.
pub(super) fn numbers_in(text: &str) -> impl Iterator<Item = &str> {
    split_words(text)
        .flat_map(|part| part.split(['\n', '\r', '|', '&', ',']))
        .flat_map(split_semicolons)
        .flat_map(|part| {
            let halves = part.contains('/').then(|| part.split('/'));
            std::iter::once(part).chain(halves.into_iter().flatten())
        })
        .map(str::trim)
        .filter(|part| part.chars().any(char::is_numeric))
}

fn split_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(" or ").flat_map(|part| part.split(" and "))
}

/// A semicolon divides numbers, save where it begins a parameter of a `tel:` link.
fn split_semicolons(text: &str) -> impl Iterator<Item = &str> {
    let is_link =
        text.contains(";ext=") || text.contains(";phone-context=") || text.contains(";isub=");
    let whole = is_link.then_some(text);
    let parts = (!is_link).then(|| text.split(';'));
    whole.into_iter().chain(parts.into_iter().flatten())
}

/// Other readings of a number that is not valid as written, likeliest first: without a remark, with `00` or `0011` as
/// the plus sign, with a plus sign before a national number removed.
pub(super) fn respellings(text: &str) -> [Option<Cow<'_, str>>; 3] {
    let bare = without_remark(text).unwrap_or(text);
    let start = bare.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+');
    let dialled = ["0011", "00"]
        .iter()
        .find_map(|prefix| start.strip_prefix(prefix))
        .map(|rest| Cow::Owned(format!("+{}", rest.trim_start())));
    let national = start
        .strip_prefix('+')
        .map(str::trim_start)
        .filter(|rest| rest.starts_with('0'))
        .map(Cow::Borrowed);
    [without_remark(text).map(Cow::Borrowed), dialled, national]
}

/// `0412 345 678 (mobile)` up to the first letter behind the number.
fn without_remark(text: &str) -> Option<&str> {
    let mut digits = 0;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            digits += 1;
        } else if c.is_alphabetic() && digits >= DIGITS_BEFORE_REMARK {
            return Some(text[..at].trim_end_matches(|c: char| !c.is_ascii_digit()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scientific_notation_is_told_from_digits_and_words() {
        for text in ["6.1412E+10", "6,1412e+10", "4E8", "+6.1412E10"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in [
            "61412345678",
            "0412 345 678 ext 4",
            "E",
            "4E",
            "E10",
            "1800 ENERGY",
        ] {
            assert!(!is_scientific(text), "{text}");
        }
    }

    #[test]
    fn a_cell_is_divided_into_its_numbers_in_order() {
        let parts: Vec<_> = numbers_in("m 0412 345 678; h (02) 9374 4000 or none").collect();
        assert_eq!(parts, ["m 0412 345 678", "h (02) 9374 4000"]);
        let link: Vec<_> = numbers_in("tel:+61-2-9374-4000;ext=12").collect();
        assert_eq!(link, ["tel:+61-2-9374-4000;ext=12"]);
    }
}
