//! Enriches, scores, washes and enrols the leads of a job.

use chrono::{DateTime, Utc};
use touchline_engine::{
    enrich::{self, EnrichOutcome, EnrichStore, People},
    job::EnrichJob,
    ports::{Facts, Journeys, Tenants},
};
use touchline_runtime::{
    batch::{Handled, Message},
    logging,
};

/// Handles one message of the enrich queue.
pub async fn handle<S, P>(
    store: &S,
    people: &P,
    message: Message<EnrichJob>,
    now: DateTime<Utc>,
) -> Handled
where
    S: EnrichStore + Journeys + Facts + Tenants,
    P: People,
{
    let EnrichJob::V1 {
        tenant,
        upload,
        leads,
    } = &message.job;
    logging::record("tenant_id", tenant);
    match enrich::enrich(store, people, tenant, upload, leads, now).await {
        Ok(EnrichOutcome::Done(done)) => {
            tracing::info!(
                found = done.found,
                unknown = done.unknown,
                kept = done.kept,
                not_asked = done.not_asked,
                enrolled = done.enrolled,
                "leads enriched"
            );
            Handled::Done
        }
        Ok(EnrichOutcome::Later { after_secs, code }) => Handled::retry(after_secs, code),
        Err(error) => error.into(),
    }
}
