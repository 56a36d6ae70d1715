//! Whether a touch may happen at an instant, and when the next one may (GATE-8, WIN-1, WIN-3, R1, R2, R16).
//! It refuses to guess: without a zone everything is closed, and for calls and texts no zone is ever set aside.

use std::cell::Cell;

use chrono::{DateTime, Datelike as _, Utc, Weekday};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::{
    civil::{DAY_SECS, Zone},
    hours::Window,
    law,
    purpose::Purpose,
    walk::{LocalMoment, Rules, secs},
    zones::Candidates,
};
use crate::channel::Channel;

/// How far ahead the next opening is sought: past one change of the clocks in every zone.
pub const SEARCH_DAYS: i64 = 190;

/// Seconds of a week without a transition.
const WEEK_SECS: i64 = 7 * DAY_SECS;

/// The answer of [`check`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Opening {
    /// A touch may happen now and until before `closes_at`.
    Open {
        /// The first instant at which the window is closed again.
        closes_at: DateTime<Utc>,
    },
    /// A touch may not happen now.
    Closed {
        /// The reason, as a code of GATE-8.
        reason: ClosedReason,
        /// The earliest instant at which [`check`] answers open; none within [`SEARCH_DAYS`] or without a zone.
        next_open: Option<DateTime<Utc>>,
    },
}

/// Why a touch may not happen now. The codes are those of GATE-8 and two more that no waiting cures.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ClosedReason {
    /// A day with a window, but not inside it.
    OutsideWindow,
    /// Saturday or Sunday without a window.
    Weekend,
    /// A holiday of a candidate region.
    Holiday,
    /// Between two spans of the day.
    Lunch,
    /// Nothing is known of the recipient's zone.
    UnknownZone,
    /// Candidate zones, window and law together leave no minute within [`SEARCH_DAYS`].
    NoCommonWindow,
}

impl ClosedReason {
    /// The code, as recorded on a touch.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Decides about `purpose` with the tenant's `window` at the instant `at`. The law of every candidate region clips the
/// window first; then it must be open in all candidate zones, on a holiday of no region, half-open at its end (R1).
#[must_use]
pub fn check(
    purpose: Purpose,
    window: &Window,
    candidates: &Candidates,
    at: DateTime<Utc>,
) -> Opening {
    let Some(schedule) = Schedule::new(purpose, window, candidates) else {
        return Opening::Closed {
            reason: ClosedReason::UnknownZone,
            next_open: None,
        };
    };
    let now = at.timestamp();
    match schedule.next_open(now) {
        Some(open) if open == now => Opening::Open {
            closes_at: instant(schedule.open_until(now)),
        },
        Some(next) => Opening::Closed {
            reason: schedule.reason(now),
            next_open: Some(instant(next)),
        },
        None => Opening::Closed {
            reason: ClosedReason::NoCommonWindow,
            next_open: None,
        },
    }
}

/// Whether WIN-1's half limit holds at `at` in the `zone` of the seat: `LinkedIn` on a Saturday.
#[must_use]
pub fn saturday_half(channel: Channel, zone: Zone, at: DateTime<Utc>) -> bool {
    match channel {
        Channel::Linkedin => zone.local(at).weekday() == Weekday::Sat,
        Channel::Email | Channel::Sms | Channel::Voice | Channel::Mail => false,
    }
}

/// Everything that decides about one recipient and purpose, worked out once.
pub(super) struct Schedule<'a> {
    rules: Rules<'a>,
    candidates: &'a Candidates,
    /// The likeliest zone; its calendar frames days and weeks.
    pub main: Zone,
    may_fall_back: bool,
    /// The weeks that were asked about last, and how many of the sets in [`Schedule::deciders`] they skip.
    weeks: Cell<Option<(i64, i64, usize)>>,
}

/// The zones that decide during some time.
struct Deciders<'a> {
    zones: &'a [Zone],
    until: i64,
}

impl<'a> Schedule<'a> {
    /// None if the candidates hold no zone.
    pub fn new(purpose: Purpose, window: &Window, candidates: &'a Candidates) -> Option<Self> {
        let channel = purpose.channel();
        let regions = candidates.regions();
        let main = candidates
            .main()
            .filter(|_| !candidates.zones().is_empty())?;
        let hours = window.clip(&law::common_bound(channel, regions));
        Some(Self {
            rules: Rules::new(hours, channel, regions),
            candidates,
            main,
            may_fall_back: purpose.may_fall_back() && candidates.zones().len() > 1,
            weeks: Cell::new(None),
        })
    }

    /// The earliest open second from `at` on, within [`SEARCH_DAYS`].
    pub fn next_open(&self, at: i64) -> Option<i64> {
        self.next_open_before(at, search_limit(at))
    }

