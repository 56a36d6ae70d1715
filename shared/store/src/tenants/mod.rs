//! Tenants and what they set up: branding, personas, campaigns, uploads. Everything of one tenant is one partition that
//! begins with its id; only the list of tenants and the switches belong to the platform.

mod documents;
mod spend;
mod switches;
mod upload;

use aws_sdk_dynamodb::Client;
use serde::de::DeserializeOwned;
use touchline_domain::{
    ids::{CampaignId, TenantId, UploadId},
    message::persona::{Branding, Persona},
    sending::{campaign::Campaign, tenant::Tenant},
};
use touchline_engine::ports::PortError;

pub use self::upload::{Upload, UploadStatus};
use crate::{
    item::decode,
    keys::{self, CAMPAIGN_PREFIX, Key, PERSONA_PREFIX, UPLOAD_PREFIX},
    names::Given,
    table::{Range, Read, Table, of},
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

    /// A tenant's settings.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn tenant(&self, tenant: &TenantId) -> Result<Option<Tenant>, PortError> {
        self.read("tenant", keys::tenant(tenant)).await
    }

    /// A tenant's branding.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn branding(&self, tenant: &TenantId) -> Result<Option<Branding>, PortError> {
        self.read("branding", keys::branding(tenant)).await
    }

    /// A tenant's personas, in order of id.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn personas(&self, tenant: &TenantId) -> Result<Vec<Persona>, PortError> {
        self.read_all("persona", tenant, PERSONA_PREFIX).await
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
}
