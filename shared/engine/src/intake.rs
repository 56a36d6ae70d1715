//! The ports of webhook intake: keep the raw request, queue its events (HOOK-1). Verification and parsing belong to the
//! providers; nothing here looks at a lead.

use std::future::Future;

use chrono::NaiveDate;
use touchline_domain::{events::Provider, ids::TenantId};

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
