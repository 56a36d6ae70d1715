//! The ports of enqueue, send and delivery that need more than one aggregate.

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    contact::E164,
    events::TouchRef,
    ids::TenantId,
    sending::{tenant::Tenant, touch::Signal},
};
use touchline_engine::{
    delivery::Reputations,
    job::{TouchJob, WashJob},
    ports::{
        ChannelQueues, DueIndex, DueItem, Journeys as _, PortError, Saved, Tenants, WashRequests,
        Watermark,
    },
};

use crate::{Store, queues::to};

impl Tenants for Store {
    async fn tenant(&self, tenant: &TenantId) -> Result<Option<Tenant>, PortError> {
        self.tenants.tenant(tenant).await
    }
}

impl ChannelQueues for Store {
    async fn send(
        &self,
        channel: Channel,
        jobs: &[(TouchJob, u32)],
    ) -> Result<Vec<usize>, PortError> {
        self.queue(to::Touches(channel))?.send(jobs).await
    }
}

impl WashRequests for Store {
    async fn request_wash(&self, number: &E164) -> Result<(), PortError> {
        let numbers = vec![number.clone()];
        self.queue(to::Wash)?
            .send_all(&[WashJob::V1 { numbers }])
            .await
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
