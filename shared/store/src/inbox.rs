//! Conversations, tasks, and events that belong to nobody (INB-1, HOOK-4).

use aws_sdk_dynamodb::Client;
use chrono::{DateTime, Utc};
use touchline_domain::{
    events::ProviderEvent,
    ids::{LeadId, TenantId},
    sending::inbox::{InboxMessage, Task},
};
use touchline_engine::ports::PortError;

use crate::{
    item::{attribute, decode, encode, text},
    keys,
    table::{Range, Read, Table},
};

/// The inbox table.
#[derive(Clone, Debug)]
pub struct Inbox {
    table: Table,
}

impl Inbox {
    /// The table called `table`.
    #[must_use]
    pub fn new(db: Client, table: &str) -> Self {
        Self { table: Table::new(db, table) }
    }

    /// Keeps a message; `false` if it was kept before.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn keep_message(&self, message: &InboxMessage) -> Result<bool, PortError> {
        let key = keys::message(&message.tenant, &message.lead, message.at, &message.id);
        self.table.put_if_new("message", encode("message", key, message)?).await
    }

    /// The messages of a lead, oldest first.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn messages(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<InboxMessage>, PortError> {
        let pk = keys::lead(tenant, lead);
        let items = self.table.all("message", &pk, Range::Prefix(keys::MESSAGE_PREFIX), Read::Eventual).await?;
        items.into_iter().map(|item| decode("message", item)).collect()
    }

    /// Keeps a task; the same one again changes nothing.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn keep_task(&self, task: &Task) -> Result<(), PortError> {
        let key = keys::task(&task.tenant, task.at, &task.id);
        self.table.put_if_new("task", encode("task", key, task)?).await.map(|_| ())
    }

    /// A tenant's tasks, oldest first.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn tasks(&self, tenant: &TenantId) -> Result<Vec<Task>, PortError> {
        let items = self.table.all("task", &keys::tasks(tenant), Range::All, Read::Eventual).await?;
        items.into_iter().map(|item| decode("task", item)).collect()
    }

    /// Keeps an event that belongs to no lead, with where its raw request is.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn keep_unmatched(
        &self,
        event: &ProviderEvent,
        raw_key: &str,
        received_at: DateTime<Utc>,
    ) -> Result<(), PortError> {
        let key = keys::unmatched(received_at.date_naive(), &event.event_id);
        let mut item = crate::item::key_of(key);
        item.insert("event_id".to_owned(), text(&event.event_id));
        item.insert("provider".to_owned(), text(event.provider.as_str()));
        item.insert("raw_key".to_owned(), text(raw_key));
        item.insert("received_at".to_owned(), attribute("unmatched event", &received_at)?);
        self.table.put_if_new("unmatched event", item).await.map(|_| ())
    }
}
