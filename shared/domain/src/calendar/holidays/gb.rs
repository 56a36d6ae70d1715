//! Bank holidays of the United Kingdom, all four nations together: the industry guide allows no calls on them. Days
//! that are proclaimed once are not modelled.

use chrono::Weekday::{Mon, Tue};

use super::rules::Day;

/// Whether one of the nations has a bank holiday on `day`.
pub(super) fn bank_holiday(day: Day) -> bool {
    let kept = |month, number| day.is(month, number) || day.is_monday_after(month, number);
    match day.month {
        // 1 January everywhere, 2 January in Scotland, each with its substitute.
        1 => day.day <= 2 || matches!(day.day, 3 | 4) && matches!(day.weekday, Mon | Tue),
        3 => kept(3, 17) || day.is_easter_friday_or_monday(),
        4 => day.is_easter_friday_or_monday(),
        5 => day.is_nth(1, Mon, 5) || day.is_last(Mon, 5, 31),
        7 => kept(7, 12),
        8 => day.is_nth(1, Mon, 8) || day.is_last(Mon, 8, 31),
        11 => day.is(11, 30),
        12 => {
            matches!(day.day, 25 | 26)
                || matches!(day.day, 27 | 28) && matches!(day.weekday, Mon | Tue)
                || matches!(day.day, 1 | 2) && day.weekday == Mon
        }
        _ => false,
    }
}
