//! Brings resources from one state to another, if nobody else did so first.

use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update};
use touchline_domain::sending::resource::{Resource, ResourceStatus};
use touchline_engine::ports::{PortError, Saved};

use super::{IF_STATUS, Pool, build_error, keys_of};
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
                    writes.push(self.status_update(key, resource.status, *to, TURN)?);
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
        let to = ResourceStatus::Retired;
        let mut writes = vec![self.status_update(primary, resource.status, to, LEAVE)?];
        if let Some(tenant) = &resource.tenant {
            let copy = keys::tenant_resource(tenant, resource.kind, &resource.id);
            let delete = Delete::builder()
                .table_name(self.table.name())
                .set_key(Some(key_of(copy)))
                .condition_expression(IF_STATUS)
                .expression_attribute_names("#status", "status")
                .expression_attribute_values(":from", text(resource.status.to_string()));
            let delete = delete.build().map_err(build_error)?;
            writes.push(TransactWriteItem::builder().delete(delete).build());
        }
        Ok(writes)
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
