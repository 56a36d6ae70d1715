//! The pool of sending resources. A resource is one item among its kind, a copy under the tenant that it works for, and
//! a look-up from its address; they change together or not at all (POOL-1).

mod give;
mod reputation;
mod turn;

use aws_sdk_dynamodb::{
    Client,
    types::{ConditionCheck, TransactWriteItem},
};
use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::{ResourceId, TenantId},
    sending::resource::{Resource, ResourceKind, ResourceStatus},
};
use touchline_engine::{
    pool::{Adding, Pooled, ResourcePool},
    ports::{PortError, Saved},
};

use crate::{
    error::corrupt,
    item::{
        Item, attribute, decode, decode_attribute, encode, key_of, optional_time, required_text,
        text, version_of,
    },
    keys::{self, Key},
    names::Given,
    table::{IF_NEW, Range, Read, Table, Transacted, of},
};

/// When a resource was given to its tenant.
const ASSIGNED_AT: &str = "assigned_at";
/// The resource that an address belongs to.
const POINTED_ID: &str = "resource";
/// Its kind.
const POINTED_KIND: &str = "kind";
/// The state is still the one that was read.
const IF_STATUS: &str = "#status = :from";

/// Access to the pool table.
#[derive(Clone, Debug)]
pub struct Pool {
    table: Table<of::Pool>,
}

impl Pool {
    /// The table called `table`; a function that was not given it has none.
    #[must_use]
    pub fn new(db: Client, table: impl Into<Given>) -> Self {
        Self {
            table: Table::new(db, table),
        }
    }

    /// A tenant's resources of every kind and in every state.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn of_tenant(&self, tenant: &TenantId) -> Result<Vec<Resource>, PortError> {
        let items = self
            .table
            .all(
                "resources",
                &keys::resources(tenant),
                Range::All,
                Read::Eventual,
            )
            .await?;
        items
            .into_iter()
            .map(|item| decode("resource", item))
            .collect()
    }

    /// The resource that has one of our own addresses: to whom did this reply come?
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn by_address(&self, address: &str) -> Result<Option<Pooled>, PortError> {
        const WHAT: &str = "address of a resource";
        let key = keys::resource_address(address);
        let Some(pointer) = self.table.get(WHAT, key, Read::Eventual).await? else {
            return Ok(None);
        };
        let kind = pointer
            .get(POINTED_KIND)
            .map(|value| decode_attribute(WHAT, POINTED_KIND, value))
            .transpose()?;
        let id = required_text(WHAT, &pointer, POINTED_ID)?;
        let id = id
            .parse()
            .map_err(|_| corrupt(WHAT, POINTED_ID, id, "not a resource id"))?;
        match kind {
            Some(kind) => self.resource(kind, &id).await,
            None => Err(corrupt(WHAT, POINTED_KIND, "", "missing")),
        }
    }
}

impl ResourcePool for Pool {
    async fn list(&self, kind: ResourceKind) -> Result<Vec<Pooled>, PortError> {
        let items = self
            .table
            .all("resources", &keys::pool(kind), Range::All, Read::Consistent)
            .await?;
        items.into_iter().map(pooled).collect()
    }

    async fn resource(
        &self,
        kind: ResourceKind,
        id: &ResourceId,
    ) -> Result<Option<Pooled>, PortError> {
        let item = self
            .table
            .get("resource", keys::resource(kind, id), Read::Consistent)
            .await?;
        item.map(pooled).transpose()
    }

    async fn add(&self, resource: &Resource, now: DateTime<Utc>) -> Result<Adding, PortError> {
        const WHAT: &str = "resource";
        let mut item = encode(WHAT, keys::resource(resource.kind, &resource.id), resource)?;
        let mut pointer = key_of(keys::resource_address(&resource.address));
        pointer.insert(POINTED_ID.to_owned(), text(resource.id.as_str()));
        pointer.insert(POINTED_KIND.to_owned(), text(resource.kind.to_string()));
        let mut writes = vec![self.table.transact_put(pointer, Some(IF_NEW))?];
        if let Some(tenant) = &resource.tenant {
            item.insert(ASSIGNED_AT.to_owned(), attribute(WHAT, &now)?);
            let key = keys::tenant_resource(tenant, resource.kind, &resource.id);
            let copy = encode(WHAT, key, resource)?;
            writes.push(self.table.transact_put(copy, Some(IF_NEW))?);
        }
        writes.push(self.table.transact_put(item, Some(IF_NEW))?);
        let domain = writes.len();
        writes.extend(self.domain_check(resource)?);
        Ok(match self.table.transact(WHAT, writes).await? {
            Transacted::Committed => Adding::Added,
            Transacted::Refused(at) if at == [domain] => Adding::NoSuchDomain,
            Transacted::Refused(_) => Adding::Exists,
        })
    }

    async fn turn(&self, resources: &[(Resource, ResourceStatus)]) -> Result<Saved, PortError> {
        self.turn_all(resources).await
    }

    async fn allocations(&self, tenant: &TenantId) -> Result<u64, PortError> {
        const WHAT: &str = "allocation";
        let key = keys::allocation(tenant);
        let item = self.table.get(WHAT, key, Read::Consistent).await?;
        version_of(WHAT, &item.unwrap_or_default())
    }

    async fn give(
        &self,
        tenant: &TenantId,
        resources: &[Resource],
        allocations: u64,
        now: DateTime<Utc>,
    ) -> Result<Saved, PortError> {
        self.give_all(tenant, resources, allocations, now).await
    }
}

impl Pool {
    /// The domain that a mailbox names is in the same hands and in the same state as the mailbox.
    fn domain_check(&self, resource: &Resource) -> Result<Option<TransactWriteItem>, PortError> {
        let Some(domain) = &resource.domain else {
            return Ok(None);
        };
        let check = ConditionCheck::builder()
            .set_key(Some(key_of(keys::resource(
                ResourceKind::EmailDomain,
                domain,
            ))))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", text(resource.status.to_string()));
        let check = match &resource.tenant {
            Some(tenant) => check
                .condition_expression("#status = :status AND tenant = :tenant")
                .expression_attribute_values(":tenant", text(tenant.as_str())),
            None => {
                check.condition_expression("#status = :status AND attribute_not_exists(tenant)")
            }
        };
        self.table.transact_check(check).map(Some)
    }
}

/// The item among its kind and, if it works for a tenant, the copy.
fn keys_of(resource: &Resource) -> Vec<Key> {
    let copy = resource
        .tenant
        .as_ref()
        .map(|tenant| keys::tenant_resource(tenant, resource.kind, &resource.id));
    std::iter::once(keys::resource(resource.kind, &resource.id))
        .chain(copy)
        .collect()
}

fn pooled(item: Item) -> Result<Pooled, PortError> {
    let assigned_at = optional_time("resource", &item, ASSIGNED_AT)?;
    Ok(Pooled {
        resource: decode("resource", item)?,
        assigned_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_resource_comes_back_as_it_was_written() {
        let mut resource = samples::resource("m1", ResourceKind::Mailbox);
        resource.status = ResourceStatus::Assigned;
        resource.reputation.sent = 1_000;
        resource.tenant = Some("acme".parse().unwrap());
        resource.domain = Some("d1".parse().unwrap());
        let item = encode(
            "resource",
            keys::resource(resource.kind, &resource.id),
            &resource,
        )
        .unwrap();
        let back = pooled(item).unwrap();
        assert_eq!(back.resource, resource);
        assert_eq!(back.assigned_at, None);
        assert_eq!(keys_of(&resource).len(), 2);
    }
}
