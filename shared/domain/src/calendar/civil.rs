//! Civil time: the one module that turns local clocks into instants and back, on jiff's bundled IANA database.
//! It never reads the machine's own zone files, and it refuses a name that the database does not have.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    sync::{LazyLock, OnceLock},
};

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _, Utc};
use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};
use serde::{Deserialize, Serialize};

/// Seconds in a civil day without a transition.
pub(super) const DAY_SECS: i64 = 86_400;

/// Transitions inside these years are tabulated on a zone's first use, so that an offset is one binary search.
const TABLE_FROM: i64 = 946_684_800; // 2000-01-01
const TABLE_UNTIL: i64 = 2_840_140_800; // 2060-01-01

/// The table is indexed by pieces of this many seconds, half a year, in which few clocks change more than twice.
const PIECE_SECS: i64 = 1 << 24;

/// From here on two clocks must agree to count as the same one.
const SAME_CLOCK_FROM: i64 = 1_767_225_600; // 2026-01-01

/// What the database calls a clock that nobody has set. No one lives there.
const UNSET: &str = "Factory";

static CLOCKS: LazyLock<Vec<(Box<str>, OnceLock<Clock>)>> = LazyLock::new(|| {
    let mut names: Vec<Box<str>> = TimeZoneDatabase::bundled()
        .available()
        .filter(|name| name.as_str() != UNSET)
        .map(|name| name.as_str().into())
        .collect();
    names.sort_unstable_by(|a, b| fold_cmp(a, b));
    names
        .into_iter()
        .map(|name| (name, OnceLock::new()))
        .collect()
});

struct Clock {
    name: &'static str,
    tz: TimeZone,
    /// Start of each stretch of constant offset (seconds since 1970) and that offset in seconds.
    table: Box<[(i64, i32)]>,
    /// For each piece of the table's years, the row that holds its first second.
    pieces: Box<[usize]>,
}

/// A time zone of the IANA database, by validated name. Copying and comparing it costs a pointer.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Zone(&'static Clock);

/// The text names no zone of the IANA database.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error("'{0}' is not an IANA time zone such as Australia/Sydney")]
pub struct ZoneError(String);

/// A stretch of constant offset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// First second (since 1970) that no longer belongs to it.
    pub until: i64,
    /// Seconds to add to UTC.
    pub offset: i64,
}

impl Zone {
    /// Every zone name that [`Zone::from_str`] accepts, in case-insensitive order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        CLOCKS.iter().map(|(name, _)| &**name)
    }

    /// The IANA name, spelled as the database spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The local date and time at the instant `at`.
    #[must_use]
    pub fn local(self, at: DateTime<Utc>) -> NaiveDateTime {
        let offset = chrono::TimeDelta::seconds(self.stretch(at.timestamp()).offset);
        let utc = at.naive_utc();
        utc.checked_add_signed(offset).unwrap_or(utc)
    }

    /// The instant of a local date and time (R23). A time that a forward change skips maps to the instant as
    /// long after the change as it was meant after the skipped hour's start (02:30 becomes 03:30); a time that
    /// occurs twice maps to the first.
    #[must_use]
    pub fn to_utc(self, local: NaiveDateTime) -> DateTime<Utc> {
        let resolved = civil(local).and_then(|dt| {
            self.0
                .tz
                .to_ambiguous_timestamp(dt)
                .compatible()
                .ok()
                .map(|t| t.as_second())
        });
        // Only years that the database does not span (before -9999, after 9999) have no resolution.
        let secs = resolved.unwrap_or_else(|| {
            let naive = local.and_utc().timestamp();
            naive - self.stretch(naive).offset
        });
        DateTime::from_timestamp(secs, local.nanosecond()).unwrap_or_else(|| local.and_utc())
    }

    /// The first instant of a local date. Where midnight is skipped, that is the end of the gap.
    #[must_use]
    pub fn start_of_day(self, date: NaiveDate) -> DateTime<Utc> {
        self.to_utc(date.and_time(NaiveTime::MIN))
    }

    /// The first second of the local day that lies `day` days after 1970-01-01; both since 1970.
    pub(super) fn start_of(self, day: i64) -> i64 {
        let utc_midnight = day * DAY_SECS;
        let offset = self.stretch(utc_midnight).offset;
        let start = utc_midnight - offset;
        // Without a change from a quarter of a day before until then, midnight exists and is single.
        let steady = self.stretch(start - DAY_SECS / 4).until > start
            && self.stretch(start).offset == offset;
        if steady {
            return start;
        }
        self.start_of_day(date_of(day)).timestamp()
    }

    /// Whether both clocks show the same time from 2026 on, whatever they did before: Detroit and New York do.
    #[must_use]
    pub fn same_clock(self, other: Self) -> bool {
        let since = |zone: Self| {
            let table = &zone.0.table;
            let first = table.partition_point(|(from, _)| *from < SAME_CLOCK_FROM);
            (zone.stretch(SAME_CLOCK_FROM).offset, &table[first..])
        };
        self == other || since(self) == since(other)
    }

    /// The stretch of constant offset that holds the second `at`.
    pub(super) fn stretch(self, at: i64) -> Stretch {
        let clock = self.0;
        clock
            .tabulated(at)
            .unwrap_or_else(|| stretch_from_database(&clock.tz, at))
    }
}

