//! Federal holidays of the United States, and the legal holidays of the states that forbid calls on them (R16).

use chrono::{
    NaiveDate,
    Weekday::{Fri, Mon, Thu, Tue},
};

use super::rules::Day;

/// The states that forbid calls on their legal holidays (R16).
const STATES: [&str; 6] = ["AL", "LA", "MS", "PA", "RI", "UT"];

/// Days from Mardi Gras to Easter Sunday.
const MARDI_GRAS: i64 = -47;

/// Whether `date` is a federal holiday (5 USC 6103), on its nominal date or on the weekday on which it is kept.
#[must_use]
pub fn federal_holiday(date: NaiveDate) -> bool {
    let kept = |month, number| kept_on(Day::of(date), month, number);
    let day = Day::of(date);
    match day.month {
        1 => kept(1, 1) || day.is_nth(3, Mon, 1),
        2 => day.is_nth(3, Mon, 2),
        5 => day.is_last(Mon, 5, 31),
        6 => kept(6, 19),
        7 => kept(7, 4),
        9 => day.is_nth(1, Mon, 9),
        10 => day.is_nth(2, Mon, 10),
        11 => kept(11, 11) || day.is_nth(4, Thu, 11),
        // New Year on a Saturday is kept on the last day of the old year.
        12 => kept(12, 25) || day.is(12, 31) && day.weekday == Fri,
        _ => false,
    }
}

/// The day itself, the Friday before if it is a Saturday, the Monday after if it is a Sunday.
fn kept_on(day: Day, month: u32, number: u32) -> bool {
    day.is(month, number)
        || day.weekday == Fri && day.is(month, number - 1)
        || day.is_monday_after_sunday(month, number)
}

/// Whether `day` is a legal holiday in one of the states that forbid calls on them.
pub(super) fn legal_holiday_somewhere(day: Day) -> bool {
    STATES.iter().any(|state| legal_holiday(state, day))
}

/// The legal holidays beyond the federal ones of a state that forbids calls on them; none for other states.
pub(super) fn legal_holiday(state: &str, day: Day) -> bool {
    match state {
        "AL" => day.is_nth(4, Mon, 4) || day.is_nth(1, Mon, 6),
        "LA" => matches!(day.since_easter(), MARDI_GRAS | -2) || election_day(day),
        "MS" => day.is_last(Mon, 4, 30),
        "PA" => day.weekday == Fri && day.month == 11 && (23..=29).contains(&day.day),
        "RI" => day.is_nth(2, Mon, 8) || election_day(day),
        "UT" => kept_on(day, 7, 24),
        _ => false,
    }
}

/// The Tuesday after the first Monday of November in even years.
fn election_day(day: Day) -> bool {
    day.year % 2 == 0 && day.weekday == Tue && day.month == 11 && (2..=8).contains(&day.day)
}
