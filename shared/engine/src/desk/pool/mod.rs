//! What people do with the pool: put a domain, mailbox, number or seat into it, take it out of use and back, and give
//! tenants what their tier includes (POOL-1, POOL-2, TEN-4).

mod add;
mod allocate;
mod turn;

use touchline_domain::{ids::TenantId, sending::resource::ResourceKind};

pub use add::{Added, NewResource, Owner, add};
pub use allocate::{Allocated, Wanted, allocate, included};
pub use turn::{pause, resume, retire};

use crate::{
    pool::{Pooled, ResourcePool},
    ports::PortError,
};

/// The resources of these kinds, of one tenant if one is named.
///
/// # Errors
/// The pool is not available.
pub async fn list<P: ResourcePool>(
    pool: &P,
    kinds: impl IntoIterator<Item = ResourceKind> + Send,
    tenant: Option<&TenantId>,
) -> Result<Vec<Pooled>, PortError> {
    let mut all = Vec::new();
    for kind in kinds.into_iter().collect::<Vec<_>>() {
        all.extend(pool.list(kind).await?);
    }
    all.retain(|pooled| tenant.is_none() || pooled.resource.tenant.as_ref() == tenant);
    Ok(all)
}
