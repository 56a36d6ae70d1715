//! The ports of import, enrichment and washing.

use aws_sdk_s3::primitives::ByteStream;
use chrono::{DateTime, NaiveDate, Utc};
use touchline_domain::{
    contact::{Address, E164},
    ids::{CampaignId, LeadId, TenantId, UploadId},
    import::Rejected,
    sending::{campaign::CampaignStatus, lead::Lead, register::WashResult},
};
use touchline_engine::{
    enrich::{EnrichStore, Person},
    import::{
        Known, LeadWriter,
        run::{Chunks, ImportPorts, Opened, Progress, Status},
    },
    job::{EnrichJob, WashJob},
    ports::{PortError, Profiles as _, Saved},
    wash::{Rewash, WashStore},
};

use crate::{
    Store,
    error::corrupt,
    files::{FileKey, ImportFile, Open},
    ledger::Enrichment,
    queues::to,
    tenants::{Upload, UploadStatus},
};

impl LeadWriter for Store {
    async fn known(&self, tenant: &TenantId, addresses: &[Address]) -> Result<Known, PortError> {
        self.leads.known(tenant, addresses).await
    }

    /// Profiles before look-ups: a look-up never points at nothing.
    async fn put_profiles(&self, leads: &[&Lead]) -> Result<(), PortError> {
        self.leads.put_leads(leads).await?;
        self.leads.link_addresses(leads).await
    }
}

/// A file that is being read; nothing when it was read to its end before.
pub struct Body(Option<ByteStream>);

impl Chunks for Body {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, PortError> {
        let Some(body) = &mut self.0 else {
            return Ok(None);
        };
        let chunk = body.try_next().await;
        let chunk = chunk.map_err(|error| PortError::Unavailable {
            what: "file",
            cause: Box::new(error),
        })?;
        Ok(chunk.map(|bytes| bytes.to_vec()))
    }
}

impl ImportPorts for Store {
    type Body = Body;

    async fn progress(
        &self,
        tenant: &TenantId,
        upload: &UploadId,
    ) -> Result<Option<Progress>, PortError> {
        let known = self.ledger.checkpoint::<Progress>(tenant, upload).await?;
        Ok(known.map(|(progress, _)| progress))
    }

    /// The checkpoint first: the counts that people see may lag, the place to go on from may not.
    async fn save_progress(&self, progress: &Progress) -> Result<(), PortError> {
        let known = self
            .ledger
            .checkpoint::<Progress>(&progress.tenant, &progress.upload)
            .await?;
        let expected = known.map_or(0, |(_, version)| version);
        let saved = self
            .ledger
            .save_checkpoint(&progress.tenant, &progress.upload, progress, expected)
            .await?;
        if saved == Saved::Conflict {
            return Err(PortError::Unavailable {
                what: "checkpoint",
                cause: "another import writes it".into(),
            });
        }
        self.tenants.put_upload(&shown(progress)).await
    }

    async fn queue_enrich(&self, jobs: &[EnrichJob]) -> Result<(), PortError> {
        self.queue(to::Enrich)?.send_all(jobs).await
    }

    async fn put_rejects(
        &self,
        progress: &Progress,
        part: u32,
        rejects: &[Rejected],
    ) -> Result<(), PortError> {
        let key = FileKey::rejects(&progress.tenant, &progress.upload, part);
        self.files
            .put(&key, "text/csv; charset=utf-8", rejects_csv(rejects)?)
            .await
    }

    async fn open(
        &self,
        tenant: &TenantId,
        key: &str,
        offset: u64,
        etag: Option<&str>,
    ) -> Result<Opened<Body>, PortError> {
        let file = ImportFile::parse(key)?;
        if file.tenant != *tenant {
            return Err(corrupt("upload", "key", key, "it is another tenant's"));
        }
        match self.files.open(&file.key, offset, etag).await? {
            Open::File(opened) => Ok(Opened::File {
                etag: Some(opened.etag).filter(|etag| !etag.is_empty()),
                body: Body(Some(opened.body)),
            }),
            Open::AtEnd => Ok(Opened::File {
                body: Body(None),
                etag: None,
            }),
            Open::Replaced => Ok(Opened::Replaced),
            Open::Missing => Err(corrupt("upload", "key", key, "the file is gone")),
        }
    }
}

fn shown(progress: &Progress) -> Upload {
    let (status, problem) = match &progress.status {
        Status::Running => (UploadStatus::Running, None),
        Status::Done => (UploadStatus::Done, None),
        Status::Failed { code } => (UploadStatus::Failed, Some(code.clone())),
    };
    Upload {
        id: progress.upload.clone(),
        tenant: progress.tenant.clone(),
        key: progress.key.clone(),
        finished_at: (status != UploadStatus::Running).then_some(progress.updated_at),
        status,
        campaign: None,
        rows: progress.counts.rows,
        created: progress.counts.created,
        merged: progress.counts.merged,
        rejected: progress.counts.rejected,
        problem,
        started_at: progress.started_at,
    }
}

