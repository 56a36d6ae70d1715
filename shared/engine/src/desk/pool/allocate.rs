//! Gives resources to a tenant: all of what is missing or nothing, and no resource twice, however many allocations run
//! at once (POOL-2). It brings a tenant up to a number, so that a repeated payment gives nothing more.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::TenantId,
    sending::{
        resource::{Resource, ResourceKind, ResourceStatus},
        tenant::{Tenant, Tier},
    },
};

use crate::{
    desk::{Actor, Change, Documents, tenants::exists},
    pool::{ResourcePool, order::by_preference},
    ports::{PortError, Saved},
};

/// Others who allocate at the same moment make it choose again this often.
const TRIES: usize = 8;

/// How many of each kind a tenant is to have. Mailboxes come with their domain.
pub type Wanted = BTreeMap<ResourceKind, u32>;

/// The answer to an allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allocated {
    /// The tenant has everything; these are new, domains with their mailboxes.
    Allocated(Change<Vec<Resource>>),
    /// Nothing was given, because of one kind there is not enough.
    Short {
        /// Which kind.
        kind: ResourceKind,
        /// How many the pool lacks to what the tenant is to have.
        missing: usize,
    },
    /// Others allocated at the same moment again and again; nothing was given. Ask again.
    Contended,
    /// There is no such tenant.
    NoSuchTenant,
}

/// What comes out of the pool with a tier (TEN-4). LinkedIn seats are the client's own accounts: they are added when the
/// client connects them.
#[must_use]
pub fn included(tier: Tier) -> Wanted {
    let allowance = tier.allowance();
    BTreeMap::from([
        (ResourceKind::EmailDomain, allowance.domains),
        (ResourceKind::PhoneNumber, allowance.phone_numbers),
    ])
}

/// Gives `tenant` what it lacks to have `wanted`.
///
/// # Errors
/// A port is not available.
pub async fn allocate<T, P>(
    tenants: &T,
    pool: &P,
    by: &Actor,
    tenant: &TenantId,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Result<Allocated, PortError>
where
    T: Documents<Tenant>,
    P: ResourcePool,
{
    if !exists(tenants, tenant).await? {
        return Ok(Allocated::NoSuchTenant);
    }
    for _ in 0..TRIES {
        let allocations = pool.allocations(tenant).await?;
        let mut chosen = Vec::new();
        let kinds = wanted
            .iter()
            .filter(|(kind, _)| **kind != ResourceKind::Mailbox);
        for (kind, wanted) in kinds {
            match choose(pool, tenant, *kind, *wanted, now).await? {
                Ok(more) => chosen.extend(more),
                Err(missing) => {
                    let kind = *kind;
                    return Ok(Allocated::Short { kind, missing });
                }
            }
        }
        let saved = if chosen.is_empty() {
            Saved::Written
        } else {
            pool.give(tenant, &chosen, allocations, now).await?
        };
        if saved == Saved::Written {
            let after = chosen.iter().map(|resource| Resource {
                tenant: Some(tenant.clone()),
                status: ResourceStatus::Assigned,
                ..resource.clone()
            });
            return Ok(Allocated::Allocated(Change {
                by: by.clone(),
                after: after.collect(),
                before: Some(chosen),
            }));
        }
    }
    Ok(Allocated::Contended)
}

/// The best of what is available, or how many are missing.
async fn choose<P: ResourcePool>(
    pool: &P,
    tenant: &TenantId,
    kind: ResourceKind,
    wanted: u32,
    now: DateTime<Utc>,
) -> Result<Result<Vec<Resource>, usize>, PortError> {
    let all: Vec<Resource> = resources(pool, kind).await?;
    let has = all
        .iter()
        .filter(|r| r.tenant.as_ref() == Some(tenant))
        .count();
    let lacks = usize::try_from(wanted)
        .unwrap_or(usize::MAX)
        .saturating_sub(has);
    let mut chosen: Vec<Resource> = all.into_iter().filter(is_available).collect();
    if chosen.len() < lacks {
        return Ok(Err(lacks - chosen.len()));
    }
    let today = now.date_naive();
    chosen.sort_by(|a, b| by_preference(a, b, today));
    chosen.truncate(lacks);
    if kind == ResourceKind::EmailDomain && !chosen.is_empty() {
        let mailboxes = resources(pool, ResourceKind::Mailbox).await?;
        let of_chosen: Vec<Resource> = mailboxes
            .into_iter()
            .filter(is_available)
            .filter(|mailbox| {
                chosen
                    .iter()
                    .any(|domain| mailbox.domain.as_ref() == Some(&domain.id))
            })
            .collect();
        chosen.extend(of_chosen);
    }
    Ok(Ok(chosen))
}

async fn resources<P: ResourcePool>(
    pool: &P,
    kind: ResourceKind,
) -> Result<Vec<Resource>, PortError> {
    let pooled = pool.list(kind).await?;
    Ok(pooled.into_iter().map(|pooled| pooled.resource).collect())
}

fn is_available(resource: &Resource) -> bool {
    resource.status == ResourceStatus::Available && resource.tenant.is_none()
}
