//! Tenants and how they present themselves.

use std::future::Future;

use touchline_domain::{ids::TenantId, message::Branding, sending::tenant::Tenant};

use super::{
    Actor, Change, Changed, Created, Documents, Versioned,
    document::{self, Which, change},
};
use crate::ports::PortError;

/// The list of tenants.
pub trait TenantList: Sync {
    /// Writes a tenant with its branding, all at once and as version 1; `false` when there is a tenant of that id.
    fn add(
        &self,
        tenant: &Tenant,
        branding: Option<&Branding>,
    ) -> impl Future<Output = Result<bool, PortError>> + Send;

    /// The ids of all tenants, in order.
    fn ids(&self) -> impl Future<Output = Result<Vec<TenantId>, PortError>> + Send;
}

/// Creates a tenant. Until it has a branding nothing of it is sent: the law wants a name and an address in every message
/// (R9, R32).
///
/// # Errors
/// A port is not available.
pub async fn create<P: TenantList>(
    tenants: &P,
    by: &Actor,
    tenant: Tenant,
    branding: Option<Branding>,
) -> Result<Created<Versioned<Tenant>>, PortError> {
    if !tenants.add(&tenant, branding.as_ref()).await? {
        return Ok(Created::Exists);
    }
    Ok(Created::Created(Change {
        by: by.clone(),
        before: None,
        after: Versioned {
            version: 1,
            value: tenant,
        },
    }))
}

/// All tenants, in order of id.
///
/// # Errors
/// A port is not available.
pub async fn list<P: TenantList + Documents<Tenant>>(
    tenants: &P,
) -> Result<Vec<Versioned<Tenant>>, PortError> {
    let mut all = Vec::new();
    for id in tenants.ids().await? {
        all.extend(Documents::<Tenant>::read(tenants, &id, &()).await?);
    }
    Ok(all)
}

/// Replaces a tenant's settings, made from the version `seen`.
///
/// # Errors
/// A port is not available.
pub async fn replace<P: Documents<Tenant>>(
    tenants: &P,
    by: &Actor,
    tenant: &Tenant,
    seen: u64,
) -> Result<Changed<Versioned<Tenant>>, PortError> {
    let which = Which {
        tenant: &tenant.id,
        id: &(),
        seen: Some(seen),
    };
    change(tenants, by, which, |stored| {
        stored.clone_from(tenant);
        true
    })
    .await
}

/// Replaces a tenant's branding, made from the version `seen`; without one it is the first.
///
/// # Errors
/// A port is not available.
pub async fn brand<P: Documents<Tenant> + Documents<Branding>>(
    tenants: &P,
    by: &Actor,
    tenant: &TenantId,
    branding: &Branding,
    seen: Option<u64>,
) -> Result<Changed<Versioned<Branding>>, PortError> {
    let Some(seen) = seen else {
        return brand_first(tenants, by, tenant, branding).await;
    };
    let which = Which {
        tenant,
        id: &(),
        seen: Some(seen),
    };
    change(tenants, by, which, |stored: &mut Branding| {
        stored.clone_from(branding);
        true
    })
    .await
}

async fn brand_first<P: Documents<Tenant> + Documents<Branding>>(
    tenants: &P,
    by: &Actor,
    tenant: &TenantId,
    branding: &Branding,
) -> Result<Changed<Versioned<Branding>>, PortError> {
    if !exists(tenants, tenant).await? {
        return Ok(Changed::NoSuch);
    }
    if let Some(first) = document::create(tenants, by, tenant, &(), branding.clone()).await? {
        return Ok(Changed::Changed(first));
    }
    let there = Documents::<Branding>::read(tenants, tenant, &()).await?;
    Ok(there.map_or(Changed::NoSuch, Changed::Contended))
}

/// Whether there is a tenant of that id. Tenants are never deleted, so one that was there stays there.
pub(super) async fn exists<P: Documents<Tenant>>(
    tenants: &P,
    tenant: &TenantId,
) -> Result<bool, PortError> {
    Ok(Documents::<Tenant>::read(tenants, tenant, &())
        .await?
        .is_some())
}
