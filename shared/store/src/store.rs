//! All aggregates of a stack behind one value. Built once for each process.

use touchline_domain::{
    ids::{LeadId, TenantId, UploadId},
    sending::{campaign::Campaign, inbox::InboxMessage, resource::Resource, touch::Touch},
};
use touchline_engine::{
    audit::UploadCount,
    desk::{inbox::Conversations as _, tenants::TenantList as _},
    import::run::Progress,
    ports::PortError,
};
use touchline_runtime::{aws::Aws, clock::Clock};

use crate::{
    context::CampaignFacts, files::Files, inbox::Inbox, leads::Leads, ledger::Ledger, names::Names,
    pool::Pool, queues::Queue, register::Register, tenants::Tenants, usage::Usage,
};

/// The store.
#[derive(Debug)]
pub struct Store {
    /// Leads, journeys, touches, the due index.
    pub leads: Leads,
    /// Tenants, campaigns, personas, switches, uploads.
    pub tenants: Tenants,
    /// Capacity.
    pub usage: Usage,
    /// Resources.
    pub pool: Pool,
    /// The register's answers and suppression.
    pub register: Register,
    /// Conversations and tasks.
    pub inbox: Inbox,
    /// Watermarks, breakers, checkpoints, what was paid for.
    pub ledger: Ledger,
    /// Files.
    pub files: Files,
    /// Campaigns' contexts and addresses' facts.
    pub facts: CampaignFacts,
    names: Names,
    sqs: aws_sdk_sqs::Client,
}

impl Store {
    /// The store of a stack with these names, with the system's clock.
    #[must_use]
    pub fn new(aws: &Aws, names: Names) -> Self {
        Self::with_clock(aws, names, Clock::real())
    }

    /// The store of a stack with these names.
    #[must_use]
    pub fn with_clock(aws: &Aws, names: Names, clock: Clock) -> Self {
        let db = aws.dynamodb();
        let tenants = Tenants::new(db.clone(), names.table("TENANTS_TABLE"));
        let pool = Pool::new(db.clone(), names.table("POOL_TABLE"));
        let register = Register::new(db.clone(), names.table("REGISTER_TABLE"));
        Self {
            facts: CampaignFacts::new(tenants.clone(), pool.clone(), register.clone(), clock),
            leads: Leads::new(db.clone(), names.table("LEADS_TABLE")),
            usage: Usage::new(db.clone(), names.table("TENANTS_TABLE")),
            tenants,
            pool,
            register,
            inbox: Inbox::new(db.clone(), names.table("INBOX_TABLE")),
            ledger: Ledger::new(db, names.table("LEDGER_TABLE")),
            files: Files::new(aws.s3(), names.table("BUCKET")),
            sqs: aws.sqs(),
            names,
        }
    }

    /// The queue behind a setting.
    pub(crate) fn queue(&self, setting: &'static str) -> Result<Queue, PortError> {
        Ok(Queue::new(self.sqs.clone(), self.names.get(setting)?))
    }

    /// Every tenant.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn tenants(&self) -> Result<Vec<TenantId>, PortError> {
        self.tenants.ids().await
    }

    /// A tenant's resources.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn resources_of(&self, tenant: &TenantId) -> Result<Vec<Resource>, PortError> {
        self.pool.of_tenant(tenant).await
    }

    /// A tenant's campaigns.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn campaigns(&self, tenant: &TenantId) -> Result<Vec<Campaign>, PortError> {
        self.tenants.campaigns(tenant).await
    }

    /// The ids of all leads of a tenant, for the audit.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn lead_ids(&self, tenant: &TenantId) -> Result<Vec<LeadId>, PortError> {
        const PAGE: u32 = 1_000;
        let mut ids = Vec::new();
        for shard in 0..crate::keys::LIST_SHARDS {
            let mut from = None;
            loop {
                let (page, next) = self.leads.list(tenant, shard, from, PAGE).await?;
                ids.extend(page);
                from = next;
                if from.is_none() {
                    break;
                }
            }
        }
        Ok(ids)
    }

    /// The touches of a lead.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn touches(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<Touch>, PortError> {
        Ok(self
            .leads
            .touches(tenant, lead)
            .await?
            .into_iter()
            .map(|record| record.touch)
            .collect())
    }

    /// The messages of a lead.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn messages(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Vec<InboxMessage>, PortError> {
        self.inbox.messages(tenant, lead).await
    }

    /// The progress of an upload.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn upload(
        &self,
        tenant: &TenantId,
        upload: &UploadId,
    ) -> Result<Option<Progress>, PortError> {
        Ok(self
            .ledger
            .checkpoint::<Progress>(tenant, upload)
            .await?
            .map(|(progress, _)| progress))
    }

    /// The counts of all uploads of a tenant.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn uploads(&self, tenant: &TenantId) -> Result<Vec<UploadCount>, PortError> {
        let uploads = self.tenants.uploads(tenant).await?;
        Ok(uploads
            .into_iter()
            .map(|u| UploadCount {
                upload: u.id,
                rows: u.rows,
                created: u.created,
                merged: u.merged,
                rejected: u.rejected,
            })
            .collect())
    }
}
