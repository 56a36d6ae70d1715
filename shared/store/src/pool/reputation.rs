//! The 30 days by which a sender's health is judged (ED-004). Mailboxes answer with their domain's good name.

use aws_sdk_dynamodb::types::{Update, builders::UpdateBuilder};
use touchline_domain::{
    channel::Channel,
    ids::{ResourceId, TenantId},
    sending::{
        resource::{Reputation, Resource, ResourceKind},
        touch::Signal,
    },
};
use touchline_engine::{channel::rules, ports::PortError};

use super::{Pool, keys_of};
use crate::{
    item::{attribute, decode, key_of, number},
    keys::{self, Key},
    table::Read,
};

impl Pool {
    /// Counts a bounce or a complaint against what sent the message. Any other signal, and a resource that the tenant
    /// has no more, counts nothing.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn count_against_sender(
        &self,
        tenant: &TenantId,
        channel: Channel,
        resource: &ResourceId,
        signal: Signal,
    ) -> Result<(), PortError> {
        let expression = match signal {
            Signal::HardBounced => "SET reputation.bounced = reputation.bounced + :one",
            Signal::Complained => "SET reputation.complained = reputation.complained + :one",
            _ => return Ok(()),
        };
        let Some(sender) = self.judged(tenant, channel, resource).await? else {
            return Ok(());
        };
        let mut writes = Vec::new();
        for key in keys_of(&sender) {
            let update = self.existing(key).update_expression(expression);
            writes.push(
                self.table
                    .transact_update(update.expression_attribute_values(":one", number(1)))?,
            );
        }
        self.table.transact("reputation", writes).await.map(|_| ())
    }

    /// Writes the 30 days anew, as the daily reckoning has them.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn set_reputation(
        &self,
        resource: &Resource,
        reputation: &Reputation,
    ) -> Result<(), PortError> {
        let mut writes = Vec::new();
        for key in keys_of(resource) {
            let update = self
                .existing(key)
                .update_expression("SET reputation = :reputation");
            let value = attribute("reputation", reputation)?;
            writes.push(
                self.table
                    .transact_update(update.expression_attribute_values(":reputation", value))?,
            );
        }
        self.table.transact("reputation", writes).await.map(|_| ())
    }

    /// The resource whose health is judged: of a mailbox its domain.
    async fn judged(
        &self,
        tenant: &TenantId,
        channel: Channel,
        resource: &ResourceId,
    ) -> Result<Option<Resource>, PortError> {
        let Some(kind) = rules(channel).sent_by else {
            return Ok(None);
        };
        let sender = self.copy(tenant, kind, resource).await?;
        match sender.as_ref().and_then(|sender| sender.domain.clone()) {
            Some(domain) => self.copy(tenant, ResourceKind::EmailDomain, &domain).await,
            None => Ok(sender),
        }
    }

    async fn copy(
        &self,
        tenant: &TenantId,
        kind: ResourceKind,
        id: &ResourceId,
    ) -> Result<Option<Resource>, PortError> {
        let item = self
            .table
            .get(
                "resource",
                keys::tenant_resource(tenant, kind, id),
                Read::Eventual,
            )
            .await?;
        item.map(|item| decode("resource", item)).transpose()
    }

    fn existing(&self, key: Key) -> UpdateBuilder {
        Update::builder()
            .set_key(Some(key_of(key)))
            .condition_expression("attribute_exists(pk)")
    }
}
