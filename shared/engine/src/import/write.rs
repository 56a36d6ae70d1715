//! The last stage of an import: leads, their enrichment jobs, rejects, and the place behind all of them. A place is noted
//! down only when everything before it is written.

use chrono::{DateTime, Utc};
use touchline_domain::{ids::LeadId, import::Rejected, sending::lead::Lead};

use super::{
    run::{Ended, ImportPorts, Progress, Status},
    work::Merged,
};
use crate::{job::EnrichJob, ports::PortError};

/// Leads in one enrichment job: two calls to a provider that takes ten at once.
pub const ENRICH_JOB_LEADS: usize = 20;
/// Rows between two places that are noted down: what a process that dies has done in vain, a fraction of a second of
/// work. The calls for it are one in a hundred then, and nothing waits for them.
const CHECKPOINT_ROWS: u64 = 10_000;

/// What is written so far.
pub(super) struct Written {
    /// As of the last checkpoint, with the counts of what was written since.
    pub progress: Progress,
    /// Rows since the last checkpoint.
    rows: u64,
    /// Those of them that are no leads.
    rejects: Vec<Rejected>,
}

impl Written {
    pub fn new(progress: Progress) -> Self {
        Self {
            progress,
            rows: 0,
            rejects: Vec::new(),
        }
    }

    /// Writes a batch; `last` is how the upload stands behind it, if no other one follows.
    pub async fn write<P: ImportPorts>(
        &mut self,
        ports: &P,
        batch: &mut Merged,
        last: Option<Status>,
        now: &(impl Fn() -> DateTime<Utc> + Sync),
    ) -> Result<(), PortError> {
        let leads = batch.leads();
        if !leads.is_empty() {
            ports.put_profiles(&leads).await?;
            ports.queue_enrich(&self.jobs(&leads)).await?;
        }
        self.progress.counts += &batch.counts;
        self.rows += batch.counts.rows + batch.rejects.len() as u64;
        self.rejects.append(&mut batch.rejects);
        if last.is_none() && self.rows < CHECKPOINT_ROWS {
            return Ok(());
        }
        self.flush_rejects(ports).await?;
        self.progress.status = last.unwrap_or(Status::Running);
        self.progress.checkpoint = match self.progress.status {
            Status::Done => None,
            _ => batch.place.take(),
        };
        self.progress.updated_at = now();
        self.rows = 0;
        ports.save_progress(&self.progress).await
    }

    /// How the invocation ended, behind the last batch.
    pub fn ended(self) -> Ended {
        match self.progress.status {
            Status::Running => Ended::Continues(self.progress),
            _ => Ended::Finished(self.progress),
        }
    }

    fn jobs(&self, leads: &[&Lead]) -> Vec<EnrichJob> {
        let ids: Vec<LeadId> = leads.iter().map(|lead| lead.id.clone()).collect();
        let jobs = ids.chunks(ENRICH_JOB_LEADS);
        jobs.map(|leads| EnrichJob::V1 {
            tenant: self.progress.tenant.clone(),
            upload: self.progress.upload.clone(),
            leads: leads.to_vec(),
        })
        .collect()
    }

    async fn flush_rejects<P: ImportPorts>(&mut self, ports: &P) -> Result<(), PortError> {
        if self.rejects.is_empty() {
            return Ok(());
        }
        let rejected = self.rejects.len() as u64;
        self.progress.counts.rows += rejected;
        self.progress.counts.rejected += rejected;
        self.progress.reject_parts += 1;
        let part = self.progress.reject_parts;
        ports
            .put_rejects(&self.progress, part, &self.rejects)
            .await?;
        self.rejects.clear();
        Ok(())
    }
}
