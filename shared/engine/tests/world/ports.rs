//! The world's answers. Writes are kept once, as the store keeps them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    contact::{Address, AddressHash, E164},
    events::ProviderEvent,
    ids::{CampaignId, LeadId, TenantId, TouchId},
    inbox::{InboxMessage, Task},
    sending::{
        journey::Journey,
        lead::Lead,
        suppression::{Superseded, Suppression},
        touch::{Signal, Touch},
    },
};
use touchline_engine::{
    job::TouchJob,
    ports::{
        AddressFacts, ChannelQueues, Context, Facts, Journeys, PortError, Saved, Suppressions,
    },
    reply::{self, Inbox},
};

use super::World;

impl Inbox for World {
    async fn keep_message(&self, message: &InboxMessage) -> Result<reply::Kept, PortError> {
        let messages = &mut self.kept.lock().unwrap().messages;
        if let Some(kept) = messages.iter().find(|kept| kept.id == message.id) {
            return Ok(reply::Kept::Before { at: kept.at });
        }
        messages.push(message.clone());
        Ok(reply::Kept::New)
    }

    async fn keep_task(&self, task: &Task) -> Result<(), PortError> {
        let tasks = &mut self.kept.lock().unwrap().tasks;
        if !tasks
            .iter()
            .any(|kept| (kept.at, &kept.id) == (task.at, &task.id))
        {
            tasks.push(task.clone());
        }
        Ok(())
    }

    async fn keep_unmatched(
        &self,
        _: &ProviderEvent,
        _: &str,
        _: DateTime<Utc>,
    ) -> Result<(), PortError> {
        Ok(())
    }

    async fn lead_at(&self, _: &TenantId, address: &Address) -> Result<Option<LeadId>, PortError> {
        let known = self.lead.addresses().contains(address);
        Ok(known.then(|| self.lead.id.clone()))
    }

    async fn tenant_of_sender(&self, _: &str) -> Result<Option<TenantId>, PortError> {
        Ok(Some(self.lead.tenant.clone()))
    }

    async fn create_lead(&self, _: &Lead) -> Result<(), PortError> {
        Ok(())
    }
}

impl Journeys for World {
    async fn load(&self, _: &TenantId, _: &LeadId) -> Result<Option<(Lead, Journey)>, PortError> {
        Ok(Some((self.lead.clone(), self.journey())))
    }

    async fn save(&self, journey: &Journey, expected: u64) -> Result<Saved, PortError> {
        let mut kept = self.kept.lock().unwrap();
        if kept.journey.as_ref().map(|stored| stored.version) != Some(expected) {
            return Ok(Saved::Conflict);
        }
        kept.journey = Some(journey.clone());
        Ok(Saved::Written)
    }

    async fn touch(
        &self,
        _: &TenantId,
        _: &LeadId,
        _: &TouchId,
    ) -> Result<Option<Touch>, PortError> {
        Ok(None)
    }

    async fn put_touch(&self, _: &Touch) -> Result<(), PortError> {
        Ok(())
    }

    async fn add_signal(
        &self,
        _: &TenantId,
        _: &LeadId,
        _: &TouchId,
        _: Signal,
        _: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        Ok(true)
    }
}

impl Suppressions for World {
    async fn suppress(
        &self,
        _: &TenantId,
        _: &AddressHash,
        suppression: &Suppression,
    ) -> Result<(), PortError> {
        self.kept
            .lock()
            .unwrap()
            .suppressions
            .push(suppression.clone());
        Ok(())
    }

    async fn restore(
        &self,
        _: &TenantId,
        _: &AddressHash,
        _: &Superseded,
    ) -> Result<(), PortError> {
        self.kept.lock().unwrap().suppressions.clear();
        Ok(())
    }
}

impl Facts for World {
    async fn context(
        &self,
        _: &TenantId,
        _: &CampaignId,
    ) -> Result<Option<Arc<Context>>, PortError> {
        Ok(Some(Arc::clone(&self.context)))
    }

    async fn address(
        &self,
        _: &TenantId,
        _: &AddressHash,
        _: Option<&E164>,
    ) -> Result<AddressFacts, PortError> {
        Ok(AddressFacts {
            suppressions: self.kept.lock().unwrap().suppressions.clone(),
            wash: None,
        })
    }
}

impl ChannelQueues for World {
    async fn send(&self, _: Channel, _: &[(TouchJob, u32)]) -> Result<Vec<usize>, PortError> {
        Ok(Vec::new())
    }
}
