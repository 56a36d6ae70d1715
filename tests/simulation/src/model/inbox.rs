//! Conversations: where the engine's reply path keeps what it read, and how it finds who wrote. Bodies come with their
//! events, so there is nothing to fetch.

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    contact::{Address, AddressHash},
    events::{InboundMessage, ProviderEvent},
    ids::{LeadId, TenantId},
    inbox::{InboxMessage, Task},
    sending::lead::Lead,
};
use touchline_engine::{
    facts,
    ports::PortError,
    reply::{Bodies, Inbox, Kept},
};

use super::{
    World,
    ports::{Access, Ports},
};

impl World {
    /// The lead by which the tenant knows the address of `lead` on a channel.
    #[must_use]
    pub fn named_by(&self, lead: &LeadId, channel: Channel) -> Option<LeadId> {
        let row = self.table.row(lead)?;
        let address = facts::address_of(&row.lead, channel)?;
        self.lead_at(&row.lead.tenant, &address.hash())
    }

    fn lead_at(&self, tenant: &TenantId, address: &AddressHash) -> Option<LeadId> {
        let reached = |lead: &Lead| {
            [Channel::Email, Channel::Sms]
                .into_iter()
                .filter_map(|channel| facts::address_of(lead, channel))
                .any(|known| known.hash() == *address)
        };
        self.table
            .rows()
            .find(|row| row.lead.tenant == *tenant && reached(&row.lead))
            .map(|row| row.lead.id.clone())
    }
}

impl Inbox for Ports {
    async fn keep_message(&self, message: &InboxMessage) -> Result<Kept, PortError> {
        self.op(Access::Write, "keep message", Some(&message.lead), |w| {
            let key = (message.tenant.clone(), message.id.clone());
            match w.inbox.get(&key) {
                Some(at) => Kept::Before { at: *at },
                None => {
                    w.inbox.insert(key, message.at);
                    Kept::New
                }
            }
        })
        .await
    }

    async fn keep_task(&self, task: &Task) -> Result<(), PortError> {
        self.op(Access::Write, "keep task", Some(&task.lead), |_| ())
            .await
    }

    async fn keep_unmatched(
        &self,
        _: &ProviderEvent,
        _: &str,
        _: DateTime<Utc>,
    ) -> Result<(), PortError> {
        self.op(Access::Write, "keep unmatched", None, |_| ()).await
    }

    async fn lead_at(
        &self,
        tenant: &TenantId,
        address: &Address,
    ) -> Result<Option<LeadId>, PortError> {
        self.op(Access::Read, "lead at address", None, |w| {
            w.lead_at(tenant, &address.hash())
        })
        .await
    }

    async fn tenant_of_sender(&self, address: &str) -> Result<Option<TenantId>, PortError> {
        self.op(Access::Read, "tenant of sender", None, |w| {
            let ours = w.resources.values().find(|known| known.address == address);
            ours.and_then(|resource| resource.tenant.clone())
        })
        .await
    }

    async fn create_lead(&self, lead: &Lead) -> Result<(), PortError> {
        self.op(Access::Write, "create lead", Some(&lead.id), |w| {
            if w.table.row(&lead.id).is_none() {
                w.table.add_lead(lead.clone());
                w.leads.push(super::LeadNote::default());
            }
        })
        .await
    }
}

impl Bodies for Ports {
    async fn fetch(&self, _: &ProviderEvent, _: &str) -> Result<InboundMessage, PortError> {
        Err(PortError::Unavailable {
            what: "body of a message",
            cause: "it came with its event".into(),
        })
    }
}
