//! The day on which an absent person is back, read against the day of receipt.
//! It refuses to guess: a day without a year needs a day of receipt.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::{
    country::Country,
    replies::tokens::{Class, Token},
};

/// Words after which the date of return stands.
const BEFORE_RETURN: &[&str] = &[
    "until",
    "till",
    "til",
    "back",
    "return",
    "returning",
    "returns",
    "returned",
    "reopen",
    "reopening",
    "reopens",
    "bis",
    "jusqu'au",
    "jusquau",
    "hasta",
    "to",
    "through",
    "in",
    "before",
];

/// What the words tell about a day, before a year is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Full(NaiveDate),
    DayMonth(u32, u32),
    DayOnly(u32),
    Weekday(Weekday),
    InDays(u64),
    NextWeek,
}

/// The date of return that `tokens` name, if any.
pub(in crate::replies) fn return_date(
    tokens: &[Token<'_>],
    received: Option<NaiveDate>,
    region: Option<Country>,
) -> Option<NaiveDate> {
    let mut best: Option<(bool, usize, NaiveDate)> = None;
    let mut at = 0;
    while at < tokens.len() {
        let Some((named, length)) = named_at(tokens, at, region) else {
            at += 1;
            continue;
        };
        if let Some(date) = resolve(named, received) {
            let candidate = (announces_return(tokens, at), at, date);
            if best.is_none_or(|b| (candidate.0, candidate.1) >= (b.0, b.1)) {
                best = Some(candidate);
            }
        }
        at += length;
    }
    best.map(|(_, _, date)| date)
}

fn announces_return(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at.saturating_sub(4)..at]
        .iter()
        .any(|t| BEFORE_RETURN.contains(&t.word.as_ref()))
}

fn named_at(tokens: &[Token<'_>], at: usize, region: Option<Country>) -> Option<(Named, usize)> {
    let here = &tokens[at];
    let figures = here.class.intersects(Class::DATE);
    if let Some(named) = numeric(&here.word, region).filter(|_| figures) {
        return Some((named, 1));
    }
    day_month(tokens, at)
        .or_else(|| relative(tokens, at))
        .or_else(|| weekday(&here.word).map(|day| (Named::Weekday(day), 1)))
        .or_else(|| ordinal_alone(tokens, at))
}

fn numeric(word: &str, region: Option<Country>) -> Option<Named> {
    let separator = if word.contains('/') { '/' } else { '-' };
    let parts: Vec<u32> = word
        .split(separator)
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let month_first = region == Some(Country::US);
    match *parts.as_slice() {
        [year, month, day] if year > 1_900 => full(year, month, day),
        [a, b, year] => {
            let (day, month) = ordered(a, b, month_first);
            full(if year < 100 { 2_000 + year } else { year }, month, day)
        }
        [a, b] if separator == '/' => {
            let (day, month) = ordered(a, b, month_first);
            day_of_month(day, month)
        }
        _ => None,
    }
}

/// Day and month of two numbers; a number above twelve can only be the day.
fn ordered(a: u32, b: u32, month_first: bool) -> (u32, u32) {
    if (month_first && a <= 12) || b > 12 {
        (b, a)
    } else {
        (a, b)
    }
}

fn full(year: u32, month: u32, day: u32) -> Option<Named> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).map(Named::Full)
}

fn day_of_month(day: u32, month: u32) -> Option<Named> {
    // A leap year admits the 29th of February; the year itself is found later.
    NaiveDate::from_ymd_opt(2_024, month, day).map(|_| Named::DayMonth(day, month))
}

