//! Daily and minute counters of what sends, with the limits checked where they are counted; and the circuit breaker
//! of each provider.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use touchline_domain::{
    channel::Channel,
    events::Provider,
    ids::{ResourceId, TenantId},
};
use touchline_engine::ports::{Candidate, Reservation, Reserved};

/// A breaker opens after this many failures in a row (SEND-3).
pub const BREAKER_FAILURES: u32 = 5;
/// It half-opens after this many seconds (SEND-3).
pub const BREAKER_OPEN_SECS: i64 = 30;

/// A tenant's day on a channel.
type DayKey = (TenantId, Channel, NaiveDate);

/// What is taken of it.
#[derive(Clone, Debug, Default)]
struct Day {
    /// By resource, domains included.
    used: BTreeMap<ResourceId, u32>,
    /// In all.
    tenant: u32,
    /// The last minute in which a resource sent, counted from the epoch, and how much it sent then.
    minutes: BTreeMap<ResourceId, (i64, u32)>,
}

impl Day {
    fn used(&self, id: &ResourceId) -> u32 {
        self.used.get(id).copied().unwrap_or(0)
    }

    /// A minute that is ahead of ours was begun by a faster clock and counts as full.
    fn has_room_in_minute(&self, resource: &ResourceId, wish: &Reservation) -> bool {
        let Some(limit) = wish.per_minute else {
            return true;
        };
        let now = minute_of(wish.now);
        match self.minutes.get(resource) {
            Some((minute, count)) if *minute == now => *count < limit,
            Some((minute, _)) => *minute < now && limit > 0,
            None => limit > 0,
        }
    }

    fn count_minute(&mut self, resource: &ResourceId, now: i64) {
        let minute = self.minutes.entry(resource.clone()).or_insert((now, 0));
        if minute.0 != now {
            *minute = (now, 0);
        }
        minute.1 += 1;
    }
}

/// The counters.
#[derive(Clone, Debug, Default)]
pub struct Counters(BTreeMap<DayKey, Day>);

impl Counters {
    /// How many units of a resource's day are taken.
    #[must_use]
    pub fn used_on(&self, resource: &ResourceId, channel: Channel, date: NaiveDate) -> u32 {
        self.0
            .iter()
            .filter(|((_, on, day), _)| (*on, *day) == (channel, date))
            .map(|(_, day)| day.used(resource))
            .sum()
    }

    /// Decides who would have the unit, without taking it.
    #[must_use]
    pub fn look(&self, wish: &Reservation) -> Reserved {
        let nothing = Day::default();
        let day = self.0.get(&key_of(wish)).unwrap_or(&nothing);
        if wish.tenant_limit.is_some_and(|limit| day.tenant >= limit) {
            return Reserved::Exhausted;
        }
        let has_room = |candidate: &&Candidate| {
            let domain = candidate.domain.as_ref();
            day.used(&candidate.resource) < candidate.limit
                && domain.is_none_or(|(id, limit)| day.used(id) < *limit)
        };
        let mut candidates: Vec<&Candidate> = wish.candidates.iter().filter(has_room).collect();
        candidates.sort_by_key(|candidate| day.used(&candidate.resource));
        let chosen = candidates
            .iter()
            .find(|candidate| day.has_room_in_minute(&candidate.resource, wish));
        match chosen {
            Some(candidate) => Reserved::By(candidate.resource.clone()),
            None if candidates.is_empty() => Reserved::Exhausted,
            None => Reserved::NotThisMinute,
        }
    }

    /// Takes a unit of everything that binds `resource`.
    pub fn take(&mut self, wish: &Reservation, resource: &ResourceId) {
        let day = self.0.entry(key_of(wish)).or_default();
        for id in binding(wish, resource) {
            *day.used.entry(id.clone()).or_default() += 1;
        }
        day.tenant += 1;
        if wish.per_minute.is_some() {
            day.count_minute(resource, minute_of(wish.now));
        }
    }

    /// Gives a unit of the day back, if one is taken. The minute stays used: it is over soon.
    pub fn release(&mut self, wish: &Reservation, resource: &ResourceId) {
        let Some(day) = self.0.get_mut(&key_of(wish)) else {
            return;
        };
        if day.used(resource) == 0 {
            return;
        }
        for id in binding(wish, resource) {
            if let Some(used) = day.used.get_mut(id) {
                *used = used.saturating_sub(1);
            }
        }
        day.tenant = day.tenant.saturating_sub(1);
    }
}

/// The minute of an instant, counted from the epoch.
#[must_use]
pub fn minute_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

fn key_of(wish: &Reservation) -> DayKey {
    (wish.tenant.clone(), wish.channel, wish.date)
}

