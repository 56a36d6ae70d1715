//! Gives resources to a tenant, all of them or none (POOL-2). Which ones is decided in the engine.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::TenantId,
    sending::resource::{Resource, ResourceStatus},
};
use touchline_engine::ports::{PortError, Saved};

use super::{ASSIGNED_AT, IF_STATUS, Pool};
use crate::{
    error::{Incomplete, incomplete},
    item::{attribute, encode, key_of, number, text},
    keys,
    table::Transacted,
};

/// A transaction holds 100 writes: two for each resource and one for the tenant's guard.
const MOST_AT_ONCE: usize = 49;

impl Pool {
    /// Each resource has to be available still, and the tenant's guard to stand where it stood.
    pub(super) async fn give_all(
        &self,
        tenant: &TenantId,
        resources: &[Resource],
        guard: u64,
        now: DateTime<Utc>,
    ) -> Result<Saved, PortError> {
        if resources.len() > MOST_AT_ONCE {
            return Err(incomplete(
                "allocation",
                Incomplete::Refused(resources.len()),
            ));
        }
        let mut writes = vec![self.guard_update(tenant, guard)?];
        for resource in resources {
            writes.push(self.assign_update(tenant, resource, now)?);
            let given = Resource {
                tenant: Some(tenant.clone()),
                status: ResourceStatus::Assigned,
                ..resource.clone()
            };
            let key = keys::tenant_resource(tenant, resource.kind, &resource.id);
            writes.push(
                self.table
                    .transact_put(encode("resource", key, &given)?, None)?,
            );
        }
        Ok(match self.table.transact("allocation", writes).await? {
            Transacted::Committed => Saved::Written,
            Transacted::Refused(_) => Saved::Conflict,
        })
    }

    fn guard_update(&self, tenant: &TenantId, seen: u64) -> Result<TransactWriteItem, PortError> {
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
