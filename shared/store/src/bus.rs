//! Domain events on EventBridge: what has happened, for whoever wants to know. Nothing that must not be lost goes this
//! way alone, and no address or message text at all (invariant 10).

use std::sync::Arc;

use aws_sdk_eventbridge::{Client, types::PutEventsRequestEntry};
use serde_json::Value;
use touchline_engine::ports::PortError;

use crate::error::{Incomplete, incomplete, unavailable};

/// The sender of all our events.
const SOURCE: &str = "touchline";
/// A call takes so many events.
const BATCH: usize = 10;
/// What the bus refuses is offered again this often.
const TRIES: usize = 3;

const WHAT: &str = "event bus";

/// Something that has happened.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainEvent {
    /// Which kind, for rules to match: `touch.ended`, `reply.received`, `pool.low` ...
    pub kind: &'static str,
    /// Ids, codes and numbers.
    pub detail: Value,
}

/// The bus.
#[derive(Clone, Debug)]
pub struct Bus {
    client: Client,
    name: Arc<str>,
}

impl Bus {
    /// The bus called `name`.
    #[must_use]
    pub fn new(client: Client, name: &str) -> Self {
        Self {
            client,
            name: name.into(),
        }
    }

    /// Announces events, in order of the slice as far as the bus keeps one.
    ///
    /// # Errors
    /// [`PortError`]: some may have gone out.
    pub async fn announce(&self, events: &[DomainEvent]) -> Result<(), PortError> {
        for batch in events.chunks(BATCH) {
            let entries = batch.iter().map(|event| self.entry(event)).collect();
            self.put(entries).await?;
        }
        Ok(())
    }

    fn entry(&self, event: &DomainEvent) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .event_bus_name(&*self.name)
            .source(SOURCE)
            .detail_type(event.kind)
            .detail(event.detail.to_string())
            .build()
    }

    async fn put(&self, mut entries: Vec<PutEventsRequestEntry>) -> Result<(), PortError> {
        for _ in 0..TRIES {
            let answer = self
                .client
                .put_events()
                .set_entries(Some(entries.clone()))
                .send()
                .await;
            let answer = answer.map_err(unavailable(WHAT))?;
            let refused = entries
                .into_iter()
                .zip(answer.entries())
                .filter(|(_, told)| told.error_code().is_some());
            entries = refused.map(|(entry, _)| entry).collect();
            if entries.is_empty() {
                return Ok(());
            }
        }
        Err(incomplete(WHAT, Incomplete::Refused(entries.len())))
    }
}
