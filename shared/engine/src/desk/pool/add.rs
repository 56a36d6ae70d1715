//! Puts a resource into the pool, or straight into a tenant's hands.

use chrono::{DateTime, NaiveDate, Utc};
use touchline_domain::{
    calendar::Zone,
    contact::{E164, EmailAddress},
    events::Provider,
    ids::{PersonaId, ResourceId, TenantId},
    message::Persona,
    sending::{
        resource::{Reputation, Resource, ResourceKind, ResourceStatus},
        tenant::Tenant,
    },
};

use crate::{
    desk::{Actor, Change, Documents, tenants::exists},
    pool::{Adding, ResourcePool},
    ports::PortError,
};

/// Whose a resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The tenant that it works for.
    pub tenant: TenantId,
    /// The persona that it sends as; any of the tenant's if not said (ED-008).
    pub persona: Option<PersonaId>,
}

/// A resource that is not in the pool yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewResource {
    /// Its id.
    pub id: ResourceId,
    /// What it is.
    pub kind: ResourceKind,
    /// The mailbox address, the phone number with its plus sign, the domain name, or the provider's seat id.
    pub address: String,
    /// The domain that a mailbox belongs to, and nothing else has.
    pub domain: Option<ResourceId>,
    /// Through whom it sends.
    pub provider: Provider,
    /// Its own time zone: a day's limits begin at its midnight.
    pub zone: Zone,
    /// The first day of its warm-up.
    pub warm_up_started: NaiveDate,
    /// Who has it at once; without one it waits in the pool.
    pub owner: Option<Owner>,
}

/// The answer to adding a resource.
#[expect(
    clippy::large_enum_variant,
    reason = "an answer is made once and read at once"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is there now.
    Added(Change<Resource>),
    /// A resource of that id or with that address was there before, and stays as it was.
    Exists,
    /// It is not an address of such a resource.
    NotAnAddress,
    /// A mailbox has to name its domain; nothing else may.
    DomainMisplaced,
    /// There is no such domain in the same hands.
    NoSuchDomain,
    /// There is no such tenant.
    NoSuchTenant,
    /// The tenant has no such persona.
    NoSuchPersona,
}

/// Adds a resource.
///
/// # Errors
/// A port is not available.
pub async fn add<T, P>(
    tenants: &T,
    pool: &P,
    by: &Actor,
    new: NewResource,
    now: DateTime<Utc>,
) -> Result<Added, PortError>
where
    T: Documents<Tenant> + Documents<Persona>,
    P: ResourcePool,
{
    let Some(address) = normal(new.kind, &new.address) else {
        return Ok(Added::NotAnAddress);
    };
    if new.domain.is_some() != (new.kind == ResourceKind::Mailbox) {
        return Ok(Added::DomainMisplaced);
    }
    if let Some(Owner { tenant, persona }) = &new.owner {
        if !exists(tenants, tenant).await? {
            return Ok(Added::NoSuchTenant);
        }
        if let Some(persona) = persona
            && Documents::<Persona>::read(tenants, tenant, persona)
                .await?
                .is_none()
        {
            return Ok(Added::NoSuchPersona);
        }
    }
    let (tenant, persona) = new
        .owner
        .map_or((None, None), |owner| (Some(owner.tenant), owner.persona));
    let resource = Resource {
        id: new.id,
        kind: new.kind,
        status: match tenant {
            Some(_) => ResourceStatus::Assigned,
            None => ResourceStatus::Available,
        },
        tenant,
        persona,
        address,
        domain: new.domain,
        provider: new.provider,
        zone: new.zone,
        warm_up_started: new.warm_up_started,
        reputation: Reputation::default(),
    };
    Ok(match pool.add(&resource, now).await? {
        Adding::Added => Added::Added(Change {
            by: by.clone(),
            before: None,
            after: resource,
        }),
        Adding::Exists => Added::Exists,
        Adding::NoSuchDomain => Added::NoSuchDomain,
    })
}

/// The address as it is compared with those that providers name.
fn normal(kind: ResourceKind, text: &str) -> Option<String> {
    let text = text.trim();
    match kind {
        ResourceKind::Mailbox => {
            let address: EmailAddress = text.parse().ok()?;
            Some(address.as_str().to_owned())
        }
        ResourceKind::EmailDomain => {
            let address: EmailAddress = format!("postmaster@{text}").parse().ok()?;
            let (_, domain) = address.as_str().split_once('@')?;
            Some(domain.to_owned())
        }
        ResourceKind::PhoneNumber => {
            let number: E164 = text.parse().ok()?;
            Some(number.as_str().to_owned())
        }
        ResourceKind::LinkedinSeat => Some(text.to_owned()).filter(|id| !id.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_providers_name_it() {
        let cases = [
            (
                ResourceKind::Mailbox,
                "Ana@Mail1.Example",
                Some("ana@mail1.example"),
            ),
            (ResourceKind::Mailbox, "mail1.example", None),
            (
                ResourceKind::EmailDomain,
                "Mail1.Example",
                Some("mail1.example"),
            ),
            (ResourceKind::EmailDomain, "ana@mail1.example", None),
            (ResourceKind::EmailDomain, "mail", None),
            (
                ResourceKind::PhoneNumber,
                "+61480012345",
                Some("+61480012345"),
            ),
            (ResourceKind::PhoneNumber, "0480012345", None),
            (ResourceKind::LinkedinSeat, " seat-1 ", Some("seat-1")),
            (ResourceKind::LinkedinSeat, " ", None),
        ];
        for (kind, text, kept) in cases {
            assert_eq!(normal(kind, text).as_deref(), kept, "{kind} {text}");
        }
    }
}
