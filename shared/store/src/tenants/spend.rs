//! What a tenant has spent in a month and what a campaign has spent in all, in micro-units (COST-1). Counted when
//! capacity is taken, and only where somebody set a budget.

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{TransactWriteItem, Update},
};
use chrono::NaiveDate;
use futures::try_join;
use touchline_domain::{
    ids::{CampaignId, TenantId},
    money::Micros,
    sending::{campaign::Campaign, tenant::Tenant},
};
use touchline_engine::ports::PortError;
use touchline_runtime::unique;

use super::Tenants;
use crate::{
    error::unavailable,
    item::{counter, key_of, number, text},
    keys::{self, Key},
    table::{IF_NOT_OURS, Read},
};

/// The amount in both counters.
const SPENT: &str = "spent";

/// What has been spent so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    pub month: Micros,
    pub campaign: Micros,
}

impl Tenants {
    /// Adds `amount` to the month of `date` and to the campaign.
    pub(crate) async fn spend(
        &self,
        tenant: &TenantId,
        campaign: &CampaignId,
        date: NaiveDate,
        amount: Micros,
    ) -> Result<(), PortError> {
        try_join!(
            self.add_to(keys::month_spend(tenant, date), amount),
            self.add_to(keys::campaign_spend(tenant, campaign), amount),
        )?;
        Ok(())
    }

    async fn add_to(&self, key: Key, amount: Micros) -> Result<(), PortError> {
        let added = self
            .table
            .update()?
            .set_key(Some(key_of(key)))
            .update_expression("SET write_token = :token ADD spent :amount")
            .condition_expression(IF_NOT_OURS)
            .expression_attribute_values(":token", text(unique::token()))
            .expression_attribute_values(":amount", number(amount.0))
            .send()
            .await;
        match added {
            // A repetition of ours, whose first answer was lost.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            other => other.map(|_| ()).map_err(unavailable("spend")),
        }
    }

    /// The writes, for a transaction, that take `amount` off the month of `date` and off the campaign.
    pub(crate) fn unspend(
        &self,
        tenant: &TenantId,
        campaign: &CampaignId,
        date: NaiveDate,
        amount: Micros,
    ) -> Result<[TransactWriteItem; 2], PortError> {
        let take_off = |key| {
            let update = Update::builder()
                .set_key(Some(key_of(key)))
                .update_expression("ADD spent :amount")
                .expression_attribute_values(":amount", number(-amount.0));
            self.table.transact_update(update)
        };
        Ok([
            take_off(keys::month_spend(tenant, date))?,
            take_off(keys::campaign_spend(tenant, campaign))?,
        ])
    }

    /// What was spent in the month of `date` and by the campaign; nothing is read for a budget that nobody set.
    pub(crate) async fn spent(
        &self,
        tenant: &Tenant,
        campaign: &Campaign,
        date: NaiveDate,
    ) -> Result<Spent, PortError> {
        let month = async {
            match tenant.monthly_budget {
                Some(_) => self.amount(keys::month_spend(&tenant.id, date)).await,
                None => Ok(Micros::ZERO),
            }
        };
        let whole = async {
            match campaign.budget {
                Some(_) => {
                    self.amount(keys::campaign_spend(&tenant.id, &campaign.id))
                        .await
                }
                None => Ok(Micros::ZERO),
            }
        };
        let (month, campaign) = try_join!(month, whole)?;
        Ok(Spent { month, campaign })
    }

    async fn amount(&self, key: Key) -> Result<Micros, PortError> {
        let item = self
            .table
            .get("spend", key, Read::Eventual)
            .await?
            .unwrap_or_default();
        counter("spend", &item, SPENT).map(Micros)
    }
}

impl Spent {
    /// Whether a budget is used up (GATE-9): at 100 % nothing more goes out.
    pub(crate) fn exhausts(self, tenant: &Tenant, campaign: &Campaign) -> bool {
        tenant
            .monthly_budget
            .is_some_and(|budget| self.month >= budget)
            || campaign
                .budget
                .is_some_and(|budget| self.campaign >= budget)
    }
}
