//! The ports of enqueue, send and delivery.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    contact::{AddressHash, E164},
    events::{Provider, TouchRef},
    ids::{CampaignId, LeadId, ResourceId, TenantId, TouchId},
    sending::{
        journey::Journey,
        lead::Lead,
        suppression::{Superseded, Suppression},
        tenant::Tenant,
        touch::{Signal, Touch},
    },
};
use touchline_engine::{
    channel,
    delivery::Reputations,
    job::{TouchJob, WashJob},
    ports::{
        AddressFacts, Breakers, Capacity, ChannelQueues, Context, DueIndex, DueItem, Facts,
        Journeys, PortError, Reservation, Reserved, Saved, Suppressions, Tenants, WashRequests,
        Watermark,
    },
};

use crate::Store;

impl Journeys for Store {
    async fn load(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Option<(Lead, Journey)>, PortError> {
        self.leads.load(tenant, lead).await
    }

    async fn save(&self, journey: &Journey, expected: u64) -> Result<Saved, PortError> {
        self.leads.save(journey, expected).await
    }

    async fn touch(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        touch: &TouchId,
    ) -> Result<Option<Touch>, PortError> {
        self.leads.touch(tenant, lead, touch).await
    }

    async fn put_touch(&self, touch: &Touch) -> Result<(), PortError> {
        self.leads.put_touch(touch).await
    }

    async fn add_signal(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        touch: &TouchId,
        signal: Signal,
        at: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        self.leads.add_signal(tenant, lead, touch, signal, at).await
    }
}

impl Facts for Store {
    async fn context(
        &self,
        tenant: &TenantId,
        campaign: &CampaignId,
    ) -> Result<Option<Arc<Context>>, PortError> {
        self.facts.context(tenant, campaign).await
    }

    async fn address(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        number: Option<&E164>,
    ) -> Result<AddressFacts, PortError> {
        self.facts.address(tenant, address, number).await
    }
}

impl Tenants for Store {
    async fn tenant(&self, tenant: &TenantId) -> Result<Option<Tenant>, PortError> {
        self.tenants.tenant(tenant).await
    }
}

impl Capacity for Store {
    async fn reserve(&self, wish: &Reservation) -> Result<Reserved, PortError> {
        self.usage.reserve(wish).await
    }

    async fn release(&self, wish: &Reservation, resource: &ResourceId) -> Result<(), PortError> {
        self.usage.release(wish, resource).await
    }
}

impl Breakers for Store {
    async fn open_until(
        &self,
        provider: Provider,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, PortError> {
        self.ledger.open_until(provider, now).await
    }

    async fn note(
        &self,
        provider: Provider,
        healthy: bool,
        now: DateTime<Utc>,
    ) -> Result<(), PortError> {
        self.ledger.note(provider, healthy, now).await
    }
}

impl Suppressions for Store {
    async fn suppress(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        suppression: &Suppression,
    ) -> Result<(), PortError> {
        self.register.suppress(tenant, address, suppression).await
    }

    async fn restore(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        superseded: &Superseded,
    ) -> Result<(), PortError> {
        self.register.restore(tenant, address, superseded).await
    }
}

impl ChannelQueues for Store {
    async fn send(
        &self,
        channel: Channel,
        jobs: &[(TouchJob, u32)],
    ) -> Result<Vec<usize>, PortError> {
        self.queue(channel::rules(channel).queue)?.send(jobs).await
    }
}

impl WashRequests for Store {
    async fn request_wash(&self, number: &E164) -> Result<(), PortError> {
        let job = WashJob::V1 {
            numbers: vec![number.clone()],
        };
        self.queue("QUEUE_WASH")?.send_all(&[job]).await
    }
}

impl DueIndex for Store {
    async fn due(
        &self,
        shard: u8,
        after: Option<DateTime<Utc>>,
        until: DateTime<Utc>,
        from_page: Option<String>,
        limit: u32,
    ) -> Result<(Vec<DueItem>, Option<String>), PortError> {
        self.leads
            .due_between(shard, after, until, from_page, limit)
            .await
    }

    async fn watermark(&self, shard: u8) -> Result<Watermark, PortError> {
        self.ledger.watermark(shard).await
    }

    async fn move_watermark(
        &self,
        shard: u8,
        from: Watermark,
        to: Watermark,
    ) -> Result<Saved, PortError> {
        self.ledger.move_watermark(shard, from, to).await
    }
}

impl Reputations for Store {
    async fn count(
        &self,
        reference: &TouchRef,
        signal: Signal,
        _at: DateTime<Utc>,
    ) -> Result<(), PortError> {
        let touch = self
            .leads
            .touch(&reference.tenant, &reference.lead, &reference.touch)
            .await?;
        match touch.and_then(|touch| Some((touch.channel, touch.resource?))) {
            Some((channel, resource)) => {
                self.pool
                    .count_against_sender(&reference.tenant, channel, &resource, signal)
                    .await
            }
            None => Ok(()),
        }
    }
}