/// The resource and the domain that it shares a limit with.
fn binding<'a>(
    wish: &'a Reservation,
    resource: &'a ResourceId,
) -> impl Iterator<Item = &'a ResourceId> {
    let domain = super::provider::domain_of(wish, resource).map(|(id, _)| id);
    std::iter::once(resource).chain(domain)
}

#[derive(Clone, Copy, Debug, Default)]
struct Breaker {
    failures: u32,
    open_until: Option<DateTime<Utc>>,
}

/// The breakers.
#[derive(Clone, Debug, Default)]
pub struct BreakerBox(BTreeMap<Provider, Breaker>);

impl BreakerBox {
    /// Until when a provider is held back, if it is. Whoever asks first after that time goes first; the others wait for
    /// what it finds.
    pub fn open_until(&mut self, provider: Provider, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let breaker = self.0.get_mut(&provider)?;
        let until = breaker.open_until?;
        if now < until {
            return Some(until);
        }
        breaker.open(now);
        None
    }

    /// Notes how a call went.
    pub fn note(&mut self, provider: Provider, healthy: bool, now: DateTime<Utc>) {
        let breaker = self.0.entry(provider).or_default();
        if healthy {
            *breaker = Breaker::default();
            return;
        }
        breaker.failures += 1;
        let is_open = breaker.open_until.is_some_and(|until| now < until);
        if breaker.failures >= BREAKER_FAILURES && !is_open {
            breaker.open(now);
        }
    }
}

impl Breaker {
    fn open(&mut self, now: DateTime<Utc>) {
        self.open_until = Some(now + Duration::seconds(BREAKER_OPEN_SECS));
    }
}

#[cfg(test)]
mod tests {
    use touchline_domain::money::Micros;

    use super::*;

    fn wish(limit: u32, per_minute: Option<u32>) -> Reservation {
        let candidate = |id: &str| Candidate {
            resource: id.parse().unwrap(),
            limit,
            domain: Some(("dom".parse().unwrap(), 3)),
        };
        Reservation {
            campaign: None,
            tenant: "acme".parse().unwrap(),
            channel: Channel::Email,
            date: NaiveDate::default(),
            candidates: vec![candidate("r1"), candidate("r2")],
            tenant_limit: Some(200),
            per_minute,
            now: DateTime::UNIX_EPOCH,
            price: Micros::ZERO,
        }
    }

    fn draw(counters: &mut Counters, wish: &Reservation) -> Reserved {
        let reserved = counters.look(wish);
        if let Reserved::By(id) = &reserved {
            counters.take(wish, id);
        }
        reserved
    }

    #[test]
    fn lim_2_the_least_used_is_taken_first_and_the_domain_binds_both() {
        let mut counters = Counters::default();
        let by = |id: &str| Reserved::By(id.parse().unwrap());
        let wish = wish(5, None);
        assert_eq!(draw(&mut counters, &wish), by("r1"));
        assert_eq!(draw(&mut counters, &wish), by("r2"));
        assert_eq!(draw(&mut counters, &wish), by("r1"));
        assert_eq!(draw(&mut counters, &wish), Reserved::Exhausted);
        counters.release(&wish, &"r2".parse().unwrap());
        assert_eq!(draw(&mut counters, &wish), by("r2"));
    }

    #[test]
    fn seq_4_a_used_up_minute_is_not_a_used_up_day() {
        let mut counters = Counters::default();
        let mut wish = wish(5, Some(1));
        draw(&mut counters, &wish);
        draw(&mut counters, &wish);
        assert_eq!(draw(&mut counters, &wish), Reserved::NotThisMinute);
        wish.now += Duration::minutes(1);
        assert_eq!(
            draw(&mut counters, &wish),
            Reserved::By("r1".parse().unwrap())
        );
    }

    #[test]
    fn send_3_a_breaker_opens_at_the_fifth_failure_and_lets_one_through_after_thirty_seconds() {
        let mut breakers = BreakerBox::default();
        let at = |secs| DateTime::UNIX_EPOCH + Duration::seconds(secs);
        for _ in 0..4 {
            breakers.note(Provider::Ses, false, at(0));
        }
        assert_eq!(breakers.open_until(Provider::Ses, at(0)), None);
        breakers.note(Provider::Ses, false, at(0));
        assert_eq!(breakers.open_until(Provider::Ses, at(29)), Some(at(30)));
        assert_eq!(breakers.open_until(Provider::Ses, at(30)), None);
        assert_eq!(
            breakers.open_until(Provider::Ses, at(31)),
            Some(at(60)),
            "the second waits for what the first finds"
        );
        breakers.note(Provider::Ses, true, at(31));
        breakers.note(Provider::Ses, false, at(32));
        assert_eq!(breakers.open_until(Provider::Ses, at(32)), None);
    }
}
