//! Imports one lead list, as far as the invocation's time allows.

use touchline_engine::{
    announce::DomainEvent,
    import::run::{self, Ended, Progress},
    ports::Tenants as _,
};
use touchline_runtime::{clock::Clock, lambda::Failure, metrics::Metrics};
use touchline_store::files::ImportFile;
use touchline_wiring::run::Function;

/// An import stops this long before its time is up and goes on from its checkpoint in the next invocation.
const MARGIN_MS: u64 = 60_000;

/// Why an invocation ended before its upload did: S3's invocation is tried again, and goes on.
#[derive(Debug, thiserror::Error)]
#[error("upload {0} goes on in the next invocation")]
struct GoesOn(String);

/// Imports one lead list; nothing for a list of no tenant.
///
/// # Errors
/// A port is not available, or time ran out: the event is delivered again.
pub async fn import(
    function: &Function,
    upload: ImportFile,
    deadline_ms: u64,
) -> Result<Option<Progress>, Failure> {
    let Function { store, clock, .. } = function;
    let Some(tenant) = store.tenant(&upload.tenant).await? else {
        tracing::error!(tenant_id = %upload.tenant, upload = %upload.upload, "upload of an unknown tenant");
        return Ok(None);
    };
    // The runtime's deadline is in real time, whatever the stack's clock says.
    let real = Clock::real();
    let time_is_up = || {
        let now_ms = u64::try_from(real.now().timestamp_millis()).unwrap_or(0);
        now_ms + MARGIN_MS >= deadline_ms
    };
    match run::run(
        store,
        &tenant,
        &upload.upload,
        upload.key.as_str(),
        &|| clock.now(),
        &time_is_up,
    )
    .await?
    {
        Ended::Finished(progress) => {
            let counts = &progress.counts;
            tracing::info!(
                tenant_id = %upload.tenant,
                upload = %upload.upload,
                rows = counts.rows,
                created = counts.created,
                merged = counts.merged,
                rejected = counts.rejected,
                "upload imported"
            );
            let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
            Metrics::new()
                .count("RowsImported", count(counts.rows))
                .count("RowsRejected", count(counts.rejected))
                .emit(clock.now());
            function.announcements.note(DomainEvent::UploadImported {
                tenant: upload.tenant.clone(),
                upload: upload.upload.clone(),
                created: counts.created,
                merged: counts.merged,
                rejected: counts.rejected,
            });
            Ok(Some(progress))
        }
        Ended::Continues(_) => Err(Failure::retryable(GoesOn(upload.upload.to_string()))),
    }
}