/// Row, line, code, field and value (HUB-3). A value that a spreadsheet would run as a formula gets an apostrophe.
fn rejects_csv(rejects: &[Rejected]) -> Result<Vec<u8>, PortError> {
    let failed = |error: String| corrupt("rejects", "csv", "", error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(["row", "line", "code", "field", "value"])
        .map_err(|e| failed(e.to_string()))?;
    for rejected in rejects {
        let field = rejected.field.map(|f| f.to_string()).unwrap_or_default();
        let formula = rejected.value.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let value = if formula {
            format!("'{}", rejected.value)
        } else {
            rejected.value.clone()
        };
        let record = [
            rejected.row.to_string(),
            rejected.line.to_string(),
            rejected.code.to_string(),
            field,
            value,
        ];
        writer
            .write_record(record)
            .map_err(|e| failed(e.to_string()))?;
    }
    writer.into_inner().map_err(|e| failed(e.to_string()))
}

impl EnrichStore for Store {
    async fn leads(&self, tenant: &TenantId, leads: &[LeadId]) -> Result<Vec<Lead>, PortError> {
        self.leads.profiles(tenant, leads).await
    }

    async fn put_leads(&self, _: &TenantId, leads: &[Lead]) -> Result<(), PortError> {
        self.put_profiles(&leads.iter().collect::<Vec<_>>()).await
    }

    async fn request_washes(&self, numbers: &[E164]) -> Result<(), PortError> {
        let numbers = numbers.to_vec();
        self.queue(to::Wash)?
            .send_all(&[WashJob::V1 { numbers }])
            .await
    }

    async fn paid_for(
        &self,
        tenant: &TenantId,
        fingerprint: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Option<Person>>, PortError> {
        match self
            .ledger
            .begin_enrichment::<Option<Person>>(tenant, fingerprint, now)
            .await?
        {
            Enrichment::Known(person) => Ok(Some(person)),
            Enrichment::Yours => Ok(None),
            Enrichment::UnderWay => Err(PortError::Unavailable {
                what: "enrichment",
                cause: "somebody asks for this person now".into(),
            }),
        }
    }

    async fn keep_paid_for(
        &self,
        tenant: &TenantId,
        answers: &[(String, Option<Person>)],
        now: DateTime<Utc>,
    ) -> Result<(), PortError> {
        self.ledger.save_enrichments(tenant, answers, now).await
    }

    async fn give_up(
        &self,
        tenant: &TenantId,
        fingerprint: &str,
        now: DateTime<Utc>,
    ) -> Result<(), PortError> {
        self.ledger.drop_enrichment(tenant, fingerprint, now).await
    }

    /// The campaign that was chosen for the upload; without one, every campaign that runs or will.
    async fn campaigns_for(
        &self,
        tenant: &TenantId,
        upload: &UploadId,
    ) -> Result<Vec<CampaignId>, PortError> {
        if let Some(chosen) = self.tenants.chosen_campaign(tenant, upload).await? {
            return Ok(vec![chosen]);
        }
        let campaigns = self.tenants.campaigns(tenant).await?;
        let takes = |status| matches!(status, CampaignStatus::Active | CampaignStatus::Scheduled);
        Ok(campaigns
            .into_iter()
            .filter(|c| takes(c.status))
            .map(|c| c.id)
            .collect())
    }
}

impl WashStore for Store {
    async fn wash_of(&self, number: &E164) -> Result<Option<WashResult>, PortError> {
        self.register.wash_of(number).await
    }

    async fn save_wash(&self, number: &E164, result: WashResult) -> Result<(), PortError> {
        self.register.save_wash(number, result).await
    }

    async fn begin_batch(&self, reference: &str, now: DateTime<Utc>) -> Result<bool, PortError> {
        self.ledger.begin_batch(reference, now).await
    }
}

impl Rewash for Store {
    async fn number_of(&self, tenant: &TenantId, lead: &LeadId) -> Result<Option<E164>, PortError> {
        let lead = self.leads.profile(tenant, lead).await?;
        Ok(lead.and_then(|lead| lead.phone))
    }

    async fn washed_on(
        &self,
        day: NaiveDate,
        from: Option<String>,
        limit: u32,
    ) -> Result<(Vec<E164>, Option<String>), PortError> {
        self.register.washed_on(day, from, limit).await
    }

    async fn queue_washes(&self, jobs: &[WashJob]) -> Result<(), PortError> {
        self.queue(to::Wash)?.send_all(jobs).await
    }
}
