//! One upload, from its first byte to its counts (HUB-1, HUB-3). Streams: while one batch of rows is written, the next
//! one is looked up and the one after that is read, and no more is in memory. Every now and then the place behind what is
//! written is noted down, so that another invocation goes on there.

use std::future::Future;

use chrono::{DateTime, Utc};
use futures::future::try_join3;
use serde::{Deserialize, Serialize};
use touchline_domain::{
    ids::{TenantId, UploadId},
    import::{Checkpoint, ImportDefaults, Importer, Rejected},
    sending::tenant::Tenant,
};

use super::{
    Counts, Known, LeadWriter,
    source::Source,
    work::{Merged, Read},
    write::Written,
};
use crate::{job::EnrichJob, ports::PortError};

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
    let importer = match progress.checkpoint.clone() {
        Some(checkpoint) => Importer::resume(checkpoint, defaults),
        None => Importer::new(defaults),
    };
    let wanted = progress.etag.clone();
    let body = match ports
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
    let mut source = Source::new(body, importer);
    let mut read = match source.next().await? {
        Ok(batch) => Some(Read::new(tenant, upload, batch, now())),
        Err(error) => return fail(ports, progress, error.code(), now()).await,
    };
    let mut merged = Merged::default();
    let mut written = Written::new(progress);
    let mut stop = false;
    loop {
        stop = stop || time_is_up();
        let goes_on = !stop && !source.ended();
        // Behind the last batch the list is through, or another invocation goes on.
        let last = read.is_none().then(|| match source.ended() {
            true => Status::Done,
            false => Status::Running,
        });
        let look_up = async {
            match &read {
                Some(read) => ports.known(&tenant.id, &read.addresses).await,
                None => Ok(Known::default()),
            }
        };
        let read_on = async {
            match goes_on {
                true => source.next().await.map(Some),
                false => Ok(None),
            }
        };
        let write = written.write(ports, &mut merged, last, now);
        let ((), known, next) = try_join3(write, look_up, read_on).await?;
        let Some(done) = read.take() else {
            return Ok(written.ended());
        };
        merged = done.merge(known, &merged);
        read = match next.transpose() {
            Ok(batch) => batch.map(|batch| Read::new(tenant, upload, batch, now())),
            Err(error) => return fail(ports, written.progress, error.code(), now()).await,
        };
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
    progress.updated_at = now;
    ports.save_progress(&progress).await?;
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
