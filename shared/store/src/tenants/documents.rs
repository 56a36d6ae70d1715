//! What people edit about a tenant, each item under a version that the next write has to name, and the list of tenants.

use touchline_domain::{
    ids::{CampaignId, PersonaId, TenantId},
    message::{Branding, Persona},
    sending::{campaign::Campaign, tenant::Tenant},
};
use touchline_engine::{
    desk::{Document, Documents, Versioned, tenants::TenantList},
    ports::{PortError, Saved},
};

use super::Tenants;
use crate::{
    error::corrupt,
    item::{Item, VERSION, decode, encode, if_version, key_of, number, required_text, version_of},
    keys::{self, Key, SK, TENANT_PREFIX},
    table::{IF_NEW, Range, Read, Transacted},
};

/// A document that is an item of this table.
trait Stored: Document {
    /// What it is called in errors.
    const WHAT: &'static str;

    /// Where it is.
    fn key(tenant: &TenantId, id: &Self::Id) -> Key;

    /// The item of one version.
    fn item(&self, tenant: &TenantId, id: &Self::Id, version: u64) -> Result<Item, PortError> {
        let mut item = encode(Self::WHAT, Self::key(tenant, id), self)?;
        item.insert(VERSION.to_owned(), number(version));
        Ok(item)
    }
}

impl Stored for Tenant {
    const WHAT: &'static str = "tenant";

    fn key(tenant: &TenantId, (): &()) -> Key {
        keys::tenant(tenant)
    }
}

impl Stored for Branding {
    const WHAT: &'static str = "branding";

    fn key(tenant: &TenantId, (): &()) -> Key {
        keys::branding(tenant)
    }
}

impl Stored for Persona {
    const WHAT: &'static str = "persona";

    fn key(tenant: &TenantId, id: &PersonaId) -> Key {
        keys::persona(tenant, id)
    }
}

impl Stored for Campaign {
    const WHAT: &'static str = "campaign";

    fn key(tenant: &TenantId, id: &CampaignId) -> Key {
        keys::campaign(tenant, id)
    }
}

impl<T: Stored> Documents<T> for Tenants {
    async fn read(&self, tenant: &TenantId, id: &T::Id) -> Result<Option<Versioned<T>>, PortError> {
        let key = T::key(tenant, id);
        let Some(item) = self.table.get(T::WHAT, key, Read::Consistent).await? else {
            return Ok(None);
        };
        Ok(Some(Versioned {
            version: version_of(T::WHAT, &item)?,
            value: decode(T::WHAT, item)?,
        }))
    }

    async fn write(
        &self,
        tenant: &TenantId,
        id: &T::Id,
        value: &T,
        over: Option<u64>,
    ) -> Result<Saved, PortError> {
        let item = value.item(tenant, id, over.map_or(1, |version| version + 1))?;
        let (condition, values) = if_version(over);
        let put = self.table.put_if(T::WHAT, item, condition, values).await?;
        Ok(if put.is_written() {
            Saved::Written
        } else {
            Saved::Conflict
        })
    }
}

impl TenantList for Tenants {
    async fn add(&self, tenant: &Tenant, branding: Option<&Branding>) -> Result<bool, PortError> {
        let settings = tenant.item(&tenant.id, &(), 1)?;
        let entry = key_of(keys::tenant_entry(&tenant.id));
        let mut writes = vec![
            self.table.transact_put(settings, Some(IF_NEW))?,
            self.table.transact_put(entry, None)?,
        ];
        if let Some(branding) = branding {
            let item = branding.item(&tenant.id, &(), 1)?;
            writes.push(self.table.transact_put(item, Some(IF_NEW))?);
        }
        Ok(self.table.transact("tenant", writes).await? == Transacted::Committed)
    }

    async fn ids(&self) -> Result<Vec<TenantId>, PortError> {
        const WHAT: &str = "list of tenants";
        let range = Range::Prefix(TENANT_PREFIX);
        let items = self
            .table
            .all(WHAT, &keys::platform(), range, Read::Eventual)
            .await?;
        let ids = items.iter().map(|item| {
            let sk = required_text(WHAT, item, SK)?;
            let id = sk.trim_start_matches(TENANT_PREFIX);
            id.parse()
                .map_err(|_| corrupt(WHAT, SK, id, "not a tenant id"))
        });
        ids.collect()
    }
}