    /// The earliest open second from `at` on that is before `limit`.
    pub fn next_open_before(&self, mut at: i64, limit: i64) -> Option<i64> {
        if self.rules.hours.is_empty() {
            return None;
        }
        while at < limit {
            let deciders = self.deciders(at);
            let until = deciders.until.min(limit);
            let open = self.rules.open_from(deciders.zones, at, until);
            if open < until {
                return Some(open);
            }
            at = until;
        }
        None
    }

    /// The first second after the open second `at` that is closed.
    pub fn open_until(&self, mut at: i64) -> i64 {
        let limit = search_limit(at);
        while at < limit {
            let deciders = self.deciders(at);
            let until = deciders.until.min(limit);
            let end = self.rules.open_until(deciders.zones, at, until);
            if end < until {
                return end;
            }
            at = until;
        }
        at
    }

    /// All candidate zones. For a channel without legal hours, and in a week in which all together leave no minute:
    /// those of the most trusted signal, else the likeliest one (decision 0101).
    fn deciders(&self, at: i64) -> Deciders<'_> {
        let all = self.candidates.zones();
        if !self.may_fall_back {
            return Deciders {
                zones: all,
                until: i64::MAX,
            };
        }
        let sets = [
            all,
            self.candidates.core(),
            std::slice::from_ref(&self.main),
        ];
        let known = self
            .weeks
            .get()
            .filter(|(start, until, _)| (*start..*until).contains(&at));
        let (_, until, passed) = known.unwrap_or_else(|| {
            let (start, until) = self.week_of(at);
            let meets = |zones: &[Zone]| self.has_common_minute(zones, start, until);
            let passed = match sets {
                [all, ..] if meets(all) => 0,
                [all, core, _] if core != all && meets(core) => 1,
                _ => 2,
            };
            let until = self.steady_weeks(start, until);
            self.weeks.set(Some((start, until, passed)));
            (start, until, passed)
        });
        Deciders {
            zones: sets[passed],
            until,
        }
    }

    /// Where the last whole week ends in which every clock runs as in the week from `start` to `until`; these weeks have
    /// the same common minutes. That week itself if a clock changes in it.
    fn steady_weeks(&self, start: i64, until: i64) -> i64 {
        let zones = self.candidates.zones().iter().chain([&self.main]);
        let change = zones.map(|zone| zone.stretch(start).until).min();
        let weeks = change.map_or(0, |change| change.saturating_sub(start) / WEEK_SECS);
        until.max(start + weeks * WEEK_SECS)
    }

    /// Holidays do not count here: a week of holidays must stay closed and not fall back.
    fn has_common_minute(&self, zones: &[Zone], start: i64, until: i64) -> bool {
        self.rules.without_holidays().open_from(zones, start, until) < until
    }

    /// Start and end of the week of `at`, from Monday to Monday on the calendar of the likeliest zone.
    fn week_of(&self, at: i64) -> (i64, i64) {
        let moment = LocalMoment::of(self.main, at);
        let monday = moment.day - i64::try_from(moment.weekday()).unwrap_or(0);
        (self.main.start_of(monday), self.main.start_of(monday + 7))
    }

    /// Why the second `at` is closed. Zones may differ; the reason that lasts longest is given.
    fn reason(&self, at: i64) -> ClosedReason {
        let deciders = self.deciders(at);
        let reasons = deciders
            .zones
            .iter()
            .filter_map(|zone| self.zone_reason(*zone, at));
        reasons
            .max_by_key(|reason| lasting(*reason))
            .unwrap_or(ClosedReason::OutsideWindow)
    }

    fn zone_reason(&self, zone: Zone, at: i64) -> Option<ClosedReason> {
        let moment = LocalMoment::of(zone, at);
        let mut spans = self.rules.hours.day(moment.weekday()).peekable();
        if spans.peek().is_none() {
            let weekend = moment.weekday() >= 5;
            return Some(if weekend {
                ClosedReason::Weekend
            } else {
                ClosedReason::OutsideWindow
            });
        }
        if self.rules.is_holiday(&moment) {
            return Some(ClosedReason::Holiday);
        }
        let (mut before, mut after) = (false, false);
        for span in spans {
            if (secs(span.from())..secs(span.to())).contains(&moment.secs) {
                return None;
            }
            before |= secs(span.to()) <= moment.secs;
            after |= secs(span.from()) > moment.secs;
        }
        Some(if before && after {
            ClosedReason::Lunch
        } else {
            ClosedReason::OutsideWindow
        })
    }
}

fn search_limit(at: i64) -> i64 {
    at.saturating_add(SEARCH_DAYS * DAY_SECS)
}

fn lasting(reason: ClosedReason) -> u8 {
    match reason {
        ClosedReason::Lunch => 0,
        ClosedReason::OutsideWindow => 1,
        ClosedReason::Holiday => 2,
        ClosedReason::Weekend => 3,
        ClosedReason::UnknownZone | ClosedReason::NoCommonWindow => 4,
    }
}

/// Every second here lies within the search horizon of a given instant, so this never falls back.
pub(super) fn instant(secs: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(secs, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
