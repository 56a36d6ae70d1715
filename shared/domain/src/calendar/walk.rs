//! Walking through time to the next moment at which a weekly window is open in several zones at once.
//! Within a stretch of constant offset local time is arithmetic; at a transition the walk starts afresh, so that skipped
//! and repeated hours need no case of their own (WIN-4, R23).

use std::cell::Cell;

use chrono::NaiveDate;

use super::{
    civil::{DAY_SECS, Zone, date_of},
    holidays,
    hours::{Span, Window},
    region::Region,
};
use crate::channel::Channel;

/// What decides about one local minute: the window inside the law, and the holidays of all regions.
pub(super) struct Rules<'a> {
    pub hours: Window,
    channel: Channel,
    regions: &'a [Region],
    /// The last answers about an even and an odd day; zones ask about the same days in turn.
    asked: [Cell<Option<(i64, bool)>>; 2],
}

/// A moment on a local clock.
pub(super) struct LocalMoment {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Seconds since local midnight, as the clock shows them.
    pub secs: i64,
}

impl LocalMoment {
    pub fn of(zone: Zone, at: i64) -> Self {
        Self::with_offset(at, zone.stretch(at).offset)
    }

    fn with_offset(at: i64, offset: i64) -> Self {
        let local = at + offset;
        Self {
            day: local.div_euclid(DAY_SECS),
            secs: local.rem_euclid(DAY_SECS),
        }
    }

    /// Monday is 0. The first day of 1970 was a Thursday.
    pub fn weekday(&self) -> usize {
        usize::try_from((self.day + 3).rem_euclid(7)).unwrap_or(0)
    }

    pub fn date(&self) -> NaiveDate {
        date_of(self.day)
    }
}

impl<'a> Rules<'a> {
    pub fn new(hours: Window, channel: Channel, regions: &'a [Region]) -> Self {
        Self {
            hours,
            channel,
            regions,
            asked: Default::default(),
        }
    }

    /// The same window without any holiday.
    pub fn without_holidays(&self) -> Rules<'static> {
        Rules::new(self.hours, self.channel, &[])
    }

    /// Whether some region has a holiday on the date of `moment`.
    pub fn is_holiday(&self, moment: &LocalMoment) -> bool {
        if self.regions.is_empty() {
            return false;
        }
        let memory = &self.asked[usize::from(moment.day % 2 != 0)];
        if let Some((day, answer)) = memory.get()
            && day == moment.day
        {
            return answer;
        }
        let answer = holidays::is_blocked(self.channel, self.regions, moment.date());
        memory.set(Some((moment.day, answer)));
        answer
    }

    /// The earliest second from `at` on that is open in all `zones`; `limit` or later if there is none before it.
    pub fn open_from(&self, zones: &[Zone], at: i64, limit: i64) -> i64 {
        let mut latest = at;
        let mut agreed = 0;
        for zone in zones.iter().cycle() {
            let open = self.zone_open_from(*zone, latest, limit);
            agreed = if open == latest { agreed + 1 } else { 1 };
            latest = open;
            if agreed == zones.len() || latest >= limit {
                break;
            }
        }
        latest
    }

    /// The first second after `at`, which is open in all `zones`, that is not; at most `limit`.
    pub fn open_until(&self, zones: &[Zone], at: i64, limit: i64) -> i64 {
        zones
            .iter()
            .map(|zone| self.zone_open_until(*zone, at, limit))
            .min()
            .unwrap_or(at)
    }

    fn zone_open_from(&self, zone: Zone, mut at: i64, limit: i64) -> i64 {
        if at >= limit {
            return at;
        }
        let mut stretch = zone.stretch(at);
        while at < limit {
            if at >= stretch.until {
                stretch = zone.stretch(at);
            }
            let moment = LocalMoment::with_offset(at, stretch.offset);
            let opening = self
                .hours
                .day(moment.weekday())
                .find(|span| secs(span.to()) > moment.secs)
                .filter(|_| !self.is_holiday(&moment))
                .map(|span| at + (secs(span.from()) - moment.secs).max(0));
            let next = opening.unwrap_or(at + DAY_SECS - moment.secs);
            if next < stretch.until && opening.is_some() {
                return next;
            }
            at = next.min(stretch.until);
        }
        at
    }

    fn zone_open_until(&self, zone: Zone, mut at: i64, limit: i64) -> i64 {
        while at < limit {
            let stretch = zone.stretch(at);
            let moment = LocalMoment::with_offset(at, stretch.offset);
            let Some(span) = self.span_at(&moment) else {
                return at;
            };
            at = (at + secs(span.to()) - moment.secs).min(stretch.until);
        }
        limit
    }

    fn span_at(&self, moment: &LocalMoment) -> Option<Span> {
        self.hours
            .day(moment.weekday())
            .find(|span| (secs(span.from())..secs(span.to())).contains(&moment.secs))
            .filter(|_| !self.is_holiday(moment))
    }
}

/// Seconds of a minute of the day.
pub(super) fn secs(minute: u16) -> i64 {
    i64::from(minute) * 60
}
