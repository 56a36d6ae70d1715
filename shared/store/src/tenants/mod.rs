//! Tenants and what they set up: branding, personas, campaigns, uploads. Everything of one tenant is one partition that
//! begins with its id; only the list of tenants and the switches belong to the platform.

mod spend;
mod switches;
mod upload;

use aws_sdk_dynamodb::Client;
use serde::{Serialize, de::DeserializeOwned};
use touchline_domain::{
    ids::{CampaignId, PersonaId, TenantId, UploadId},
    message::persona::{Branding, Persona},
    sending::{campaign::Campaign, tenant::Tenant},
};
use touchline_engine::ports::PortError;

pub use self::upload::{Upload, UploadStatus};
use crate::{
    error::corrupt,
    item::{decode, encode, key_of, required_text},
    keys::{self, CAMPAIGN_PREFIX, Key, PERSONA_PREFIX, SK, TENANT_PREFIX, UPLOAD_PREFIX},
    names::Given,
    table::{IF_NEW, Range, Read, Table, Transacted, of},
};

/// Access to the tenants table.
#[derive(Clone, Debug)]
pub struct Tenants {
    table: Table<of::Tenants>,
}

impl Tenants {
    /// The table called `table`; a function that was not given it has none.
    #[must_use]
    pub fn new(db: Client, table: impl Into<Given>) -> Self {
        Self {
            table: Table::new(db, table),
        }
    }

    /// Creates a tenant and lists it; `false` when there is one of that id.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn create(&self, tenant: &Tenant) -> Result<bool, PortError> {
        let settings = encode("tenant", keys::tenant(&tenant.id), tenant)?;
        let entry = key_of(keys::tenant_entry(&tenant.id));
        let writes = vec![
            self.table.transact_put(settings, Some(IF_NEW))?,
            self.table.transact_put(entry, None)?,
        ];
        Ok(self.table.transact("tenant", writes).await? == Transacted::Committed)
    }

    /// Writes a tenant's settings over what is there.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn put(&self, tenant: &Tenant) -> Result<(), PortError> {
        self.write("tenant", keys::tenant(&tenant.id), tenant).await
    }

    /// A tenant's settings.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn tenant(&self, tenant: &TenantId) -> Result<Option<Tenant>, PortError> {
        self.read("tenant", keys::tenant(tenant)).await
    }

    /// The ids of all tenants, in order.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn list(&self) -> Result<Vec<TenantId>, PortError> {
        let range = Range::Prefix(TENANT_PREFIX);
        let items = self
            .table
            .all("list of tenants", &keys::platform(), range, Read::Eventual)
            .await?;
        let ids = items.iter().map(|item| {
            let sk = required_text("list of tenants", item, SK)?;
            let id = sk.trim_start_matches(TENANT_PREFIX);
            id.parse()
                .map_err(|_| corrupt("list of tenants", SK, id, "not a tenant id"))
        });
        ids.collect()
    }

    /// A tenant's branding.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn branding(&self, tenant: &TenantId) -> Result<Option<Branding>, PortError> {
        self.read("branding", keys::branding(tenant)).await
    }

    /// Writes a tenant's branding over what is there.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn put_branding(
        &self,
        tenant: &TenantId,
        branding: &Branding,
    ) -> Result<(), PortError> {
        self.write("branding", keys::branding(tenant), branding)
            .await
    }

    /// A tenant's personas, in order of id.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn personas(&self, tenant: &TenantId) -> Result<Vec<Persona>, PortError> {
        self.read_all("persona", tenant, PERSONA_PREFIX).await
    }

    /// Writes a persona over what is there.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn put_persona(
        &self,
        tenant: &TenantId,
        id: &PersonaId,
        persona: &Persona,
    ) -> Result<(), PortError> {
        self.write("persona", keys::persona(tenant, id), persona)
            .await
    }

    /// A campaign.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn campaign(
        &self,
        tenant: &TenantId,
        id: &CampaignId,
    ) -> Result<Option<Campaign>, PortError> {
        self.read("campaign", keys::campaign(tenant, id)).await
    }

    /// A tenant's campaigns, in order of id.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn campaigns(&self, tenant: &TenantId) -> Result<Vec<Campaign>, PortError> {
        self.read_all("campaign", tenant, CAMPAIGN_PREFIX).await
    }

    /// Writes a campaign over what is there.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn put_campaign(&self, campaign: &Campaign) -> Result<(), PortError> {
        self.write(
            "campaign",
            keys::campaign(&campaign.tenant, &campaign.id),
            campaign,
        )
        .await
    }

    /// An upload.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn upload(
        &self,
        tenant: &TenantId,
        id: &UploadId,
    ) -> Result<Option<Upload>, PortError> {
        self.read("upload", keys::upload(tenant, id)).await
    }

    /// A tenant's uploads, in order of id.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn uploads(&self, tenant: &TenantId) -> Result<Vec<Upload>, PortError> {
        self.read_all("upload", tenant, UPLOAD_PREFIX).await
    }

    async fn read<T: DeserializeOwned>(
        &self,
        what: &'static str,
        key: Key,
    ) -> Result<Option<T>, PortError> {
        let item = self.table.get(what, key, Read::Eventual).await?;
        item.map(|item| decode(what, item)).transpose()
    }

    async fn read_all<T: DeserializeOwned>(
        &self,
        what: &'static str,
        tenant: &TenantId,
        prefix: &str,
    ) -> Result<Vec<T>, PortError> {
        let pk = keys::settings(tenant);
        let items = self
            .table
            .all(what, &pk, Range::Prefix(prefix), Read::Eventual)
            .await?;
        items.into_iter().map(|item| decode(what, item)).collect()
    }

    async fn write<T: Serialize>(
        &self,
        what: &'static str,
        key: Key,
        value: &T,
    ) -> Result<(), PortError> {
        self.table.put(what, encode(what, key, value)?).await
    }
}
