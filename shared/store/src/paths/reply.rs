//! The ports of replies and of webhooks.

use chrono::{DateTime, NaiveDate, Utc};
use touchline_domain::{
    contact::Address,
    events::{EventKind, Provider, ProviderEvent},
    ids::{LeadId, TenantId},
    inbox::{Call, CallCause, InboxMessage, Task},
    sending::lead::Lead,
};
use touchline_engine::{
    intake::IntakePorts,
    job::EventJob,
    ports::PortError,
    reply::{Inbox, Kept},
};

use crate::{Store, files::FileKey, queues::to};

impl Inbox for Store {
    async fn keep_message(&self, message: &InboxMessage) -> Result<Kept, PortError> {
        self.inbox.receive(message).await
    }

    async fn keep_task(&self, task: &Task) -> Result<(), PortError> {
        if let Some(cause) = task.cause {
            self.inbox.add_call(&call(task, cause)).await?;
        }
        self.inbox
            .keep_task(&task.tenant, task.at, &task.id, task)
            .await
            .map(|_| ())
    }

    async fn keep_unmatched(
        &self,
        event: &ProviderEvent,
        raw_key: &str,
        received_at: DateTime<Utc>,
    ) -> Result<(), PortError> {
        let job = EventJob::V1 {
            tenant: None,
            raw_key: raw_key.to_owned(),
            received_at,
            event: event.clone(),
        };
        self.inbox
            .keep_unmatched(received_at.date_naive(), &event.event_id, &job)
            .await
            .map(|_| ())
    }

    async fn lead_at(
        &self,
        tenant: &TenantId,
        address: &Address,
    ) -> Result<Option<LeadId>, PortError> {
        self.leads.lead_at(tenant, address).await
    }

    async fn tenant_of_sender(&self, address: &str) -> Result<Option<TenantId>, PortError> {
        Ok(self
            .pool
            .by_address(address)
            .await?
            .and_then(|pooled| pooled.resource.tenant))
    }

    async fn create_lead(&self, lead: &Lead) -> Result<(), PortError> {
        if self.leads.create(lead).await? {
            self.leads.link_addresses(&[lead]).await?;
        }
        Ok(())
    }
}

/// The entry of the call queue behind a task (CALL-1, REP-5).
fn call(task: &Task, cause: CallCause) -> Call {
    Call {
        id: task.id.clone(),
        tenant: task.tenant.clone(),
        lead: task.lead.clone(),
        priority: cause.priority(),
        at: task.at,
        cause: cause.to_string(),
        agent: None,
        result: None,
        done_at: None,
    }
}

impl IntakePorts for Store {
    async fn keep_raw(
        &self,
        tenant: Option<&TenantId>,
        provider: Provider,
        received_on: NaiveDate,
        name: &str,
        body: &[u8],
    ) -> Result<String, PortError> {
        let key = FileKey::webhook(tenant, provider, received_on, name);
        self.files.keep(&key, body.to_vec()).await?;
        Ok(key.as_str().to_owned())
    }

    async fn queue_event(&self, job: &EventJob) -> Result<(), PortError> {
        let queue = match job {
            EventJob::V1 { event, .. } if matches!(event.kind, EventKind::Reply(_)) => {
                self.queue(to::Replies)?
            }
            EventJob::V1 { .. } | EventJob::LeftV1 { .. } => self.queue(to::Delivery)?,
        };
        queue.send_all(std::slice::from_ref(job)).await
    }
}
