//! The ports of replies and of webhooks.

use chrono::{DateTime, Utc};
use touchline_domain::{
    contact::AddressHash,
    events::{EventKind, Provider, ProviderEvent},
    ids::{LeadId, TenantId},
    sending::{
        inbox::{InboxMessage, Task},
        lead::Lead,
    },
};
use touchline_engine::{intake::IntakePorts, job::EventJob, ports::PortError, reply::Inbox};

use super::send::not_taken;
use crate::{Store, objects};

impl Inbox for Store {
    async fn keep_message(&self, message: &InboxMessage) -> Result<bool, PortError> {
        self.inbox.keep_message(message).await
    }

    async fn keep_task(&self, task: &Task) -> Result<(), PortError> {
        self.inbox.keep_task(task).await
    }

    async fn keep_unmatched(
        &self,
        event: &ProviderEvent,
        raw_key: &str,
        received_at: DateTime<Utc>,
    ) -> Result<(), PortError> {
        self.inbox.keep_unmatched(event, raw_key, received_at).await
    }

    async fn lead_at(&self, tenant: &TenantId, address: &AddressHash) -> Result<Option<LeadId>, PortError> {
        self.leads.lead_at(tenant, address).await
    }

    async fn tenant_of_sender(&self, address: &str) -> Result<Option<TenantId>, PortError> {
        Ok(self.pool.by_address(address).await?.and_then(|pooled| pooled.resource.tenant))
    }

    async fn create_lead(&self, lead: &Lead) -> Result<(), PortError> {
        if self.leads.create(lead).await? {
            let links: Vec<_> =
                lead.addresses().iter().map(|address| (address.hash(), lead.id.clone())).collect();
            self.leads.link_addresses(&lead.tenant, &links).await?;
        }
        Ok(())
    }
}

impl IntakePorts for Store {
    async fn keep_raw(
        &self,
        tenant: Option<&TenantId>,
        provider: Provider,
        name: &str,
        body: &[u8],
    ) -> Result<String, PortError> {
        let key = objects::raw_key(tenant, provider, name);
        self.objects.put_new(&key, body.to_vec()).await?;
        Ok(key)
    }

    async fn queue_event(&self, job: &EventJob) -> Result<(), PortError> {
        let EventJob::V1 { event, .. } = job;
        let queue = match event.kind {
            EventKind::Reply(_) => "QUEUE_REPLIES",
            _ => "QUEUE_DELIVERY",
        };
        let refused = self.queues.send(self.setting(queue)?, &[(job.clone(), 0)]).await?;
        if refused.is_empty() { Ok(()) } else { Err(not_taken(queue)) }
    }
}
