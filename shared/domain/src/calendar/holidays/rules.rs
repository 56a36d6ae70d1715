//! The handful of shapes that holiday laws are made of: nth weekday, Easter, substitute days.

use chrono::{Datelike as _, NaiveDate, Weekday};

/// A date split into its parts once, so that a rule is a comparison of small numbers.
#[derive(Clone, Copy)]
pub(super) struct Day {
    pub year: i32,
    pub month: u32,
    pub day: u32,
    pub weekday: Weekday,
    pub date: NaiveDate,
}

impl Day {
    pub fn of(date: NaiveDate) -> Self {
        let (year, month, day) = (date.year(), date.month(), date.day());
        Self {
            year,
            month,
            day,
            weekday: date.weekday(),
            date,
        }
    }

    /// This is the given day of the year, whatever its weekday.
    pub fn is(self, month: u32, day: u32) -> bool {
        self.month == month && self.day == day
    }

    /// This is the `nth` such weekday of the month.
    pub fn is_nth(self, nth: u32, weekday: Weekday, month: u32) -> bool {
        self.month == month && self.weekday == weekday && self.day.div_ceil(7) == nth
    }

    /// This is the last such weekday of a month of `length` days.
    pub fn is_last(self, weekday: Weekday, month: u32, length: u32) -> bool {
        self.month == month && self.weekday == weekday && self.day + 7 > length
    }

    /// This is such a weekday, and its day of the month is one of the seven from `from`.
    pub fn is_first_from(self, from: u32, weekday: Weekday, month: u32) -> bool {
        self.month == month && self.weekday == weekday && (from..from + 7).contains(&self.day)
    }

    pub fn is_weekend(self) -> bool {
        matches!(self.weekday, Weekday::Sat | Weekday::Sun)
    }

    /// This is a Monday, and the given day of the year was the Saturday two days or the Sunday one day before.
    pub fn is_monday_after(self, month: u32, day: u32) -> bool {
        self.weekday == Weekday::Mon
            && self.month == month
            && (day + 1..=day + 2).contains(&self.day)
    }

    /// This is the Monday two days after the given day of the year, which was a Saturday.
    pub fn is_monday_after_saturday(self, month: u32, day: u32) -> bool {
        self.weekday == Weekday::Mon && self.is(month, day + 2)
    }

    /// This is the Monday after the given day of the year, which was a Sunday.
    pub fn is_monday_after_sunday(self, month: u32, day: u32) -> bool {
        self.weekday == Weekday::Mon && self.is(month, day + 1)
    }

    /// Days since Easter Sunday of the year: -2 on Good Friday, 1 on Easter Monday.
    pub fn since_easter(self) -> i64 {
        easter_sunday(self.year).map_or(i64::MAX, |easter| {
            self.date.signed_duration_since(easter).num_days()
        })
    }

    /// Good Friday and Easter Monday, holidays wherever Easter is kept.
    pub fn is_easter_friday_or_monday(self) -> bool {
        matches!(self.month, 3 | 4) && matches!(self.since_easter(), -2 | 1)
    }
}

/// Easter Sunday of a year of the Gregorian calendar (the anonymous computus). None outside chrono's years.
#[must_use]
pub fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, in_century) = (year.div_euclid(100), year.rem_euclid(100));
    let (leap_century, century_rest) = (century / 4, century % 4);
    let moon = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - leap_century - moon + 15).rem_euclid(30);
    let weekday =
        (32 + 2 * century_rest + 2 * (in_century / 4) - epact - in_century % 4).rem_euclid(7);
    let shift = (golden + 11 * epact + 22 * weekday) / 451;
    let number = epact + weekday - 7 * shift + 114;
    let part = |n: i32| u32::try_from(n).ok();
    NaiveDate::from_ymd_opt(year, part(number / 31)?, part(number % 31 + 1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r22_easter_falls_on_the_published_dates() {
        let dates = (2026..=2032).map(|y| easter_sunday(y).unwrap().to_string());
        let expected = [
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2029-04-01",
            "2030-04-21",
            "2031-04-13",
            "2032-03-28",
        ];
        assert!(dates.eq(expected));
    }
}
