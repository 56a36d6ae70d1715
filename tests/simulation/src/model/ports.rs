//! The engine's ports over the world, as one invocation holds them. Every operation waits before and after its
//! effect, so that anything can come in between, and can fail before it or lose its answer after it.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context as Waking, Poll},
};

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    channel::Channel,
    contact::{AddressHash, E164},
    events::{Provider, TouchRef},
    ids::{CampaignId, LeadId, ResourceId, TenantId, TouchId},
    sending::{
        journey::Journey,
        lead::Lead,
        suppression::{Superseded, Suppression},
        touch::{Signal, Touch},
    },
};
use touchline_engine::{
    channel::Handover,
    delivery::Reputations,
    job::TouchJob,
    ports::{
        AddressFacts, Breakers, Capacity, ChannelQueues, Context, DueIndex, DueItem, Facts,
        Journeys, PortError, Reservation, Reserved, Saved, Suppressions, WashRequests, Watermark,
    },
    provider::{Accepted, Reconciled, SendError},
};

use super::{Shared, World, lock, provider::Letter};
use crate::{broken::Broken, faults::Fault};

/// The most entries on a page of the due index: few, so that paging is exercised.
const PAGE: usize = 4;

/// The ports of one invocation.
#[derive(Clone, Debug)]
pub struct Ports {
    world: Shared,
    task: u32,
}

/// What can go wrong with an answer that was lost on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// Gives way once.
struct GiveWay(bool);

impl Future for GiveWay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Waking<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

fn unavailable(what: &'static str) -> PortError {
    PortError::Unavailable {
        what,
        cause: "throttled".into(),
    }
}

impl Ports {
    /// The ports of a new invocation.
    #[must_use]
    pub fn new(world: &Shared) -> Self {
        let task = lock(world).new_task();
        Self {
            world: world.clone(),
            task,
        }
    }

    /// The invocation's number.
    #[must_use]
    pub fn task(&self) -> u32 {
        self.task
    }

    /// What the invocation's clock shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        lock(&self.world).clock_of(self.task)
    }

    /// The world behind the ports.
    #[must_use]
    pub fn world(&self) -> &Shared {
        &self.world
    }

    async fn wait(&self) {
        GiveWay(false).await;
    }

    async fn wait_until(&self, at: DateTime<Utc>) {
        lock(&self.world).sleep_until = Some(at);
        GiveWay(false).await;
    }

    /// One operation.
    pub(super) async fn op<T>(
        &self,
        access: Access,
        what: &'static str,
        lead: Option<&LeadId>,
        effect: impl FnOnce(&mut World) -> T,
    ) -> Result<T, PortError> {
        self.wait().await;
        let (answer, lost) = {
            let mut world = lock(&self.world);
            if world.strikes(Fault::Throttling) {
                world.record(self.task, lead, what, "refused");
                return Err(unavailable(what));
            }
            if access == Access::Write {
                world.maybe_skew(self.task);
            }
            let answer = effect(&mut world);
            let lost = access == Access::Write && world.strikes(Fault::LostWriteResponse);
            world.record(
                self.task,
                lead,
                what,
                if lost { "done, answer lost" } else { "done" },
            );
            if world.strikes(Fault::Throttling) {
                let late = world.rng.between(200, 9_000);
                world.sleep_until = Some(world.now + Duration::milliseconds(late));
            }
            (answer, lost)
        };
        self.wait().await;
        if lost {
            Err(unavailable(what))
        } else {
            Ok(answer)
        }
    }

    /// A conditional write. When its answer is lost, the client's own retry may meet what it wrote itself.
    async fn conditional(
        &self,
        what: &'static str,
        lead: Option<&LeadId>,
        effect: impl FnOnce(&mut World) -> Saved,
    ) -> Result<Saved, PortError> {
        match self.op(Access::Write, what, lead, effect).await {
            Err(error) => {
                let mut world = lock(&self.world);
                let met_itself = world.faults.are_on() && world.rng.below(2) == 0;
                if met_itself {
                    Ok(Saved::Conflict)
                } else {
                    Err(error)
                }
            }
            answered => answered,
        }
    }
}

