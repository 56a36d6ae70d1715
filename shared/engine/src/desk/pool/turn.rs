//! Takes a resource out of use and back. A domain takes its mailboxes with it, for they are what sends.

use touchline_domain::{
    ids::ResourceId,
    sending::resource::{Resource, ResourceKind, ResourceStatus},
};

use crate::{
    desk::{Actor, Change, Changed},
    pool::ResourcePool,
    ports::{PortError, Saved},
};

/// Holds a resource until somebody resumes it; it stays with its tenant.
///
/// # Errors
/// The pool is not available.
pub async fn pause<P: ResourcePool>(
    pool: &P,
    by: &Actor,
    kind: ResourceKind,
    id: &ResourceId,
) -> Result<Changed<Resource>, PortError> {
    turn(pool, by, kind, id, |resource| match resource.status {
        ResourceStatus::Available | ResourceStatus::Assigned | ResourceStatus::Paused => {
            Some(ResourceStatus::Paused)
        }
        _ => None,
    })
    .await
}

/// Puts a paused resource back to work, or back into the pool if it works for nobody.
///
/// # Errors
/// The pool is not available.
pub async fn resume<P: ResourcePool>(
    pool: &P,
    by: &Actor,
    kind: ResourceKind,
    id: &ResourceId,
) -> Result<Changed<Resource>, PortError> {
    turn(pool, by, kind, id, |resource| {
        match (resource.status, &resource.tenant) {
            (ResourceStatus::Paused | ResourceStatus::Assigned, Some(_)) => {
                Some(ResourceStatus::Assigned)
            }
            (ResourceStatus::Paused | ResourceStatus::Available, None) => {
                Some(ResourceStatus::Available)
            }
            _ => None,
        }
    })
    .await
}

/// Takes a resource out of the pool for good, and from its tenant.
///
/// # Errors
/// The pool is not available.
pub async fn retire<P: ResourcePool>(
    pool: &P,
    by: &Actor,
    kind: ResourceKind,
    id: &ResourceId,
) -> Result<Changed<Resource>, PortError> {
    turn(pool, by, kind, id, |_| Some(ResourceStatus::Retired)).await
}

/// `to` says in which state a resource ends; nothing where the act is not allowed.
async fn turn<P: ResourcePool>(
    pool: &P,
    by: &Actor,
    kind: ResourceKind,
    id: &ResourceId,
    to: impl Fn(&Resource) -> Option<ResourceStatus> + Send + Sync,
) -> Result<Changed<Resource>, PortError> {
    let Some(found) = pool.resource(kind, id).await? else {
        return Ok(Changed::NoSuch);
    };
    let before = found.resource;
    let Some(status) = to(&before) else {
        return Ok(Changed::Refused(before));
    };
    let mut turns = vec![(before.clone(), status)];
    for mailbox in mailboxes_of(pool, &before).await? {
        turns.extend(to(&mailbox).map(|status| (mailbox, status)));
    }
    turns.retain(|(resource, status)| resource.status != *status);
    if turns.is_empty() {
        return Ok(Changed::Unchanged(before));
    }
    if pool.turn(&turns).await? == Saved::Conflict {
        let now = pool.resource(kind, id).await?;
        return Ok(now.map_or(Changed::NoSuch, |now| Changed::Contended(now.resource)));
    }
    let mut after = Resource {
        status,
        ..before.clone()
    };
    if status == ResourceStatus::Retired {
        (after.tenant, after.persona) = (None, None);
    }
    Ok(Changed::Changed(Change {
        by: by.clone(),
        before: Some(before),
        after,
    }))
}

async fn mailboxes_of<P: ResourcePool>(
    pool: &P,
    resource: &Resource,
) -> Result<Vec<Resource>, PortError> {
    if resource.kind != ResourceKind::EmailDomain {
        return Ok(Vec::new());
    }
    let mailboxes = pool.list(ResourceKind::Mailbox).await?;
    let of_domain = mailboxes
        .into_iter()
        .map(|pooled| pooled.resource)
        .filter(|mailbox| mailbox.domain.as_ref() == Some(&resource.id));
    Ok(of_domain.collect())
}
