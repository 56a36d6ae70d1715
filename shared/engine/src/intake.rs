//! The way of an event into Touchline: keep the raw request, queue its events (HOOK-1). Verification and parsing belong to
//! the providers; nothing here looks at a lead.

use std::future::Future;

use chrono::{DateTime, NaiveDate, Utc};
use touchline_domain::{
    events::{EventKind, Provider, ProviderEvent},
    ids::{TenantId, fingerprint},
};

use crate::{job::EventJob, ports::PortError};

/// What the intake writes.
pub trait IntakePorts: Sync {
    /// Keeps a raw request under the tenant's prefix, or the platform's while the tenant is not known; what is there
    /// already stays (HOOK-3). Answers the key.
    fn keep_raw(
        &self,
        tenant: Option<&TenantId>,
        provider: Provider,
        received_on: NaiveDate,
        name: &str,
        body: &[u8],
    ) -> impl Future<Output = Result<String, PortError>> + Send;

    /// Queues an event for whoever handles its kind.
    fn queue_event(&self, job: &EventJob) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// What a provider told, or was found to have: the body as it came, and whose it is where that is known.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// Who told it.
    pub provider: Provider,
    /// Whose it is, where that is known without looking at the event.
    pub tenant: Option<&'a TenantId>,
    /// The request's body, or the item of a list.
    pub body: &'a [u8],
    /// When we got it.
    pub at: DateTime<Utc>,
}

/// The body is kept before its events are queued, so that an event never points at nothing. A repetition finds it kept
/// and is queued again: its effect is recognised where it would happen (decision 0004).
///
/// # Errors
/// It cannot be kept, or not all of its events can be queued: it has to come again.
pub async fn keep_and_queue<P: IntakePorts>(
    ports: &P,
    received: &Received<'_>,
    events: &[ProviderEvent],
) -> Result<(), PortError> {
    let tenant_of =
        |event: &ProviderEvent| event.reference.as_ref().map(|named| named.tenant.clone());
    let owner = events.iter().find_map(tenant_of);
    let name = events
        .first()
        .map_or_else(String::new, |event| fingerprint(&[&event.event_id]));
    let raw_key = ports
        .keep_raw(
            owner.as_ref().or(received.tenant),
            received.provider,
            received.at.date_naive(),
            &name,
            received.body,
        )
        .await?;
    for event in events {
        if matches!(event.kind, EventKind::Ignored { .. }) {
            continue;
        }
        let job = EventJob::V1 {
            tenant: tenant_of(event).or_else(|| received.tenant.cloned()),
            raw_key: raw_key.clone(),
            received_at: received.at,
            event: event.clone(),
        };
        ports.queue_event(&job).await?;
    }
    Ok(())
}

/// Keeps what could not be read, for a person to look at (HOOK-2).
///
/// # Errors
/// It cannot be kept.
pub async fn keep_unreadable<P: IntakePorts>(
    ports: &P,
    received: &Received<'_>,
) -> Result<(), PortError> {
    let name = format!(
        "unparsable-{}",
        fingerprint(&[&String::from_utf8_lossy(received.body)])
    );
    let day = received.at.date_naive();
    ports
        .keep_raw(
            received.tenant,
            received.provider,
            day,
            &name,
            received.body,
        )
        .await
        .map(|_| ())
}
