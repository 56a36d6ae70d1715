//! Finds out which uploads an S3 event is about and imports them. An object that is no upload is left alone.

use aws_lambda_events::s3::S3Event;
use serde::Serialize;
use touchline_engine::{
    announce::DomainEvent,
    import::run::{self, Ended, Progress},
    ports::Tenants as _,
};
use touchline_runtime::{
    announcements::Announcements, clock::Clock, lambda::Failure, metrics::Metrics,
};
use touchline_store::Store;

use crate::upload::{Upload, upload_of};

/// An import stops this long before its time is up and goes on from its checkpoint in the next invocation.
const MARGIN_MS: u64 = 60_000;

/// Why an invocation ended before its upload did: S3's invocation is tried again, and goes on.
#[derive(Debug, thiserror::Error)]
#[error("upload {0} goes on in the next invocation")]
struct GoesOn(String);

/// What an invocation did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The uploads that are through.
    pub uploads: Vec<Progress>,
    /// Objects that are no uploads, or of no tenant.
    pub ignored: usize,
}

/// Imports every upload that the event names.
///
/// # Errors
/// A port is not available, or time ran out: the event is delivered again.
pub async fn handle(
    store: &Store,
    announcements: &Announcements,
    event: S3Event,
    clock: &Clock,
    deadline_ms: u64,
) -> Result<Report, Failure> {
    let mut report = Report::default();
    for record in &event.records {
        match record.s3.object.key.as_deref().and_then(upload_of) {
            Some(upload) => {
                import(
                    store,
                    announcements,
                    &upload,
                    clock,
                    deadline_ms,
                    &mut report,
                )
                .await?
            }
            None => report.ignored += 1,
        }
    }
    Ok(report)
}

async fn import(
    store: &Store,
    announcements: &Announcements,
    upload: &Upload,
    clock: &Clock,
    deadline_ms: u64,
    report: &mut Report,
) -> Result<(), Failure> {
    let Some(tenant) = store.tenant(&upload.tenant).await? else {
        tracing::error!(tenant_id = %upload.tenant, upload = %upload.id, "upload of an unknown tenant");
        report.ignored += 1;
        return Ok(());
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
        &upload.id,
        &upload.key,
        &|| clock.now(),
        &time_is_up,
    )
    .await?
    {
        Ended::Finished(progress) => {
            let counts = &progress.counts;
            tracing::info!(
                tenant_id = %upload.tenant,
                upload = %upload.id,
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
            announcements.note(DomainEvent::UploadImported {
                tenant: upload.tenant.clone(),
                upload: upload.id.clone(),
                created: counts.created,
                merged: counts.merged,
                rejected: counts.rejected,
            });
            report.uploads.push(progress);
            Ok(())
        }
        Ended::Continues(_) => Err(Failure::retryable(GoesOn(upload.id.to_string()))),
    }
}
