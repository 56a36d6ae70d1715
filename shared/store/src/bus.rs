//! Domain events on EventBridge: what has happened, for whoever wants to know. Nothing that must not be lost goes this
//! way alone, and no address or message text at all (invariant 10).

use std::sync::Arc;

use aws_sdk_eventbridge::{Client, types::PutEventsRequestEntry};
use touchline_engine::{
    announce::{Announce, DomainEvent},
    ports::PortError,
};
use touchline_runtime::{aws::Aws, settings::name};

use crate::{
    error::{Incomplete, corrupt, incomplete, unavailable},
    names::Names,
};

/// The sender of all our events.
const SOURCE: &str = "touchline";
/// A call takes so many events.
const BATCH: usize = 10;
/// What the bus refuses is offered again this often.
const TRIES: usize = 3;

const WHAT: &str = "event bus";

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

    /// The bus of a stack.
    ///
    /// # Errors
    /// [`PortError`]: the settings name none.
    pub fn of(aws: &Aws, names: &Names) -> Result<Self, PortError> {
        Ok(Self::new(aws.eventbridge(), &names.get(name::EVENT_BUS)?))
    }

    fn entry(&self, event: &DomainEvent) -> Result<PutEventsRequestEntry, PortError> {
        let detail = serde_json::to_string(event)
            .map_err(|error| corrupt(WHAT, "detail", event.detail_type(), error.to_string()))?;
        Ok(PutEventsRequestEntry::builder()
            .event_bus_name(&*self.name)
            .source(SOURCE)
            .detail_type(event.detail_type())
            .detail(detail)
            .build())
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

impl Announce for Bus {
    async fn announce(&self, events: &[DomainEvent]) -> Result<(), PortError> {
        for batch in events.chunks(BATCH) {
            let entries: Result<Vec<_>, _> = batch.iter().map(|event| self.entry(event)).collect();
            self.put(entries?).await?;
        }
        Ok(())
    }
}
