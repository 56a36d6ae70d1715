//! Suppression (SUP-1): one current record an address, and a history that only grows. What one actor did to one address
//! counts once, so an event that is delivered again days later does not suppress anew what START has lifted since (R35).

use aws_sdk_dynamodb::types::{Update, builders::UpdateBuilder};
use serde::{Deserialize, Serialize};
use touchline_domain::{
    contact::AddressHash,
    ids::TenantId,
    sending::{
        Reason,
        suppression::{Superseded, Suppression, SuppressionScope},
    },
};
use touchline_engine::{
    desk::suppression::SuppressionRecords,
    ports::{PortError, Suppressions},
};

use super::{Register, SUPPRESSION, suppression_in};
use crate::{
    item::{attribute, decode, encode, key_of, number},
    keys::{self, Key},
    table::{IF_NEW, Range, Read, Transacted},
};

/// Nobody has suppressed it, or somebody has lifted it since.
const IF_OPEN: &str =
    "attribute_not_exists(suppression) OR attribute_exists(suppression.superseded)";
/// It was suppressed before the lifting, and is not lifted altogether.
const IF_LIFTABLE: &str = "attribute_exists(suppression) AND suppressed_ms <= :ms AND \
    (attribute_not_exists(suppression.superseded) OR attribute_exists(suppression.superseded.channel))";

/// What was done to an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionChange {
    /// It was suppressed.
    Suppressed(Suppression),
    /// A suppression was lifted.
    Lifted(Superseded),
}

impl SuppressionChange {
    /// Names the act, so that it counts once. An event is the same however often it comes; a person who does the same
    /// thing a second time means it.
    fn act(&self) -> String {
        match self {
            Self::Suppressed(record) if record.reason == Reason::Operator => {
                format!("suppressed by {} at {}", record.actor, record.at)
            }
            Self::Suppressed(record) => format!("suppressed by {}", record.actor),
            Self::Lifted(lifted) if lifted.channel.is_none() => {
                format!("lifted by {} at {}", lifted.actor, lifted.at)
            }
            Self::Lifted(lifted) => format!("lifted by {}", lifted.actor),
        }
    }
}

/// One entry of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuppressionEntry {
    /// Which address.
    pub address: AddressHash,
    /// What was done.
    pub change: SuppressionChange,
}

impl Register {
    /// A page of the history of a tenant's suppressions or, without a tenant, of the global ones: for export and for
    /// people (SUP-1). Ordered by address.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn suppression_history(
        &self,
        tenant: Option<&TenantId>,
        from: Option<String>,
        limit: u32,
    ) -> Result<(Vec<SuppressionEntry>, Option<String>), PortError> {
        const WHAT: &str = "history of suppressions";
        let pk = keys::suppression_log(tenant);
        let page = self
            .table
            .page(WHAT, &pk, Range::All, Read::Eventual, Some(limit), from)
            .await?;
        let entries = page
            .items
            .into_iter()
            .map(|item| decode(WHAT, item))
            .collect::<Result<_, _>>()?;
        Ok((entries, page.next))
    }

    /// Lifts a global suppression; the record stays.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn restore_global(
        &self,
        address: &AddressHash,
        lifted: &Superseded,
    ) -> Result<(), PortError> {
        self.lift(None, address, lifted).await
    }

    async fn lift(
        &self,
        tenant: Option<&TenantId>,
        address: &AddressHash,
        lifted: &Superseded,
    ) -> Result<(), PortError> {
        let update = Update::builder()
            .set_key(Some(key_of(current(tenant, address))))
            .update_expression("SET suppression.superseded = :lifted")
            .condition_expression(IF_LIFTABLE)
            .expression_attribute_values(":lifted", attribute("suppression", lifted)?)
            .expression_attribute_values(":ms", number(lifted.at.timestamp_millis()));
        let change = SuppressionChange::Lifted(lifted.clone());
        self.change(tenant, address, change, update).await
    }

    /// Writes the change and its place in the history together. Where the current record does not allow the change,
    /// the history still says that it was asked for.
    async fn change(
        &self,
        tenant: Option<&TenantId>,
        address: &AddressHash,
        change: SuppressionChange,
        update: UpdateBuilder,
    ) -> Result<(), PortError> {
        const WHAT: &str = "suppression";
        let key = keys::suppression_entry(tenant, address, &change.act());
        let entry = encode(
            WHAT,
            key,
            &SuppressionEntry {
                address: address.clone(),
                change,
            },
        )?;
        let writes = vec![
            self.table.transact_put(entry.clone(), Some(IF_NEW))?,
            self.table.transact_update(update)?,
        ];
        match self.table.transact(WHAT, writes).await? {
            Transacted::Committed => Ok(()),
            Transacted::Refused(refused) if refused.contains(&0) => Ok(()),
            Transacted::Refused(_) => self.table.put_if_new(WHAT, entry).await.map(|_| ()),
        }
    }
}

/// The key of the current record.
fn current(tenant: Option<&TenantId>, address: &AddressHash) -> Key {
    match tenant {
        Some(tenant) => keys::suppression(tenant, address),
        None => keys::address(address),
    }
}

impl Suppressions for Register {
    async fn suppress(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        suppression: &Suppression,
    ) -> Result<(), PortError> {
        let tenant = match suppression.scope {
            SuppressionScope::Tenant => Some(tenant),
            SuppressionScope::Global => None,
        };
        let update = Update::builder()
            .set_key(Some(key_of(current(tenant, address))))
            .update_expression("SET #suppression = :record, suppressed_ms = :ms")
            .condition_expression(IF_OPEN)
            .expression_attribute_names("#suppression", SUPPRESSION)
            .expression_attribute_values(":record", attribute("suppression", suppression)?)
            .expression_attribute_values(":ms", number(suppression.at.timestamp_millis()));
        let change = SuppressionChange::Suppressed(suppression.clone());
        self.change(tenant, address, change, update).await
    }

    async fn restore(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        superseded: &Superseded,
    ) -> Result<(), PortError> {
        self.lift(Some(tenant), address, superseded).await
    }
}

impl SuppressionRecords for Register {
    async fn suppression(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
    ) -> Result<Option<Suppression>, PortError> {
        let key = keys::suppression(tenant, address);
        let item = self.table.get("suppression", key, Read::Consistent).await?;
        suppression_in(&item.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use touchline_domain::channel::Channel;

    use super::*;

    #[test]
    fn an_entry_of_the_history_comes_back_as_it_was_written() {
        let address = super::super::hash_of(&"+61412345678".parse().unwrap());
        let at = crate::samples::now();
        let changes = [
            SuppressionChange::Suppressed(Suppression {
                scope: SuppressionScope::Tenant,
                reason: Reason::OptedOut,
                at,
                actor: "event-1".into(),
                superseded: None,
            }),
            SuppressionChange::Lifted(Superseded {
                at,
                actor: "event-2".into(),
                channel: Some(Channel::Sms),
            }),
        ];
        for change in changes {
            let entry = SuppressionEntry {
                address: address.clone(),
                change,
            };
            let key = keys::suppression_entry(None, &address, "event-1");
            let item = encode("suppression", key, &entry).unwrap();
            assert_eq!(
                decode::<SuppressionEntry>("suppression", item).unwrap(),
                entry
            );
        }
    }
}
