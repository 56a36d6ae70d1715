//! Daily and minute counters of what sends, with the limits checked where they are counted; and the circuit breaker
//! of each provider.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use touchline_domain::{channel::Channel, events::Provider, ids::ResourceId};
use touchline_engine::ports::{Candidate, Reservation, Reserved};

/// A breaker opens after this many failures in a row (SEND-3).
pub const BREAKER_FAILURES: u32 = 5;
/// It half-opens after this many seconds (SEND-3).
pub const BREAKER_OPEN_SECS: i64 = 30;

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Resource(ResourceId, Channel, NaiveDate),
    Tenant(String, Channel, NaiveDate),
    Minute(ResourceId, i64),
}

/// The counters.
#[derive(Clone, Debug, Default)]
pub struct Counters(BTreeMap<Key, u32>);

impl Counters {
    fn used(&self, key: &Key) -> u32 {
        self.0.get(key).copied().unwrap_or(0)
    }

    /// How many units of a resource's day are taken.
    #[must_use]
    pub fn used_on(&self, resource: &ResourceId, channel: Channel, date: NaiveDate) -> u32 {
        self.used(&Key::Resource(resource.clone(), channel, date))
    }

    /// Decides who would have the unit, without taking it.
    #[must_use]
    pub fn look(&self, wish: &Reservation) -> Reserved {
        let tenant = Key::Tenant(wish.tenant.to_string(), wish.channel, wish.date);
        if wish
            .tenant_limit
            .is_some_and(|limit| self.used(&tenant) >= limit)
        {
            return Reserved::Exhausted;
        }
        let mut candidates: Vec<&Candidate> = wish.candidates.iter().collect();
        candidates.sort_by_key(|c| self.used_on(&c.resource, wish.channel, wish.date));
        let mut capacity_today = false;
        for candidate in candidates {
            let used = |id: &ResourceId| self.used_on(id, wish.channel, wish.date);
            let domain_full = candidate
                .domain
                .as_ref()
                .is_some_and(|(id, limit)| used(id) >= *limit);
            if domain_full || used(&candidate.resource) >= candidate.limit {
                continue;
            }
            capacity_today = true;
            let minute = Key::Minute(candidate.resource.clone(), minute_of(wish.now));
            if wish
                .per_minute
                .is_none_or(|limit| self.used(&minute) < limit)
            {
                return Reserved::By(candidate.resource.clone());
            }
        }
        if capacity_today {
            Reserved::NotThisMinute
        } else {
            Reserved::Exhausted
        }
    }

    /// Takes a unit of everything that binds `resource`.
    pub fn take(&mut self, wish: &Reservation, resource: &ResourceId) {
        for key in keys(wish, resource) {
            *self.0.entry(key).or_default() += 1;
        }
    }

    /// Gives a unit back.
    pub fn release(&mut self, wish: &Reservation, resource: &ResourceId) {
        for key in keys(wish, resource) {
            if let Some(used) = self.0.get_mut(&key) {
                *used = used.saturating_sub(1);
            }
        }
    }
}

/// The minute of an instant, counted from the epoch.
#[must_use]
pub fn minute_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

fn keys(wish: &Reservation, resource: &ResourceId) -> Vec<Key> {
    let domain = wish
        .candidates
        .iter()
        .find(|c| c.resource == *resource)
        .and_then(|c| c.domain.as_ref());
    let day = |id: &ResourceId| Key::Resource(id.clone(), wish.channel, wish.date);
    let mut keys = vec![
        day(resource),
        Key::Tenant(wish.tenant.to_string(), wish.channel, wish.date),
    ];
    keys.extend(domain.map(|(id, _)| day(id)));
    keys.extend(
        wish.per_minute
            .map(|_| Key::Minute(resource.clone(), minute_of(wish.now))),
    );
    keys
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
    /// Until when a provider is held back, if it is.
    #[must_use]
    pub fn open_until(&self, provider: Provider, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0
            .get(&provider)?
            .open_until
            .filter(|until| now < *until)
    }

    /// Notes how a call went.
    pub fn note(&mut self, provider: Provider, healthy: bool, now: DateTime<Utc>) {
        let breaker = self.0.entry(provider).or_default();
        if healthy {
            *breaker = Breaker::default();
            return;
        }
        breaker.failures += 1;
        if breaker.failures >= BREAKER_FAILURES {
            breaker.open_until = Some(now + Duration::seconds(BREAKER_OPEN_SECS));
        }
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
        breakers.note(Provider::Ses, true, at(31));
        breakers.note(Provider::Ses, false, at(32));
        assert_eq!(breakers.open_until(Provider::Ses, at(32)), None);
    }
}
