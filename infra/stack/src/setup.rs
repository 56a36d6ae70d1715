//! Sets tenants up by the same use cases as an operator, for whoever plays, measures or tests a stack. Anything that an
//! operator would be refused is an error here.

use anyhow::ensure;
use aws_sdk_s3::primitives::ByteStream;
use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::{TenantId, UploadId},
    message::{Branding, Persona},
    sending::{campaign::Campaign, tenant::Tenant},
};
use touchline_engine::desk::{
    Actor, campaigns, personas,
    pool::{self, Added, NewResource},
    tenants,
    uploads::{self, List, Uploaded},
};
use touchline_store::Store;

use crate::outcome::created;

/// Sets up what belongs to tenants.
#[derive(Debug)]
pub struct Setup<'a> {
    store: &'a Store,
    by: Actor,
}

impl<'a> Setup<'a> {
    /// In a stack's records, in the name of `by`.
    #[must_use]
    pub fn new(store: &'a Store, by: &str) -> Self {
        Self {
            store,
            by: Actor::command(by),
        }
    }

    /// Creates a tenant; without a branding nothing of it can be sent (R9).
    ///
    /// # Errors
    /// It exists, or it cannot be written.
    pub async fn tenant(&self, tenant: Tenant, branding: Option<Branding>) -> anyhow::Result<()> {
        let id = tenant.id.clone();
        let outcome = tenants::create(&self.store.tenants, &self.by, tenant, branding).await?;
        created(outcome, &format!("tenant {id}"), &id)?;
        Ok(())
    }

    /// Adds a persona.
    ///
    /// # Errors
    /// It exists, or it cannot be written.
    pub async fn persona(&self, tenant: &TenantId, persona: Persona) -> anyhow::Result<()> {
        let name = format!("persona {}", persona.id);
        let outcome = personas::create(&self.store.tenants, &self.by, tenant, persona).await?;
        created(outcome, &name, tenant)?;
        Ok(())
    }

    /// Adds a resource.
    ///
    /// # Errors
    /// It is refused, or it cannot be written.
    pub async fn resource(&self, new: NewResource, now: DateTime<Utc>) -> anyhow::Result<()> {
        let id = new.id.clone();
        let (tenants, pool) = (&self.store.tenants, &self.store.pool);
        let added = pool::add(tenants, pool, &self.by, new, now).await?;
        ensure!(matches!(added, Added::Added(_)), "resource {id}: {added:?}");
        Ok(())
    }

    /// Creates a campaign.
    ///
    /// # Errors
    /// It exists, or it cannot be written.
    pub async fn campaign(&self, campaign: Campaign) -> anyhow::Result<()> {
        let (tenant, name) = (campaign.tenant.clone(), format!("campaign {}", campaign.id));
        let outcome = campaigns::create(&self.store.tenants, &self.by, campaign).await?;
        created(outcome, &name, &tenant)?;
        Ok(())
    }

    /// Puts a list where its import begins.
    ///
    /// # Errors
    /// It is refused, or it cannot be written.
    pub async fn list(
        &self,
        tenant: &TenantId,
        upload: &UploadId,
        name: &str,
        body: ByteStream,
    ) -> anyhow::Result<()> {
        let (tenants, files) = (&self.store.tenants, &self.store.files);
        let list = List {
            tenant: tenant.clone(),
            upload: upload.clone(),
            name: name.to_owned(),
        };
        let uploaded = uploads::upload(tenants, files, &self.by, list, body).await?;
        ensure!(
            matches!(uploaded, Uploaded::Uploaded(_)),
            "list {name}: {uploaded:?}"
        );
        Ok(())
    }
}