impl World {
    fn strikes(&mut self, fault: Fault) -> bool {
        self.faults.strikes(&mut self.rng, fault)
    }
}

impl Journeys for Ports {
    async fn load(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Option<(Lead, Journey)>, PortError> {
        self.op(Access::Read, "load", Some(lead), |w| {
            w.table.load(tenant, lead)
        })
        .await
    }

    async fn save(&self, journey: &Journey, expected: u64) -> Result<Saved, PortError> {
        let what = if journey.claim.is_some() {
            "save with a claim"
        } else {
            "save"
        };
        self.conditional(what, Some(&journey.lead), |w| {
            w.save(self.task, journey, expected)
        })
        .await
    }

    async fn touch(
        &self,
        _: &TenantId,
        lead: &LeadId,
        touch: &TouchId,
    ) -> Result<Option<Touch>, PortError> {
        self.op(Access::Read, "read touch", Some(lead), |w| {
            w.table.touch(lead, touch)
        })
        .await
    }

    async fn put_touch(&self, touch: &Touch) -> Result<(), PortError> {
        let what = match touch.outcome {
            touchline_domain::sending::touch::Outcome::Sent => "put touch sent",
            touchline_domain::sending::touch::Outcome::Unknown => "put touch unknown",
            _ => "put touch without a call",
        };
        self.op(Access::Write, what, Some(&touch.lead), |w| {
            w.table.put_touch(touch)
        })
        .await
    }

    async fn add_signal(
        &self,
        _: &TenantId,
        lead: &LeadId,
        touch: &TouchId,
        signal: Signal,
        _: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        self.op(Access::Write, "add signal", Some(lead), |w| {
            w.table.add_signal(lead, touch, signal)
        })
        .await
    }
}

impl Facts for Ports {
    async fn context(
        &self,
        tenant: &TenantId,
        campaign: &CampaignId,
    ) -> Result<Option<Arc<Context>>, PortError> {
        self.op(Access::Read, "context", None, |w| {
            w.context(self.task, tenant, campaign)
        })
        .await
    }

    async fn address(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        number: Option<&E164>,
    ) -> Result<AddressFacts, PortError> {
        self.op(Access::Read, "address", None, |w| {
            w.note_address_read(self.task);
            w.table.address(tenant, address, number)
        })
        .await
    }
}

impl Capacity for Ports {
    async fn reserve(&self, wish: &Reservation) -> Result<Reserved, PortError> {
        let broken = lock(&self.world).broken == Some(Broken::CheckThenAdd);
        if broken {
            let seen = self
                .op(Access::Read, "look at limit", None, |w| {
                    w.counters.look(wish)
                })
                .await?;
            let Reserved::By(id) = &seen else {
                return Ok(seen);
            };
            self.op(Access::Write, "add to counter", None, |w| {
                w.counters.take(wish, id);
                w.note_reserved(self.task, wish, &seen);
            })
            .await?;
            return Ok(seen);
        }
        self.op(Access::Write, "reserve", None, |w| {
            let reserved = w.counters.look(wish);
            if let Reserved::By(id) = &reserved {
                w.counters.take(wish, id);
            }
            w.note_reserved(self.task, wish, &reserved);
            reserved
        })
        .await
    }

