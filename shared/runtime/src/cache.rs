//! A small cache whose entries are only good for so long, by the monotonic clock. Refuses to answer an entry that is
//! older than its age limit; it never renews one by itself.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Entries beyond this number make room by dropping the oldest; a function works for few tenants at a time.
const CAPACITY: usize = 1_000;

/// Values by key, each for at most the age limit.
#[derive(Debug)]
pub struct TtlCache<K, V> {
    max_age: Duration,
    entries: Mutex<HashMap<K, (Instant, V)>>,
}

impl<K: Eq + Hash + Clone, V: Clone> TtlCache<K, V> {
    /// An empty cache.
    #[must_use]
    pub fn new(max_age: Duration) -> Self {
        Self {
            max_age,
            entries: Mutex::default(),
        }
    }

    /// The value, if it is fresh enough.
    pub fn get(&self, key: &K) -> Option<V> {
        self.get_at(key, Instant::now())
    }

    /// Keeps a value from now on. Call it with what was read *after* [`TtlCache::begin`], so that the age counts from
    /// before the read.
    pub fn put(&self, key: K, value: V, began: Began) {
        let mut entries = self.lock();
        if entries.len() >= CAPACITY && !entries.contains_key(&key) {
            let oldest = entries.iter().min_by_key(|(_, (since, _))| *since);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                entries.remove(&oldest);
            }
        }
        entries.insert(key, (began.0, value));
    }

    /// Marks the moment before a value is read.
    pub fn begin(&self) -> Began {
        Began(Instant::now())
    }

    /// Forgets one entry.
    pub fn forget(&self, key: &K) {
        self.lock().remove(key);
    }

    fn get_at(&self, key: &K, now: Instant) -> Option<V> {
        let entries = self.lock();
        let (since, value) = entries.get(key)?;
        (now.saturating_duration_since(*since) < self.max_age).then(|| value.clone())
    }

    /// A panic elsewhere leaves whole entries behind, so a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, HashMap<K, (Instant, V)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When the reading of a value began.
#[derive(Clone, Copy, Debug)]
pub struct Began(Instant);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_gone_at_its_age_limit() {
        let cache = TtlCache::new(Duration::from_secs(15));
        let began = cache.begin();
        cache.put("acme", 1, began);
        assert_eq!(
            cache.get_at(&"acme", began.0 + Duration::from_millis(14_999)),
            Some(1)
        );
        assert_eq!(
            cache.get_at(&"acme", began.0 + Duration::from_secs(15)),
            None
        );
        assert_eq!(cache.get_at(&"other", began.0), None);
    }

    #[test]
    fn a_full_cache_drops_its_oldest_entry() {
        let cache = TtlCache::new(Duration::from_secs(15));
        for key in 0..=CAPACITY {
            cache.put(key, key, cache.begin());
        }
        assert_eq!(cache.lock().len(), CAPACITY);
        assert!(cache.get(&CAPACITY).is_some());
    }

    #[test]
    fn a_forgotten_entry_is_read_again() {
        let cache = TtlCache::new(Duration::from_secs(15));
        cache.put(1, 1, cache.begin());
        cache.forget(&1);
        assert_eq!(cache.get(&1), None);
    }
}