/// `3 March`, `3rd of March 2027`, `March 3rd, 2027`.
fn day_month(tokens: &[Token<'_>], at: usize) -> Option<(Named, usize)> {
    let word = |i: usize| tokens.get(at + i).map_or("", |t| t.word.as_ref());
    let (day, month, length) = if let Some(day) = day_number(word(0)) {
        let skip = usize::from(word(1) == "of");
        (day, month(word(1 + skip))?, 2 + skip)
    } else {
        (day_number(word(1))?, month(word(0))?, 2)
    };
    let year = word(length)
        .parse::<u32>()
        .ok()
        .filter(|y| (2_000..2_200).contains(y));
    match year {
        Some(year) => Some((full(year, month, day)?, length + 1)),
        None => Some((day_of_month(day, month)?, length)),
    }
}

fn relative(tokens: &[Token<'_>], at: usize) -> Option<(Named, usize)> {
    let word = |i: usize| tokens.get(at + i).map_or("", |t| t.word.as_ref());
    match (word(0), word(1), word(2)) {
        ("tomorrow", _, _) => Some((Named::InDays(1), 1)),
        ("next", "week", _) => Some((Named::NextWeek, 2)),
        ("in", count, unit) => {
            let days = match unit {
                "day" | "days" => 1,
                "week" | "weeks" => 7,
                _ => return None,
            };
            Some((Named::InDays(small_number(count)? * days), 3))
        }
        _ => None,
    }
}

/// `the 14th`, `till the 20th`: a day of this month or the next.
fn ordinal_alone(tokens: &[Token<'_>], at: usize) -> Option<(Named, usize)> {
    let word = tokens[at].word.as_ref();
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|e| word.ends_with(e));
    let day = day_number(word).filter(|_| ordinal)?;
    Some((Named::DayOnly(day), 1))
}

fn resolve(named: Named, received: Option<NaiveDate>) -> Option<NaiveDate> {
    if let Named::Full(date) = named {
        return Some(date);
    }
    let today = received?;
    match named {
        Named::Full(date) => Some(date),
        Named::DayMonth(day, month) => (0..=4)
            .filter_map(|ahead| NaiveDate::from_ymd_opt(today.year() + ahead, month, day))
            .find(|date| *date >= today),
        Named::DayOnly(day) => (0..=2).find_map(|ahead| {
            let first = today
                .with_day(1)?
                .checked_add_months(chrono::Months::new(ahead))?;
            first.with_day(day).filter(|date| *date > today)
        }),
        Named::Weekday(day) => next_weekday(today, day),
        Named::InDays(days) => today.checked_add_days(Days::new(days)),
        Named::NextWeek => next_weekday(today, Weekday::Mon),
    }
}

fn next_weekday(today: NaiveDate, day: Weekday) -> Option<NaiveDate> {
    today
        .iter_days()
        .skip(1)
        .take(7)
        .find(|date| date.weekday() == day)
}

fn day_number(word: &str) -> Option<u32> {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    matches!(ending, "" | "st" | "nd" | "rd" | "th")
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|day| (1..=31).contains(day))
}

fn small_number(word: &str) -> Option<u64> {
    const NAMES: [&str; 7] = ["a", "one", "two", "three", "four", "five", "six"];
    match NAMES.iter().position(|n| *n == word) {
        Some(0) => Some(1),
        Some(at) => u64::try_from(at).ok(),
        None => word.parse().ok().filter(|n| *n <= 60),
    }
}

fn month(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    const OTHER: [(&str, u32); 16] = [
        ("januar", 1),
        ("janvier", 1),
        ("enero", 1),
        ("fevrier", 2),
        ("februar", 2),
        ("marz", 3),
        ("mars", 3),
        ("avril", 4),
        ("mai", 5),
        ("juin", 6),
        ("juillet", 7),
        ("aout", 8),
        ("oktober", 10),
        ("dezember", 12),
        ("decembre", 12),
        ("diciembre", 12),
    ];
    const FULL: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at = FULL.iter().position(|m| *m == word).or_else(|| {
        MONTHS
            .iter()
            .position(|m| *m == word || (word == "sept" && *m == "sep"))
    });
    at.and_then(|at| u32::try_from(at + 1).ok()).or_else(|| {
        OTHER
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, m)| *m)
    })
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mon" | "lunes" | "lundi" | "montag" => Weekday::Mon,
        "tuesday" | "tue" | "tues" | "dienstag" => Weekday::Tue,
        "wednesday" | "wed" | "weds" | "mittwoch" => Weekday::Wed,
        "thursday" | "thu" | "thur" | "thurs" => Weekday::Thu,
        "friday" | "fri" | "freitag" => Weekday::Fri,
        "saturday" => Weekday::Sat,
        "sunday" => Weekday::Sun,
        _ => return None,
    })
}
