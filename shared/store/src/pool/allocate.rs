//! Giving resources to a tenant: all of what is missing or nothing, and no resource twice, however many allocations run
//! at once (POOL-2). It brings a tenant up to what its tier includes, so that a repeated payment gives nothing more.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::TenantId,
    sending::resource::{Resource, ResourceKind, ResourceStatus},
};
use touchline_engine::ports::PortError;

use super::{ASSIGNED_AT, IF_STATUS, Pool, order::by_preference};
use crate::{
    error::{Incomplete, incomplete},
    item::{attribute, counter, encode, key_of, number, text},
    keys,
    table::{Read, Transacted},
};

/// Others who allocate at the same moment make it choose again this often.
const TRIES: usize = 8;
/// A transaction holds 100 writes: two for each resource and one for the tenant's guard.
const MOST_AT_ONCE: usize = 49;

/// How an allocation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// The tenant has everything; these are new, domains with their mailboxes.
    Allocated(Vec<Resource>),
    /// Nothing was given, because of one kind there is not enough.
    Short {
        /// Which kind.
        kind: ResourceKind,
        /// How many are missing to what was wanted.
        missing: usize,
    },
}

impl Pool {
    /// Gives `tenant` what it lacks to have `wanted` of each kind. Mailboxes come with their domain and are not asked
    /// for by themselves.
    ///
    /// # Errors
    /// [`PortError`]; also when more than 49 resources would be given at once.
    pub async fn allocate(
        &self,
        tenant: &TenantId,
        wanted: &BTreeMap<ResourceKind, usize>,
        now: DateTime<Utc>,
    ) -> Result<Allocation, PortError> {
        for _ in 0..TRIES {
            let guard = self.guard(tenant).await?;
            let mut chosen = Vec::new();
            for (kind, wanted) in wanted
                .iter()
                .filter(|(kind, _)| **kind != ResourceKind::Mailbox)
            {
                match self.choose(tenant, *kind, *wanted, now).await? {
                    Ok(more) => chosen.extend(more),
                    Err(missing) => {
                        return Ok(Allocation::Short {
                            kind: *kind,
                            missing,
                        });
                    }
                }
            }
            if chosen.is_empty() {
                return Ok(Allocation::Allocated(chosen));
            }
            if chosen.len() > MOST_AT_ONCE {
                return Err(incomplete("allocation", Incomplete::Refused(chosen.len())));
            }
            if let Some(given) = self.give(tenant, chosen, guard, now).await? {
                return Ok(Allocation::Allocated(given));
            }
        }
        Err(incomplete("allocation", Incomplete::Contended))
    }

    /// How often this tenant was given something. It stands in the same transaction, so that two allocations for one
    /// tenant do not both fill the same gap.
    async fn guard(&self, tenant: &TenantId) -> Result<i64, PortError> {
        let item = self
            .table
            .get("allocation", keys::allocation(tenant), Read::Consistent)
            .await?;
        counter("allocation", &item.unwrap_or_default(), "version")
    }

    /// The best of what is available, or how many are missing.
    async fn choose(
        &self,
        tenant: &TenantId,
        kind: ResourceKind,
        wanted: usize,
        now: DateTime<Utc>,
    ) -> Result<Result<Vec<Resource>, usize>, PortError> {
        let all: Vec<Resource> = self
            .list(kind)
            .await?
            .into_iter()
            .map(|pooled| pooled.resource)
            .collect();
        let has = all
            .iter()
            .filter(|r| r.tenant.as_ref() == Some(tenant))
            .count();
        let lacks = wanted.saturating_sub(has);
        let mut available: Vec<Resource> = all.into_iter().filter(is_available).collect();
        if available.len() < lacks {
            return Ok(Err(lacks - available.len()));
        }
        let today = now.date_naive();
        available.sort_by(|a, b| by_preference(a, b, today));
        available.truncate(lacks);
        if kind == ResourceKind::EmailDomain && !available.is_empty() {
            let mailboxes = self
                .list(ResourceKind::Mailbox)
                .await?
                .into_iter()
                .map(|pooled| pooled.resource);
            let of_chosen: Vec<Resource> = mailboxes
                .filter(|m| {
                    is_available(m) && available.iter().any(|d| m.domain.as_ref() == Some(&d.id))
                })
                .collect();
            available.extend(of_chosen);
        }
        Ok(Ok(available))
    }

    /// `None` when somebody else was faster.
    async fn give(
        &self,
        tenant: &TenantId,
        chosen: Vec<Resource>,
        guard: i64,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<Resource>>, PortError> {
        let mut writes = vec![self.guard_update(tenant, guard)?];
        let mut given = Vec::with_capacity(chosen.len());
        for resource in chosen {
            writes.push(self.assign_update(tenant, &resource, now)?);
            let resource = Resource {
                tenant: Some(tenant.clone()),
                status: ResourceStatus::Assigned,
                ..resource
            };
            let key = keys::tenant_resource(tenant, resource.kind, &resource.id);
            writes.push(
                self.table
                    .transact_put(encode("resource", key, &resource)?, None)?,
            );
            given.push(resource);
        }
        let committed = self.table.transact("allocation", writes).await? == Transacted::Committed;
        Ok(committed.then_some(given))
    }

    fn guard_update(&self, tenant: &TenantId, seen: i64) -> Result<TransactWriteItem, PortError> {
        let values = HashMap::from([
            (":seen".to_owned(), number(seen)),
            (":next".to_owned(), number(seen + 1)),
        ]);
        let update = Update::builder()
            .set_key(Some(key_of(keys::allocation(tenant))))
            .update_expression("SET #version = :next")
            .condition_expression("attribute_not_exists(#version) OR #version = :seen")
            .expression_attribute_names("#version", "version")
            .set_expression_attribute_values(Some(values));
        self.table.transact_update(update)
    }

    fn assign_update(
        &self,
        tenant: &TenantId,
        resource: &Resource,
        now: DateTime<Utc>,
    ) -> Result<TransactWriteItem, PortError> {
        let update = Update::builder()
            .set_key(Some(key_of(keys::resource(resource.kind, &resource.id))))
            .update_expression("SET #status = :to, #tenant = :tenant, #assigned = :now")
            .condition_expression(format!("{IF_STATUS} AND attribute_not_exists(#tenant)"))
            .expression_attribute_names("#status", "status")
            .expression_attribute_names("#tenant", "tenant")
            .expression_attribute_names("#assigned", ASSIGNED_AT)
            .expression_attribute_values(":from", text(ResourceStatus::Available.to_string()))
            .expression_attribute_values(":to", text(ResourceStatus::Assigned.to_string()))
            .expression_attribute_values(":tenant", text(tenant.as_str()))
            .expression_attribute_values(":now", attribute("resource", &now)?);
        self.table.transact_update(update)
    }
}

fn is_available(resource: &Resource) -> bool {
    resource.status == ResourceStatus::Available && resource.tenant.is_none()
}
