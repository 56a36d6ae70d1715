//! National holidays of New Zealand. Provincial anniversary days are not modelled.

use chrono::{
    NaiveDate,
    Weekday::{Fri, Mon, Tue},
};

use super::rules::Day;

/// First year of [`MATARIKI`].
const MATARIKI_FROM: i32 = 2022;

/// Month and day of Matariki, a Friday set by the Te Kāhui o Matariki Public Holiday Act 2022 for these years. Later
/// years are not set yet.
const MATARIKI: [(u32, u32); 31] = [
    (6, 24),
    (7, 14),
    (6, 28),
    (6, 20),
    (7, 10),
    (6, 25),
    (7, 14),
    (7, 6),
    (6, 21),
    (7, 11),
    (7, 2),
    (6, 24),
    (7, 7),
    (6, 29),
    (7, 18),
    (7, 10),
    (6, 25),
    (7, 15),
    (7, 6),
    (7, 19),
    (7, 11),
    (7, 3),
    (6, 24),
    (7, 7),
    (6, 29),
    (7, 19),
    (7, 3),
    (6, 25),
    (7, 15),
    (6, 30),
    (6, 21),
];

/// Whether `date` is a national public holiday of New Zealand, or the day on which one that fell on a weekend is kept.
#[must_use]
pub fn nz_holiday(date: NaiveDate) -> bool {
    let day = Day::of(date);
    match day.month {
        1 => day.day <= 2 || first_days_kept_later(day),
        2 => day.is(2, 6) || day.is_monday_after(2, 6),
        3 => day.is_easter_friday_or_monday(),
        4 => day.is(4, 25) || day.is_monday_after(4, 25) || day.is_easter_friday_or_monday(),
        6 => day.is_nth(1, Mon, 6) || matariki(day),
        7 => matariki(day),
        10 => day.is_nth(4, Mon, 10),
        12 => matches!(day.day, 25 | 26) || christmas_kept_later(day),
        _ => false,
    }
}

/// 1 and 2 January on a weekend are kept on the 3rd and 4th, whichever of Monday and Tuesday these are.
fn first_days_kept_later(day: Day) -> bool {
    match day.day {
        // The 1st was a Saturday or a Sunday.
        3 => matches!(day.weekday, Mon | Tue),
        // The 2nd was a Saturday or a Sunday.
        4 => matches!(day.weekday, Mon | Tue),
        _ => false,
    }
}

/// 25 and 26 December on a weekend are kept two days later.
fn christmas_kept_later(day: Day) -> bool {
    matches!(day.day, 27 | 28) && matches!(day.weekday, Mon | Tue)
}

fn matariki(day: Day) -> bool {
    day.weekday == Fri
        && usize::try_from(day.year - MATARIKI_FROM)
            .ok()
            .and_then(|i| MATARIKI.get(i))
            .is_some_and(|(month, number)| day.is(*month, *number))
}
