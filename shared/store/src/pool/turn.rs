//! Brings resources from one state to another, if nobody else did so first.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use touchline_domain::sending::resource::{Resource, ResourceStatus};
use touchline_engine::ports::{PortError, Saved};

use super::{IF_STATUS, Pool, keys_of};
use crate::{
    item::{key_of, text},
    keys::{self, Key},
    table::Transacted,
};

/// The state and nothing else.
const TURN: &str = "SET #status = :to";
/// It works for nobody any more.
const LEAVE: &str = "SET #status = :to REMOVE tenant, persona, assigned_at";

impl Pool {
    /// Writes all changes of state in one transaction; a resource that is retired leaves its tenant.
    pub(super) async fn turn_all(
        &self,
        resources: &[(Resource, ResourceStatus)],
    ) -> Result<Saved, PortError> {
        let mut writes = Vec::new();
        for (resource, to) in resources {
            if *to == ResourceStatus::Retired {
                writes.extend(self.retire(resource)?);
            } else {
                for key in keys_of(resource) {
                    writes.push(self.update_of(resource, key, *to, TURN)?);
                }
            }
        }
        Ok(match self.table.transact("resource", writes).await? {
            Transacted::Committed => Saved::Written,
            Transacted::Refused(_) => Saved::Conflict,
        })
    }

    fn retire(&self, resource: &Resource) -> Result<Vec<TransactWriteItem>, PortError> {
        let primary = keys::resource(resource.kind, &resource.id);
        let mut writes = vec![self.update_of(resource, primary, ResourceStatus::Retired, LEAVE)?];
        if let Some(tenant) = &resource.tenant {
            let copy = keys::tenant_resource(tenant, resource.kind, &resource.id);
            writes.push(self.table.transact_delete(copy)?);
        }
        Ok(writes)
    }

    /// An update of the resource or of its copy, if it is still in that state and in those hands.
    fn update_of(
        &self,
        resource: &Resource,
        key: Key,
        to: ResourceStatus,
        expression: &str,
    ) -> Result<TransactWriteItem, PortError> {
        let update = Update::builder()
            .set_key(Some(key_of(key)))
            .update_expression(expression)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":from", text(resource.status.to_string()))
            .expression_attribute_values(":to", text(to.to_string()));
        self.table.transact_update(match &resource.tenant {
            Some(tenant) => update
                .condition_expression(format!("{IF_STATUS} AND tenant = :tenant"))
                .expression_attribute_values(":tenant", text(tenant.as_str())),
            None => {
                update.condition_expression(format!("{IF_STATUS} AND attribute_not_exists(tenant)"))
            }
        })
    }
}
