//! Which candidate gets the next unit, by what is known of the day's counters. Pure: the counters decide, and the
//! write that follows checks them again.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use touchline_domain::{
    channel::Channel,
    ids::{ResourceId, TenantId},
};
use touchline_engine::ports::{Candidate, PortError, Reservation, Reserved};

use crate::item::{Item, counter};

/// The messages that one resource sent in one minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Minute {
    /// Which minute, as sortable text.
    pub label: String,
    /// How many.
    pub count: i64,
}

/// Whose day, on which channel.
pub(super) type DayKey = (TenantId, NaiveDate, Channel);

/// A tenant's day on a channel, as far as it was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Day {
    counts: BTreeMap<String, i64>,
    minutes: BTreeMap<String, Minute>,
}

/// How the minute of a resource has to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MinuteWrite {
    /// There is no limit by the minute.
    Unlimited,
    /// The first message of a minute.
    First,
    /// One more in the same minute.
    Next,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Try to take a unit of the candidate at this position.
    Take(usize, MinuteWrite),
    /// By these counters nobody has one.
    Nobody(Reserved),
}

/// The counter of a resource, or of a domain.
pub(super) fn used_name(resource: &ResourceId) -> String {
    format!("n_{resource}")
}

/// The counter of the tenant on a channel.
pub(super) fn tenant_name(channel: Channel) -> String {
    format!("t_{channel}")
}

/// The minute that is being counted for a resource.
pub(super) fn minute_name(resource: &ResourceId) -> String {
    format!("m_{resource}")
}

/// The count of that minute.
pub(super) fn minute_count_name(resource: &ResourceId) -> String {
    format!("c_{resource}")
}

/// The name of a minute: sorts as time does.
pub(super) fn minute_label(now: DateTime<Utc>) -> String {
    let mut label = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    label.truncate("2026-11-20T22:14".len());
    label
}

impl Day {
    /// The day that an item holds.
    pub(super) fn of(item: &Item) -> Result<Self, PortError> {
        let mut day = Self::default();
        for name in item.keys() {
            if name.starts_with("n_") || name.starts_with("t_") {
                day.counts
                    .insert(name.clone(), counter("usage", item, name)?);
            } else if let Some(resource) = name.strip_prefix("m_") {
                let label = crate::item::required_text("usage", item, name)?.to_owned();
                let count = counter("usage", item, &format!("c_{resource}"))?;
                day.minutes
                    .insert(resource.to_owned(), Minute { label, count });
            }
        }
        Ok(day)
    }

    fn count(&self, name: &str) -> i64 {
        self.counts.get(name).copied().unwrap_or(0)
    }

    /// Who gets the next unit: of those with room in the day and in the minute the least used one (LIM-2); of several
    /// the first.
    pub(super) fn choose(&self, wish: &Reservation) -> Choice {
        let tenant_used = self.count(&tenant_name(wish.channel));
        if wish
            .tenant_limit
            .is_some_and(|limit| tenant_used >= i64::from(limit))
        {
            return Choice::Nobody(Reserved::Exhausted);
        }
        let mut minute_full = false;
        let mut best: Option<(i64, usize, MinuteWrite)> = None;
        for (position, candidate) in wish.candidates.iter().enumerate() {
            let used = self.count(&used_name(&candidate.resource));
            if used >= i64::from(candidate.limit) || self.domain_is_full(candidate) {
                continue;
            }
            match self.minute(&candidate.resource, wish) {
                None => minute_full = true,
                Some(write) if best.is_none_or(|(least, ..)| used < least) => {
                    best = Some((used, position, write))
                }
                Some(_) => {}
            }
        }
        match best {
            Some((_, position, write)) => Choice::Take(position, write),
            None if minute_full => Choice::Nobody(Reserved::NotThisMinute),
            None => Choice::Nobody(Reserved::Exhausted),
        }
    }

    fn domain_is_full(&self, candidate: &Candidate) -> bool {
        let domain = candidate.domain.as_ref();
        domain.is_some_and(|(id, limit)| self.count(&used_name(id)) >= i64::from(*limit))
    }

