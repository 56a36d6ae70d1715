//! Holidays of the Australian states and territories. The changes announced for Western Australia from 2028 are not
//! modelled: their passage is not confirmed.

use chrono::Weekday::{Fri, Mon, Sun, Tue, Wed};

use super::rules::Day;
use crate::region::State;

/// First year in which Tasmania keeps Easter Sunday (Act 18 of 2026).
const TAS_EASTER_SUNDAY_FROM: i32 = 2027;

/// Whether `day` is the nominal date of a national day: New Year, Australia Day, Good Friday, Easter Monday, Anzac Day,
/// Christmas, Boxing Day. A state may observe some of them on another date; no call is made on either.
pub(super) fn is_national(day: Day) -> bool {
    [(1, 1), (1, 26), (4, 25), (12, 25), (12, 26)]
        .iter()
        .any(|(month, number)| day.is(*month, *number))
        || day.is_easter_friday_or_monday()
}

/// Whether `day` is a public holiday in the Australian `state` (R21, R22). False for a state of another country.
pub(super) fn is_state_holiday(state: State, day: Day) -> bool {
    let state = state.as_str();
    match day.month {
        1 => new_year(day, state) || australia_day(day),
        3 | 4 => easter(day, state) || anzac(day, state) || autumn(day, state),
        5..=11 => monday_holidays(day, state),
        12 => christmas(day, state),
        _ => false,
    }
}

fn new_year(day: Day, state: &str) -> bool {
    day.is_monday_after(1, 1) || day.is(1, 1) && !(state == "TAS" && day.is_weekend())
}

fn australia_day(day: Day) -> bool {
    day.is(1, 26) && !day.is_weekend() || day.is_monday_after(1, 26)
}

fn easter(day: Day, state: &str) -> bool {
    match day.since_easter() {
        -2 | 1 => true,
        -1 => !matches!(state, "TAS" | "WA"),
        0 => state != "TAS" || day.year >= TAS_EASTER_SUNDAY_FROM,
        _ => false,
    }
}

fn anzac(day: Day, state: &str) -> bool {
    if day.is(4, 25) {
        // On a Sunday these keep only the Monday.
        return !(day.weekday == Sun && matches!(state, "QLD" | "NT" | "ACT"));
    }
    if day.is_monday_after_saturday(4, 25) {
        return state == "WA" || matches!((state, day.year), ("ACT" | "NSW", 2026));
    }
    day.is_monday_after_sunday(4, 25)
        && (matches!(state, "WA" | "QLD" | "NT" | "ACT") || (state, day.year) == ("NSW", 2027))
}

fn autumn(day: Day, state: &str) -> bool {
    match state {
        "WA" => day.is_nth(1, Mon, 3),
        "VIC" | "TAS" | "SA" | "ACT" => day.is_nth(2, Mon, 3),
        _ => false,
    }
}

fn monday_holidays(day: Day, state: &str) -> bool {
    match state {
        "NSW" => day.is_nth(2, Mon, 6) || day.is_nth(1, Mon, 10),
        "VIC" => day.is_nth(2, Mon, 6) || grand_final_friday(day) || day.is_nth(1, Tue, 11),
        "QLD" => day.is_nth(1, Mon, 5) || ekka(day) || day.is_nth(1, Mon, 10),
        "SA" => day.is_nth(2, Mon, 6) || day.is_nth(1, Mon, 10),
        "WA" => day.is_nth(1, Mon, 6) || kings_birthday_wa(day),
        "TAS" => day.is_nth(2, Mon, 6),
        "ACT" => reconciliation_day(day) || day.is_nth(2, Mon, 6) || day.is_nth(1, Mon, 10),
        "NT" => day.is_nth(1, Mon, 5) || day.is_nth(2, Mon, 6) || day.is_nth(1, Mon, 8),
        _ => false,
    }
}

/// The Friday before the last Saturday of September (AFL Grand Final; proclaimed each year, so far always on that day).
fn grand_final_friday(day: Day) -> bool {
    day.is_first_from(23, Fri, 9)
}

/// The Wednesday of the Royal Queensland Show: the first on or after 10 August.
fn ekka(day: Day) -> bool {
    day.is_first_from(10, Wed, 8)
}

/// Reconciliation Day: the first Monday on or after 27 May.
fn reconciliation_day(day: Day) -> bool {
    day.weekday == Mon && (day.month == 5 && day.day >= 27 || day.month == 6 && day.day <= 2)
}

/// King's Birthday in Western Australia: the last Monday of September by proclamation; 2024 was a week early.
fn kings_birthday_wa(day: Day) -> bool {
    if day.year == 2024 {
        day.is(9, 23)
    } else {
        day.is_last(Mon, 9, 30)
    }
}

/// Substitute days for Christmas and Boxing Day on which the statutes of all jurisdictions agree.
fn christmas(day: Day, state: &str) -> bool {
    match day.day {
        25 => true,
        26 => !(state == "TAS" && day.is_weekend()),
        // 25 December was a Saturday or a Sunday.
        27 => matches!(day.weekday, Mon | Tue),
        // 26 December was a Saturday or a Sunday.
        28 => matches!(day.weekday, Mon | Tue),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::country::Country;

    fn keepers(year: i32, month: u32, day: u32) -> Vec<&'static str> {
        let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        State::all(Country::AU)
            .filter(|state| is_state_holiday(*state, Day::of(date)))
            .map(State::as_str)
            .collect()
    }

    #[test]
    fn r21_the_monday_after_anzac_day_is_kept_by_the_states_that_say_so() {
        assert_eq!(keepers(2026, 4, 27), ["NSW", "WA", "ACT"]);
        assert_eq!(keepers(2027, 4, 26), ["NSW", "QLD", "WA", "ACT", "NT"]);
    }

    #[test]
    fn r21_the_kings_birthday_has_three_dates() {
        assert_eq!(
            keepers(2026, 6, 8),
            ["NSW", "VIC", "SA", "TAS", "ACT", "NT"]
        );
        assert!(keepers(2026, 10, 5).contains(&"QLD"));
        assert_eq!(keepers(2026, 9, 28), ["WA"]);
    }
}