    async fn release(&self, wish: &Reservation, resource: &ResourceId) -> Result<(), PortError> {
        self.op(Access::Write, "release", None, |w| {
            w.counters.release(wish, resource)
        })
        .await
    }
}

impl Breakers for Ports {
    async fn open_until(
        &self,
        provider: Provider,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, PortError> {
        self.op(Access::Read, "breaker", None, |w| {
            w.breakers.open_until(provider, now)
        })
        .await
    }

    async fn note(
        &self,
        provider: Provider,
        healthy: bool,
        now: DateTime<Utc>,
    ) -> Result<(), PortError> {
        self.op(Access::Write, "note health", None, |w| {
            w.breakers.note(provider, healthy, now)
        })
        .await
    }
}

impl ChannelQueues for Ports {
    async fn send(
        &self,
        channel: Channel,
        jobs: &[(TouchJob, u32)],
    ) -> Result<Vec<usize>, PortError> {
        let lead = jobs.first().map(|(TouchJob::V1 { lead, .. }, _)| lead);
        self.op(Access::Write, "queue", lead, |w| w.enqueue(channel, jobs))
            .await
    }
}

impl Suppressions for Ports {
    async fn suppress(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        suppression: &Suppression,
    ) -> Result<(), PortError> {
        self.op(Access::Write, "suppress", None, |w| {
            w.suppress(tenant, address, suppression)
        })
        .await
    }

    async fn restore(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        superseded: &Superseded,
    ) -> Result<(), PortError> {
        self.op(Access::Write, "restore", None, |w| {
            w.table.restore(tenant, address, superseded)
        })
        .await
    }
}

impl WashRequests for Ports {
    async fn request_wash(&self, number: &E164) -> Result<(), PortError> {
        self.op(Access::Write, "request wash", None, |w| {
            w.request_wash(number)
        })
        .await
    }
}

impl DueIndex for Ports {
    async fn due(
        &self,
        shard: u8,
        after: Option<DateTime<Utc>>,
        until: DateTime<Utc>,
        from_page: Option<String>,
        limit: u32,
    ) -> Result<(Vec<DueItem>, Option<String>), PortError> {
        let limit = usize::try_from(limit).unwrap_or(PAGE).min(PAGE);
        self.op(Access::Read, "due", None, |w| {
            let found = w
                .index
                .due(w.now, shard, (after, until), from_page.as_deref(), limit);
            if w.broken == Some(Broken::RemoveDueFirst) {
                for item in &found.0 {
                    w.index.remove(&item.lead);
                    w.check_due(&item.lead);
                }
            }
            found
        })
        .await
    }

    async fn watermark(&self, shard: u8) -> Result<Watermark, PortError> {
        self.op(Access::Read, "watermark", None, |w| {
            w.index.watermark(shard)
        })
        .await
    }

    async fn move_watermark(
        &self,
        shard: u8,
        from: Watermark,
        to: Watermark,
    ) -> Result<Saved, PortError> {
        self.conditional("move watermark", None, |w| {
            w.index.move_watermark(shard, from, to)
        })
        .await
    }
}

impl Reputations for Ports {
    async fn count(&self, _: &TouchRef, _: Signal, _: DateTime<Utc>) -> Result<(), PortError> {
        self.op(Access::Write, "count reputation", None, |_| ())
            .await
    }
}

impl Handover<Letter> for Ports {
    fn serves(&self, _: Provider) -> bool {
        true
    }

    async fn send(&self, provider: Provider, letter: &Letter) -> Result<Accepted, SendError> {
        self.wait().await;
        let departed = {
            let mut world = lock(&self.world);
            world.record(
                self.task,
                Some(&letter.reference.lead),
                "provider",
                "request leaves",
            );
            world.depart(self.task, letter, provider)
        };
        let Some((number, answered_at)) = departed else {
            return Err(SendError::Unavailable {
                code: "no reservation".into(),
            });
        };
        self.wait_until(answered_at).await;
        lock(&self.world).answer(number)
    }

    async fn reconcile(&self, _: Provider, reference: &TouchRef) -> Reconciled {
        self.wait().await;
        let known = {
            let mut world = lock(&self.world);
            world.record(
                self.task,
                Some(&reference.lead),
                "provider",
                "asked about a touch",
            );
            if world.rng.below(3) == 0 {
                Reconciled::Undecided
            } else if world.providers.times_taken(&reference.touch) > 0 {
                let provider_message_id = format!("m-{}", reference.touch);
                Reconciled::Accepted(Accepted {
                    provider_message_id,
                    message_id: None,
                    cost: None,
                })
            } else {
                Reconciled::NeverReceived
            }
        };
        self.wait().await;
        known
    }
}
