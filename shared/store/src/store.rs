//! All aggregates of a stack behind one value, built once for each process. It answers the engine's ports: those of one
//! aggregate by delegation, those that need several in [`crate::paths`].

use ambassador::Delegate;
use chrono::{DateTime, Utc};
use touchline_domain::{
    contact::{AddressHash, E164},
    events::Provider,
    ids::{CampaignId, LeadId, ResourceId, TenantId, TouchId, UploadId},
    inbox::InboxMessage,
    sending::{
        campaign::Campaign,
        journey::Journey,
        lead::Lead,
        resource::Resource,
        suppression::{Superseded, Suppression},
        touch::{Signal, Touch},
    },
};
use touchline_engine::{
    audit::UploadCount,
    desk::{inbox::Conversations as _, tenants::TenantList as _},
    import::run::Progress,
    ports::{
        AddressFacts, Breakers, Capacity, Context, Facts, Journeys, PortError, Reservation,
        Reserved, Saved, Suppressions, ambassador_impl_Breakers, ambassador_impl_Capacity,
        ambassador_impl_Facts, ambassador_impl_Journeys, ambassador_impl_Suppressions,
    },
};
use touchline_runtime::{aws::Aws, clock::Clock, settings::name};

use crate::{
    context::CampaignFacts,
    files::Files,
    inbox::Inbox,
    leads::Leads,
    ledger::Ledger,
    names::Names,
    pool::Pool,
    queues::{Queue, to},
    register::Register,
    tenants::Tenants,
    usage::Usage,
};

/// The store.
#[derive(Debug, Delegate)]
#[delegate(Breakers, target = "ledger")]
#[delegate(Capacity, target = "usage")]
#[delegate(Facts, target = "facts")]
#[delegate(Journeys, target = "leads")]
#[delegate(Suppressions, target = "register")]
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
        let given = |setting| names.find(setting);
        let tenants = Tenants::new(db.clone(), given(name::TENANTS_TABLE));
        let pool = Pool::new(db.clone(), given(name::POOL_TABLE));
        let register = Register::new(db.clone(), given(name::REGISTER_TABLE));
        Self {
            facts: CampaignFacts::new(tenants.clone(), pool.clone(), register.clone(), clock),
            leads: Leads::new(db.clone(), given(name::LEADS_TABLE)),
            usage: Usage::new(db.clone(), given(name::TENANTS_TABLE)),
            tenants,
            pool,
            register,
            inbox: Inbox::new(db.clone(), given(name::INBOX_TABLE)),
            ledger: Ledger::new(db, given(name::LEDGER_TABLE)),
            files: Files::new(aws.s3(), given(name::BUCKET)),
            sqs: aws.sqs(),
            names,
        }
    }

    /// A queue. Which one is a type, so that a program shows where it sends to.
    pub(crate) fn queue<T: to::Target>(&self, target: T) -> Result<Queue, PortError> {
        let url = self.names.get(target.setting())?;
        Ok(Queue::new(self.sqs.clone(), &url))
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