impl Clock {
    fn tabulated(&self, at: i64) -> Option<Stretch> {
        if !(TABLE_FROM..TABLE_UNTIL).contains(&at) {
            return None;
        }
        let piece = usize::try_from((at - TABLE_FROM) / PIECE_SECS).ok()?;
        let mut rows = self.table.get(*self.pieces.get(piece)?..)?.iter();
        let mut offset = rows.next()?.1;
        for (from, next) in rows {
            if *from > at {
                let until = *from;
                return Some(Stretch {
                    until,
                    offset: offset.into(),
                });
            }
            offset = *next;
        }
        Some(Stretch {
            until: TABLE_UNTIL,
            offset: offset.into(),
        })
    }

    fn new(name: &'static str, tz: TimeZone) -> Self {
        let mut table = Vec::new();
        let mut at = TABLE_FROM;
        while at < TABLE_UNTIL {
            let stretch = stretch_from_database(&tz, at);
            let offset = i32::try_from(stretch.offset).unwrap_or(0);
            if table.last().is_none_or(|(_, last)| *last != offset) {
                table.push((at, offset));
            }
            at = stretch.until;
        }
        let holds_start = |piece: i64| {
            let start = TABLE_FROM + piece * PIECE_SECS;
            table.partition_point(|(from, _)| *from <= start) - 1
        };
        let pieces = 0..=(TABLE_UNTIL - TABLE_FROM) / PIECE_SECS;
        Self {
            name,
            tz,
            pieces: pieces.map(holds_start).collect(),
            table: table.into(),
        }
    }
}

fn stretch_from_database(tz: &TimeZone, at: i64) -> Stretch {
    let (lowest, highest) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let at = Timestamp::from_second(at.clamp(lowest, highest)).unwrap_or(Timestamp::UNIX_EPOCH);
    Stretch {
        until: tz
            .following(at)
            .next()
            .map_or(i64::MAX, |change| change.timestamp().as_second()),
        offset: i64::from(tz.to_offset(at).seconds()),
    }
}

/// The date `days` days after 1970-01-01.
pub(super) fn date_of(day: i64) -> NaiveDate {
    i32::try_from(day)
        .ok()
        .and_then(NaiveDate::from_epoch_days)
        .unwrap_or_default()
}

/// The date `days` later; the last date of the calendar where it ends.
pub(super) fn days_later(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(chrono::Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MAX)
}

fn civil(local: NaiveDateTime) -> Option<jiff::civil::DateTime> {
    let part = |n: u32| i8::try_from(n).ok();
    jiff::civil::DateTime::new(
        i16::try_from(local.year()).ok()?,
        part(local.month())?,
        part(local.day())?,
        part(local.hour())?,
        part(local.minute())?,
        part(local.second())?,
        0,
    )
    .ok()
}

