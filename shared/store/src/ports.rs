//! The engine's paths want one value that answers several ports; the aggregates answer one or two each. Here they are
//! put together: ready sets for the send and the enqueue path, and [`delegate_ports!`] for a function's own.

use crate::{
    context::CampaignFacts,
    leads::Leads,
    ledger::Ledger,
    queues::{TouchQueues, WashQueue},
    register::Register,
    usage::Usage,
};

#[doc(hidden)]
pub mod reexport {
    pub use std::sync::Arc;

    pub use chrono::{DateTime, Utc};
    pub use touchline_domain::{
        channel::Channel,
        contact::{AddressHash, E164},
        events::Provider,
        ids::{CampaignId, LeadId, ResourceId, TenantId, TouchId},
        sending::{
            journey::Journey,
            lead::Lead,
            suppression::{Superseded, Suppression},
            touch::{Signal, Touch},
        },
    };
    pub use touchline_engine::{job::TouchJob, ports};
}

/// Lets a struct answer the engine's ports through its fields:
/// `delegate_ports!(Deps { Journeys: leads, Suppressions: register });`
#[macro_export]
macro_rules! delegate_ports {
    ($name:ident { $($port:ident : $field:ident),+ $(,)? }) => {
        $($crate::delegate_port!($port, $name, $field);)+
    };
}

/// One port of [`delegate_ports!`].
#[doc(hidden)]
#[macro_export]
macro_rules! delegate_port {
    (Journeys, $name:ident, $field:ident) => {
        const _: () = {
            use $crate::ports::reexport::{
                ports::{Journeys, PortError, Saved},
                *,
            };
            impl Journeys for $name {
                async fn load(
                    &self,
                    tenant: &TenantId,
                    lead: &LeadId,
                ) -> Result<Option<(Lead, Journey)>, PortError> {
                    Journeys::load(&self.$field, tenant, lead).await
                }
                async fn save(&self, journey: &Journey, expected: u64) -> Result<Saved, PortError> {
                    Journeys::save(&self.$field, journey, expected).await
                }
                async fn touch(
                    &self,
                    tenant: &TenantId,
                    lead: &LeadId,
                    touch: &TouchId,
                ) -> Result<Option<Touch>, PortError> {
                    Journeys::touch(&self.$field, tenant, lead, touch).await
                }
                async fn put_touch(&self, touch: &Touch) -> Result<(), PortError> {
                    Journeys::put_touch(&self.$field, touch).await
                }
                async fn add_signal(
                    &self,
                    tenant: &TenantId,
                    lead: &LeadId,
                    touch: &TouchId,
                    signal: Signal,
                    at: DateTime<Utc>,
                ) -> Result<bool, PortError> {
                    Journeys::add_signal(&self.$field, tenant, lead, touch, signal, at).await
                }
            }
        };
    };
    (Facts, $name:ident, $field:ident) => {
        const _: () = {
            use $crate::ports::reexport::{
                ports::{AddressFacts, Context, Facts, PortError},
                *,
            };
            impl Facts for $name {
                async fn context(
                    &self,
                    tenant: &TenantId,
                    campaign: &CampaignId,
                ) -> Result<Option<Arc<Context>>, PortError> {
                    Facts::context(&self.$field, tenant, campaign).await
                }
                async fn address(
                    &self,
                    tenant: &TenantId,
                    address: &AddressHash,
                    number: Option<&E164>,
                ) -> Result<AddressFacts, PortError> {
                    Facts::address(&self.$field, tenant, address, number).await
                }
            }
        };
    };
    (Capacity, $name:ident, $field:ident) => {
        const _: () = {
            use $crate::ports::reexport::{
                ports::{Capacity, PortError, Reservation, Reserved},
                *,
            };
            impl Capacity for $name {
                async fn reserve(&self, wish: &Reservation) -> Result<Reserved, PortError> {
                    Capacity::reserve(&self.$field, wish).await
                }
                async fn release(
                    &self,
                    wish: &Reservation,
                    resource: &ResourceId,
                ) -> Result<(), PortError> {
                    Capacity::release(&self.$field, wish, resource).await
                }
            }
        };
    };
    (Breakers, $name:ident, $field:ident) => {
        const _: () = {
            use $crate::ports::reexport::{
                ports::{Breakers, PortError},
                *,
            };
            impl Breakers for $name {
                async fn open_until(
                    &self,
                    provider: Provider,
                    now: DateTime<Utc>,
                ) -> Result<Option<DateTime<Utc>>, PortError> {
                    Breakers::open_until(&self.$field, provider, now).await
                }
                async fn note(
                    &self,
                    provider: Provider,
                    healthy: bool,
                    now: DateTime<Utc>,
                ) -> Result<(), PortError> {
                    Breakers::note(&self.$field, provider, healthy, now).await
                }
            }
        };
    };
    (ChannelQueues, $name:ident, $field:ident) => {
        const _: () = {
            use $crate::ports::reexport::{
                ports::{ChannelQueues, PortError},
                *,
            };
            impl ChannelQueues for $name {
                async fn send(
                    &self,
                    channel: Channel,
                    jobs: &[(TouchJob, u32)],
                ) -> Result<Vec<usize>, PortError> {
                    ChannelQueues::send(&self.$field, channel, jobs).await
                }
            }
        };
    };
    (Suppressions, $name:ident, $field:ident) => {
        const _: () = {
            use $crate::ports::reexport::{
                ports::{PortError, Suppressions},
                *,
            };
            impl Suppressions for $name {
                async fn suppress(
                    &self,
                    tenant: &TenantId,
                    address: &AddressHash,
                    suppression: &Suppression,
                ) -> Result<(), PortError> {
                    Suppressions::suppress(&self.$field, tenant, address, suppression).await
                }
                async fn restore(
                    &self,
                    tenant: &TenantId,
                    address: &AddressHash,
                    superseded: &Superseded,
                ) -> Result<(), PortError> {
                    Suppressions::restore(&self.$field, tenant, address, superseded).await
                }
            }
        };
    };
    (WashRequests, $name:ident, $field:ident) => {
        const _: () = {
            use $crate::ports::reexport::{
                ports::{PortError, WashRequests},
                *,
            };
            impl WashRequests for $name {
                async fn request_wash(&self, number: &E164) -> Result<(), PortError> {
                    WashRequests::request_wash(&self.$field, number).await
                }
            }
        };
    };
}