    /// How to write the minute, or `None` when it is full. A minute that is ahead of ours was begun by a faster clock
    /// and counts as full, so that no clock can exceed it.
    fn minute(&self, resource: &ResourceId, wish: &Reservation) -> Option<MinuteWrite> {
        let Some(limit) = wish.per_minute else {
            return Some(MinuteWrite::Unlimited);
        };
        let label = minute_label(wish.now);
        match self.minutes.get(resource.as_str()) {
            _ if limit == 0 => None,
            None => Some(MinuteWrite::First),
            Some(minute) if minute.label < label => Some(MinuteWrite::First),
            Some(minute) if minute.label == label && minute.count < i64::from(limit) => {
                Some(MinuteWrite::Next)
            }
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use touchline_domain::money::Micros;

    use super::*;
    use crate::item::{number, text};

    fn wish(limits: &[(&str, u32)]) -> Reservation {
        let candidates = limits.iter().map(|(id, limit)| Candidate {
            resource: id.parse().unwrap(),
            limit: *limit,
            domain: None,
        });
        Reservation {
            tenant: "acme".parse().unwrap(),
            campaign: None,
            channel: Channel::Sms,
            date: "2026-11-21".parse().unwrap(),
            candidates: candidates.collect(),
            tenant_limit: Some(200),
            per_minute: Some(20),
            now: "2026-11-20T22:14:07Z".parse().unwrap(),
            price: Micros::ZERO,
        }
    }

    fn day(counters: &[(&str, i64)], minutes: &[(&str, &str, i64)]) -> Day {
        let mut item: Item = counters
            .iter()
            .map(|(name, n)| ((*name).to_owned(), number(n)))
            .collect();
        for (resource, label, count) in minutes {
            item.insert(format!("m_{resource}"), text(*label));
            item.insert(format!("c_{resource}"), number(count));
        }
        Day::of(&item).unwrap()
    }

    #[test]
    fn lim_2_the_least_used_candidate_comes_first() {
        let day = day(&[("n_one", 3), ("n_two", 1), ("n_three", 2)], &[]);
        let wish = wish(&[("one", 100), ("two", 100), ("three", 100)]);
        assert_eq!(day.choose(&wish), Choice::Take(1, MinuteWrite::First));
    }

    #[test]
    fn a_candidate_without_room_is_passed_over() {
        let day = day(&[("n_one", 100), ("n_two", 99)], &[]);
        assert_eq!(
            day.choose(&wish(&[("one", 100), ("two", 100)])),
            Choice::Take(1, MinuteWrite::First)
        );
        assert_eq!(
            day.choose(&wish(&[("one", 100), ("two", 99)])),
            Choice::Nobody(Reserved::Exhausted)
        );
        assert_eq!(
            day.choose(&wish(&[("three", 0)])),
            Choice::Nobody(Reserved::Exhausted)
        );
    }

    #[test]
    fn a_full_domain_stops_its_mailboxes() {
        let mut wish = wish(&[("one", 100), ("two", 100)]);
        wish.candidates[0].domain = Some(("example-com".parse().unwrap(), 45));
        let day = day(&[("n_example-com", 45), ("n_two", 60)], &[]);
        assert_eq!(day.choose(&wish), Choice::Take(1, MinuteWrite::First));
    }

    #[test]
    fn a_tenant_at_its_limit_has_nobody() {
        let day = day(&[("t_sms", 200)], &[]);
        assert_eq!(
            day.choose(&wish(&[("one", 100)])),
            Choice::Nobody(Reserved::Exhausted)
        );
    }

    #[test]
    fn seq_4_a_full_minute_is_told_apart_from_a_full_day() {
        let full = [("one", "2026-11-20T22:14", 20)];
        assert_eq!(
            day(&[], &full).choose(&wish(&[("one", 100)])),
            Choice::Nobody(Reserved::NotThisMinute)
        );
        assert_eq!(
            day(&[], &full).choose(&wish(&[("one", 100), ("two", 100)])),
            Choice::Take(1, MinuteWrite::First)
        );
        let begun = [("one", "2026-11-20T22:14", 19)];
        assert_eq!(
            day(&[], &begun).choose(&wish(&[("one", 100)])),
            Choice::Take(0, MinuteWrite::Next)
        );
        let over = [("one", "2026-11-20T22:13", 20)];
        assert_eq!(
            day(&[], &over).choose(&wish(&[("one", 100)])),
            Choice::Take(0, MinuteWrite::First)
        );
        let ahead = [("one", "2026-11-20T22:15", 1)];
        assert_eq!(
            day(&[], &ahead).choose(&wish(&[("one", 100)])),
            Choice::Nobody(Reserved::NotThisMinute)
        );
    }
}
