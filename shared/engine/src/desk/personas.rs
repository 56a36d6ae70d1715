//! Personas: the people in whose name a tenant writes (ED-009).

use touchline_domain::{ids::TenantId, message::Persona, sending::tenant::Tenant};

use super::{
    Actor, Changed, Created, Documents, Versioned,
    document::{self, Which, change},
    tenants::exists,
};
use crate::ports::PortError;

/// Adds a persona to a tenant.
///
/// # Errors
/// A port is not available.
pub async fn create<P: Documents<Tenant> + Documents<Persona>>(
    tenants: &P,
    by: &Actor,
    tenant: &TenantId,
    persona: Persona,
) -> Result<Created<Versioned<Persona>>, PortError> {
    if !exists(tenants, tenant).await? {
        return Ok(Created::NoSuchTenant);
    }
    let id = persona.id.clone();
    let created = document::create(tenants, by, tenant, &id, persona).await?;
    Ok(created.map_or(Created::Exists, Created::Created))
}

/// Replaces a persona, made from the version `seen`.
///
/// # Errors
/// A port is not available.
pub async fn replace<P: Documents<Persona>>(
    tenants: &P,
    by: &Actor,
    tenant: &TenantId,
    persona: &Persona,
    seen: u64,
) -> Result<Changed<Versioned<Persona>>, PortError> {
    let which = Which {
        tenant,
        id: &persona.id,
        seen: Some(seen),
    };
    change(tenants, by, which, |stored| {
        stored.clone_from(persona);
        true
    })
    .await
}
