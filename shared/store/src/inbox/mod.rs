//! What people see of conversations: messages, tasks, the call queue, and events that match no lead. Everything is kept
//! once, under a key made of what it is; the words themselves are whatever type the caller keeps.

mod calls;
mod conversations;

use aws_sdk_dynamodb::Client;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Serialize, de::DeserializeOwned};
use touchline_domain::{ids::TenantId, inbox::Task};
use touchline_engine::{desk::inbox::Tasks, ports::PortError};

use crate::{
    item::{attribute, decode, encode, key_of, text},
    keys::{self, Key},
    names::Given,
    table::{Range, Read, Table, of},
};

/// Access to the inbox table.
#[derive(Clone, Debug)]
pub struct Inbox {
    table: Table<of::Inbox>,
}

impl Inbox {
    /// The table called `table`; a function that was not given it has none.
    #[must_use]
    pub fn new(db: Client, table: impl Into<Given>) -> Self {
        Self {
            table: Table::new(db, table),
        }
    }

    /// Keeps a task; `false` if it was kept before.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn keep_task<T: Serialize + Sync>(
        &self,
        tenant: &TenantId,
        at: DateTime<Utc>,
        id: &str,
        task: &T,
    ) -> Result<bool, PortError> {
        self.keep("task", keys::task(tenant, at, id), task).await
    }

    /// Keeps an event that matches no lead (HOOK-4); `false` if it was kept before.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn keep_unmatched<E: Serialize + Sync>(
        &self,
        received_on: NaiveDate,
        id: &str,
        event: &E,
    ) -> Result<bool, PortError> {
        self.keep("unmatched event", keys::unmatched(received_on, id), event)
            .await
    }

    /// The events of a day that match no lead.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn unmatched<E: DeserializeOwned>(
        &self,
        received_on: NaiveDate,
    ) -> Result<Vec<E>, PortError> {
        self.read_all(
            "unmatched event",
            &keys::unmatched_on(received_on),
            Range::All,
        )
        .await
    }

    async fn keep<T: Serialize>(
        &self,
        what: &'static str,
        key: Key,
        value: &T,
    ) -> Result<bool, PortError> {
        self.table.put_if_new(what, encode(what, key, value)?).await
    }

    async fn read_all<T: DeserializeOwned>(
        &self,
        what: &'static str,
        pk: &str,
        range: Range<'_>,
    ) -> Result<Vec<T>, PortError> {
        let items = self.table.all(what, pk, range, Read::Eventual).await?;
        items.into_iter().map(|item| decode(what, item)).collect()
    }
}

impl Tasks for Inbox {
    async fn tasks(&self, tenant: &TenantId) -> Result<Vec<Task>, PortError> {
        self.read_all("task", &keys::tasks(tenant), Range::All)
            .await
    }

    async fn finish_task(
        &self,
        tenant: &TenantId,
        at: DateTime<Utc>,
        id: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        let done = self
            .table
            .update()?
            .set_key(Some(key_of(keys::task(tenant, at, id))))
            .update_expression("SET done_by = :by, done_at = :now")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(done_at)")
            .expression_attribute_values(":by", text(by))
            .expression_attribute_values(":now", attribute("task", &now)?)
            .send()
            .await;
        calls::unless_refused(done, "task")
    }
}
