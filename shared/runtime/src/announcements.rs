//! Collects the domain events of an invocation and announces them together at its end. An event that does not reach the
//! bus is logged and counted, and fails nothing: whatever depends on it has its record elsewhere.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use touchline_engine::announce::{Announce, DomainEvent};

use crate::metrics::Metrics;

/// The events of this invocation.
#[derive(Debug, Default)]
pub struct Announcements(Mutex<Vec<DomainEvent>>);

impl Announcements {
    /// Keeps an event for the end of the invocation.
    pub fn note(&self, event: DomainEvent) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event);
    }

    /// Announces what was noted.
    pub async fn send(&self, bus: &impl Announce, now: DateTime<Utc>) {
        let noted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return;
        }
        if let Err(error) = bus.announce(&noted).await {
            tracing::error!(%error, events = noted.len(), "events were not announced");
            let lost = u32::try_from(noted.len()).unwrap_or(u32::MAX);
            Metrics::new().count("EventsLost", lost).emit(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use touchline_domain::sending::resource::ResourceKind;
    use touchline_engine::ports::PortError;

    use super::*;

    #[derive(Default)]
    struct Heard(Mutex<Vec<usize>>);

    impl Announce for Heard {
        async fn announce(&self, events: &[DomainEvent]) -> Result<(), PortError> {
            self.0.lock().unwrap().push(events.len());
            Ok(())
        }
    }

    #[tokio::test]
    async fn events_of_an_invocation_are_announced_together_and_once() {
        let (heard, noted) = (Heard::default(), Announcements::default());
        for _ in 0..3 {
            noted.note(DomainEvent::PoolLow {
                kind: ResourceKind::PhoneNumber,
                available: 0,
                wanted: 1,
            });
        }
        noted.send(&heard, Utc::now()).await;
        noted.send(&heard, Utc::now()).await;
        assert_eq!(*heard.0.lock().unwrap(), [3]);
    }
}
