//! One upload, from its first byte to its counts (HUB-1, HUB-3). Streams: what is in memory is one chunk, one batch of
//! rows, and the rejects since the last part. After each batch the place is written down, so that another invocation
//! goes on there.

use std::future::Future;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use touchline_domain::{
    ids::{LeadId, TenantId, UploadId},
    import::{Checkpoint, ImportDefaults, Importer, LeadRow, Rejected, RowOutcome},
    sending::tenant::Tenant,
};

use super::{BATCH_ROWS, Counts, LeadWriter, import_rows};
use crate::{job::EnrichJob, ports::PortError};

/// Leads in one enrichment job: two calls to a provider that takes ten at once.
pub const ENRICH_JOB_LEADS: usize = 20;
/// Batches between two checkpoints: 20,000 rows, a second or two of work.
const CHECKPOINT_BATCHES: usize = 20;
/// The code of an upload whose file is another one than it was begun with (HUB-1).
pub const FILE_REPLACED: &str = "file_replaced";

/// Where an upload stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Being read.
    Running,
    /// Read to its end.
    Done,
    /// Not a list.
    Failed {
        /// The file error's code, or [`FILE_REPLACED`].
        code: String,
    },
}

/// The progress of an upload; the report that people see, and the checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub upload: UploadId,
    /// The object.
    pub key: String,
    /// Where it stands.
    #[serde(flatten)]
    pub status: Status,
    /// The counts so far; they add up.
    pub counts: Counts,
    /// Files of rejects written.
    pub reject_parts: u32,
    /// Where to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Checkpoint>,
    /// Names the content that the checkpoint is a place in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was written last.
    pub updated_at: DateTime<Utc>,
}

/// A file, chunk by chunk.
pub trait Chunks: Send {
    /// The next bytes; nothing at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, PortError>> + Send;
}

/// The answer to opening a file.
pub enum Opened<B> {
    /// Here it is.
    File {
        /// Its bytes, from where it was opened.
        body: B,
        /// Names this content.
        etag: Option<String>,
    },
    /// Its content is not the one that was asked for.
    Replaced,
}

/// What an import needs besides the leads.
pub trait ImportPorts: LeadWriter {
    /// An open file.
    type Body: Chunks;

    /// The progress of an upload, if it began before.
    fn progress(
        &self,
        tenant: &TenantId,
        upload: &UploadId,
    ) -> impl Future<Output = Result<Option<Progress>, PortError>> + Send;