fn fold_cmp(a: &str, b: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(lower).cmp(b.bytes().map(lower))
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let refuse = || ZoneError(text.to_owned());
        let clocks: &'static Vec<_> = &CLOCKS;
        let index = clocks
            .binary_search_by(|(name, _)| fold_cmp(name, text.trim()))
            .map_err(|_| refuse())?;
        let (name, clock) = &clocks[index];
        if clock.get().is_none() {
            let tz = TimeZoneDatabase::bundled()
                .get(name)
                .map_err(|_| refuse())?;
            // Losing the race to another thread leaves an equal clock in place.
            let _ = clock.set(Clock::new(name, tz));
        }
        clock.get().map(Self).ok_or_else(refuse)
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;

    fn try_from(text: String) -> Result<Self, ZoneError> {
        text.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl PartialOrd for Zone {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Zone {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(zone: &str, local: &str) -> String {
        let zone: Zone = zone.parse().unwrap();
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
        zone.to_utc(local).format("%Y-%m-%dT%H:%MZ").to_string()
    }

    #[test]
    fn r23_a_skipped_time_moves_past_the_change_and_a_repeated_one_is_its_first() {
        assert_eq!(
            utc("Australia/Sydney", "2026-10-04 02:30"),
            "2026-10-03T16:30Z"
        );
        assert_eq!(
            utc("Australia/Sydney", "2027-04-04 02:30"),
            "2027-04-03T15:30Z"
        );
        assert_eq!(
            utc("America/New_York", "2027-03-14 02:30"),
            "2027-03-14T07:30Z"
        );
        assert_eq!(
            utc("America/New_York", "2026-11-01 01:30"),
            "2026-11-01T05:30Z"
        );
    }

    #[test]
    fn r23_lord_howe_changes_by_half_an_hour() {
        assert_eq!(
            utc("Australia/Lord_Howe", "2026-10-03 09:00"),
            "2026-10-02T22:30Z"
        );
        assert_eq!(
            utc("Australia/Lord_Howe", "2026-10-04 09:00"),
            "2026-10-03T22:00Z"
        );
        assert_eq!(
            utc("Australia/Lord_Howe", "2026-10-04 02:15"),
            "2026-10-03T15:45Z"
        );
    }

    #[test]
    fn a_day_without_midnight_starts_where_the_gap_ends() {
        let havana: Zone = "America/Havana".parse().unwrap();
        let date = NaiveDate::from_ymd_opt(2027, 3, 14).unwrap();
        let start = havana.local(havana.start_of_day(date));
        assert_eq!(start.to_string(), "2027-03-14 01:00:00");
    }

    #[test]
    fn the_quick_start_of_a_day_is_the_start_of_the_day_in_every_zone() {
        // Havana, Beirut and Lord Howe change at or around midnight.
        for name in [
            "America/Havana",
            "Asia/Beirut",
            "Australia/Lord_Howe",
            "Africa/Cairo",
            "America/Scoresbysund",
        ] {
            let zone: Zone = name.parse().unwrap();
            for day in 20_000..22_500 {
                let expected = zone.start_of_day(date_of(day)).timestamp();
                assert_eq!(zone.start_of(day), expected, "{name} {}", date_of(day));
            }
        }
    }

    #[test]
    fn a_zone_is_found_in_any_case_and_a_wrong_name_is_refused_by_value() {
        let zone: Zone = " australia/sydney".parse().unwrap();
        assert_eq!(zone.name(), "Australia/Sydney");
        for wrong in [
            "",
            "Sydney",
            "Australia/Sidney",
            "AEST",
            "+10:00",
            "Factory",
        ] {
            assert_eq!(wrong.parse::<Zone>().unwrap_err(), ZoneError(wrong.into()));
        }
    }

    #[test]
    fn every_name_of_the_database_parses_to_itself() {
        assert!(Zone::names().count() > 590);
        for name in Zone::names() {
            assert_eq!(name.parse::<Zone>().unwrap().name(), name);
        }
    }

    #[test]
    fn the_table_of_offsets_agrees_with_the_database_inside_and_outside_its_years() {
        for name in [
            "Australia/Sydney",
            "America/New_York",
            "Africa/Casablanca",
            "Asia/Kolkata",
        ] {
            let zone: Zone = name.parse().unwrap();
            for step in -50..250 {
                let at = TABLE_FROM + step * 8_000_003;
                let expected = stretch_from_database(&zone.0.tz, at).offset;
                assert_eq!(zone.stretch(at).offset, expected, "{name} {at}");
            }
        }
    }
}