/// Everything that a sender reads and writes.
#[derive(Clone, Debug)]
pub struct SendStore {
    /// Journeys and touches.
    pub leads: Leads,
    /// Campaigns and addresses.
    pub facts: CampaignFacts,
    /// Limits.
    pub usage: Usage,
    /// Breakers.
    pub ledger: Ledger,
    /// Suppression.
    pub register: Register,
    /// The queues of other channels, for fallbacks.
    pub queues: TouchQueues,
    /// Numbers to wash.
    pub washes: WashQueue,
}

delegate_ports!(SendStore {
    Journeys: leads,
    Facts: facts,
    Capacity: usage,
    Breakers: ledger,
    Suppressions: register,
    ChannelQueues: queues,
    WashRequests: washes,
});

/// Everything that a tick reads and writes: the due index, the watermarks, the queues.
#[derive(Clone, Debug)]
pub struct EnqueueStore {
    /// The due index.
    pub leads: Leads,
    /// Watermarks.
    pub ledger: Ledger,
    /// Where what is due goes.
    pub queues: TouchQueues,
}

delegate_ports!(EnqueueStore {
    ChannelQueues: queues
});

const _: () = {
    use reexport::{DateTime, Utc};
    use touchline_engine::ports::{DueIndex, DueItem, PortError, Saved, Watermark};

    impl DueIndex for EnqueueStore {
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
};