    /// Writes the progress.
    fn save_progress(
        &self,
        progress: &Progress,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Queues leads for enrichment.
    fn queue_enrich(
        &self,
        jobs: &[EnrichJob],
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Writes a part of the rejects beside the upload; the same part again replaces it.
    fn put_rejects(
        &self,
        progress: &Progress,
        part: u32,
        rejects: &[Rejected],
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Opens a file of the tenant from an offset on, of the content named by `etag` if there is one.
    fn open(
        &self,
        tenant: &TenantId,
        key: &str,
        offset: u64,
        etag: Option<&str>,
    ) -> impl Future<Output = Result<Opened<Self::Body>, PortError>> + Send;
}

/// How an invocation ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    /// The upload is through, or is no list.
    Finished(Progress),
    /// Time ran out; another invocation goes on.
    Continues(Progress),
}

/// Imports an upload, or goes on with it, until it is through or `time_is_up`.
///
/// # Errors
/// A port is not available; the import goes on from its last checkpoint when it is called again.
pub async fn run<P: ImportPorts>(
    ports: &P,
    tenant: &Tenant,
    upload: &UploadId,
    key: &str,
    now: &(impl Fn() -> DateTime<Utc> + Sync),
    time_is_up: &(impl Fn() -> bool + Sync),
) -> Result<Ended, PortError> {
    let mut progress = match ports.progress(&tenant.id, upload).await? {
        Some(progress) if progress.key == key && progress.status != Status::Running => {
            return Ok(Ended::Finished(progress));
        }
        Some(progress) if progress.key == key => progress,
        _ => begin(tenant, upload, key, now()),
    };
    let defaults = ImportDefaults {
        region: Some(tenant.country),
    };
    let offset = progress
        .checkpoint
        .as_ref()
        .map_or(0, |c| c.position.offset);
    let mut importer = match progress.checkpoint.clone() {
        Some(checkpoint) => Importer::resume(checkpoint, defaults),
        None => Importer::new(defaults),
    };
    let wanted = progress.etag.clone();
    let mut body = match ports
        .open(&tenant.id, key, offset, wanted.as_deref())
        .await?
    {
        Opened::File { body, etag } => {
            progress.etag = etag.or(wanted);
            body
        }
        // The offset would be a place in the middle of some other row.
        Opened::Replaced => return fail(ports, progress, FILE_REPLACED, now()).await,
    };
    let mut waiting = Waiting::default();
    let mut batches = 0;
    loop {
        let chunk = body.next().await?;
        let read = match &chunk {
            Some(bytes) => importer.push(bytes, &mut |row| waiting.take(row)),
            None => importer.finish(&mut |row| waiting.take(row)),
        };
        if let Err(error) = read {
            return fail(ports, progress, error.code(), now()).await;
        }
        let at_end = chunk.is_none();
        let stop = !at_end && time_is_up();
        let checkpoint = at_end || stop || batches >= CHECKPOINT_BATCHES;
        // A checkpoint lies behind every row that was handed out, so all of them are written before it.
        while waiting.rows.len() >= BATCH_ROWS || (checkpoint && !waiting.rows.is_empty()) {
            let rest = waiting.rows.split_off(waiting.rows.len().min(BATCH_ROWS));
            let rows = std::mem::replace(&mut waiting.rows, rest);
            batch(ports, tenant, upload, rows, &mut progress, now()).await?;
            batches += 1;
        }
        if checkpoint {
            batches = 0;
            flush_rejects(ports, &mut progress, &mut waiting).await?;
            progress.checkpoint = importer.checkpoint().filter(|_| !at_end);
            if at_end {
                progress.status = Status::Done;
            }
            save(ports, &mut progress, now()).await?;
        }
        if at_end {
            return Ok(Ended::Finished(progress));
        }
        if stop {
            return Ok(Ended::Continues(progress));
        }
    }
}

async fn fail<P: ImportPorts>(
    ports: &P,
    mut progress: Progress,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Ended, PortError> {
    progress.status = Status::Failed {
        code: code.to_owned(),
    };
    save(ports, &mut progress, now).await?;
    Ok(Ended::Finished(progress))
}

fn begin(tenant: &Tenant, upload: &UploadId, key: &str, now: DateTime<Utc>) -> Progress {
    Progress {
        tenant: tenant.id.clone(),
        upload: upload.clone(),
        key: key.to_owned(),
        status: Status::Running,
        counts: Counts::default(),
        reject_parts: 0,
        checkpoint: None,
        etag: None,
        started_at: now,
        updated_at: now,
    }
}

/// Rows that were read and not written yet.
#[derive(Default)]
struct Waiting {
    rows: Vec<LeadRow>,
    rejects: Vec<Rejected>,
}

impl Waiting {
    fn take(&mut self, row: RowOutcome) {
        match row {
            RowOutcome::Lead(row) => self.rows.push(*row),
            RowOutcome::Rejected(rejected) => self.rejects.push(rejected),
        }
    }
}

async fn batch<P: ImportPorts>(
    ports: &P,
    tenant: &Tenant,
    upload: &UploadId,
    rows: Vec<LeadRow>,
    progress: &mut Progress,
    now: DateTime<Utc>,
) -> Result<(), PortError> {
    let (counts, leads) = import_rows(ports, tenant, upload, rows, now).await?;
    progress.counts += &counts;
    let jobs: Vec<EnrichJob> = leads
        .chunks(ENRICH_JOB_LEADS)
        .map(|leads: &[LeadId]| EnrichJob::V1 {
            tenant: tenant.id.clone(),
            upload: upload.clone(),
            leads: leads.to_vec(),
        })
        .collect();
    ports.queue_enrich(&jobs).await
}

async fn flush_rejects<P: ImportPorts>(
    ports: &P,
    progress: &mut Progress,
    waiting: &mut Waiting,
) -> Result<(), PortError> {
    if waiting.rejects.is_empty() {
        return Ok(());
    }
    let rejected = waiting.rejects.len() as u64;
    progress.counts.rows += rejected;
    progress.counts.rejected += rejected;
    progress.reject_parts += 1;
    ports
        .put_rejects(progress, progress.reject_parts, &waiting.rejects)
        .await?;
    waiting.rejects.clear();
    Ok(())
}

async fn save<P: ImportPorts>(
    ports: &P,
    progress: &mut Progress,
    now: DateTime<Utc>,
) -> Result<(), PortError> {
    progress.updated_at = now;
    ports.save_progress(progress).await
}
