//! The pool of sending resources. A resource is one item among its kind, a copy under the tenant that it works for, and
//! a look-up from its address; they change together or not at all (POOL-1).

mod allocate;
mod order;
mod reputation;

use aws_sdk_dynamodb::{
    Client,
    types::{TransactWriteItem, Update},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use touchline_domain::{
    ids::{ResourceId, TenantId},
    sending::resource::{Resource, ResourceKind, ResourceStatus},
};
use touchline_engine::ports::{PortError, Saved};

pub use self::allocate::Allocation;
use crate::{
    item::{Item, decode, decode_attribute, encode, key_of, optional_time, required_text, text},
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

/// A resource with what only the pool knows about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pooled {
    /// The resource.
    #[serde(flatten)]
    pub resource: Resource,
    /// When it was given to its tenant; the rate of this is how fast the pool runs dry (POOL-3).
    pub assigned_at: Option<DateTime<Utc>>,
}

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

    /// Adds a resource; `false` when its id or its address is there already.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn add(&self, resource: &Resource, now: DateTime<Utc>) -> Result<bool, PortError> {
        let mut item = encode(
            "resource",
            keys::resource(resource.kind, &resource.id),
            resource,
        )?;
        let mut pointer = key_of(keys::resource_address(&resource.address));
        pointer.insert(POINTED_ID.to_owned(), text(resource.id.as_str()));
        pointer.insert(POINTED_KIND.to_owned(), text(resource.kind.to_string()));
        let mut writes = vec![self.table.transact_put(pointer, Some(IF_NEW))?];
        if let Some(tenant) = &resource.tenant {
            item.insert(
                ASSIGNED_AT.to_owned(),
                crate::item::attribute("resource", &now)?,
            );
            let copy = encode(
                "resource",
                keys::tenant_resource(tenant, resource.kind, &resource.id),
                resource,
            )?;
            writes.push(self.table.transact_put(copy, Some(IF_NEW))?);
        }
        writes.push(self.table.transact_put(item, Some(IF_NEW))?);
        Ok(self.table.transact("resource", writes).await? == Transacted::Committed)
    }

    /// All resources of a kind, in order of id.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn list(&self, kind: ResourceKind) -> Result<Vec<Pooled>, PortError> {
        let items = self
            .table
            .all("resources", &keys::pool(kind), Range::All, Read::Consistent)
            .await?;
        items.into_iter().map(pooled).collect()
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

    /// A resource.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn resource(
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
            .map_err(|_| crate::error::corrupt(WHAT, POINTED_ID, id, "not a resource id"))?;
        match kind {
            Some(kind) => self.resource(kind, &id).await,
            None => Err(crate::error::corrupt(WHAT, POINTED_KIND, "", "missing")),
        }
    }

    /// Moves a resource from the state in `resource` to another one; it stays with its tenant.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn set_status(
        &self,
        resource: &Resource,
        to: ResourceStatus,
    ) -> Result<Saved, PortError> {
        let mut writes = Vec::new();
        for key in keys_of(resource) {
            writes.push(self.status_update(key, resource.status, to, "SET #status = :to")?);
        }
        self.saved(writes).await
    }

    /// Takes a resource from its tenant: back into the pool, or out of it (TEN-5).
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn take_back(
        &self,
        resource: &Resource,
        to: ResourceStatus,
    ) -> Result<Saved, PortError> {
        let expression = "SET #status = :to REMOVE tenant, persona, assigned_at";
        let primary = keys::resource(resource.kind, &resource.id);
        let mut writes = vec![self.status_update(primary, resource.status, to, expression)?];
        if let Some(tenant) = &resource.tenant {
            let copy = keys::tenant_resource(tenant, resource.kind, &resource.id);
            writes.push(self.table.transact_delete(copy)?);
        }
        self.saved(writes).await
    }

    async fn saved(&self, writes: Vec<TransactWriteItem>) -> Result<Saved, PortError> {
        Ok(match self.table.transact("resource", writes).await? {
            Transacted::Committed => Saved::Written,
            Transacted::Refused(_) => Saved::Conflict,
        })
    }

    fn status_update(
        &self,
        key: Key,
        from: ResourceStatus,
        to: ResourceStatus,
        expression: &str,
    ) -> Result<TransactWriteItem, PortError> {
        let update = Update::builder()
            .set_key(Some(key_of(key)))
            .update_expression(expression)
            .condition_expression(IF_STATUS)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":from", text(from.to_string()))
            .expression_attribute_values(":to", text(to.to_string()));
        self.table.transact_update(update)
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
