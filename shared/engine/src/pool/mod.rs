//! The pool of sending resources: what it holds, whether it lasts, and in which order it is given out (POOL-1..POOL-3).
//! Buys and allocates nothing; that is a person's act (`desk::pool`).

mod check;
pub(crate) mod order;

use std::future::Future;

use chrono::{DateTime, Utc};
use serde::Serialize;
use touchline_domain::{
    ids::{ResourceId, TenantId},
    sending::resource::{Resource, ResourceKind, ResourceStatus},
};

pub use check::{Report, check};

use crate::ports::{PortError, Saved};

/// A resource with what only the pool knows about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pooled {
    /// The resource.
    #[serde(flatten)]
    pub resource: Resource,
    /// When it was given to its tenant; the rate of this is how fast the pool runs dry (POOL-3).
    pub assigned_at: Option<DateTime<Utc>>,
}

/// The answer to adding a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adding {
    /// It is in the pool.
    Added,
    /// Its id or its address is there already.
    Exists,
    /// The domain that it names is not there, works for another tenant, or is not in use.
    NoSuchDomain,
}

/// Where resources are kept.
pub trait ResourcePool: Sync {
    /// All resources of a kind, in order of id, read consistently.
    fn list(
        &self,
        kind: ResourceKind,
    ) -> impl Future<Output = Result<Vec<Pooled>, PortError>> + Send;

    /// One resource, read consistently.
    fn resource(
        &self,
        kind: ResourceKind,
        id: &ResourceId,
    ) -> impl Future<Output = Result<Option<Pooled>, PortError>> + Send;

    /// Adds a resource under its id and its address. The domain that it names has to be in the same hands and in the same
    /// state at that moment.
    fn add(
        &self,
        resource: &Resource,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Adding, PortError>> + Send;

    /// Brings each resource from the state that it has here to the one beside it, all of them or none. One that is retired
    /// leaves its tenant.
    fn turn(
        &self,
        resources: &[(Resource, ResourceStatus)],
    ) -> impl Future<Output = Result<Saved, PortError>> + Send;

    /// How often this tenant was given something.
    fn allocations(&self, tenant: &TenantId)
    -> impl Future<Output = Result<u64, PortError>> + Send;

    /// Gives resources to a tenant, all or none: each has to be available still, and the tenant to have been given
    /// something `allocations` times, so that two who allocate at once do not fill one gap twice.
    fn give(
        &self,
        tenant: &TenantId,
        resources: &[Resource],
        allocations: u64,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Saved, PortError>> + Send;
}
