//! What is the same for all touches of a campaign, with its history: an invocation may hold a copy that is some
//! seconds old, and the history tells what was in force when.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    ids::{CampaignId, ResourceId, TenantId},
    sending::campaign::CampaignStatus,
};
use touchline_engine::ports::Context;

type Version = (DateTime<Utc>, Arc<Context>);

/// Every version of every campaign's context.
#[derive(Clone, Debug, Default)]
pub struct Contexts(BTreeMap<(TenantId, CampaignId), Vec<Version>>);

impl Contexts {
    /// Adds a campaign.
    pub fn add(&mut self, context: Context, since: DateTime<Utc>) {
        let key = (context.tenant.id.clone(), context.campaign.id.clone());
        self.0.insert(key, vec![(since, Arc::new(context))]);
    }

    /// The campaigns.
    pub fn campaigns(&self) -> impl Iterator<Item = &(TenantId, CampaignId)> {
        self.0.keys()
    }

    /// The version in force at an instant.
    #[must_use]
    pub fn read(
        &self,
        tenant: &TenantId,
        campaign: &CampaignId,
        at: DateTime<Utc>,
    ) -> Option<Arc<Context>> {
        let versions = self.0.get(&(tenant.clone(), campaign.clone()))?;
        let version = versions
            .iter()
            .rev()
            .find(|(since, _)| *since <= at)
            .or_else(|| versions.first())?;
        Some(version.1.clone())
    }

    /// Changes every campaign's context from `now` on.
    pub fn change(&mut self, now: DateTime<Utc>, change: impl Fn(&mut Context)) {
        for versions in self.0.values_mut() {
            let Some((_, last)) = versions.last() else {
                continue;
            };
            let mut next = Context::clone(last);
            change(&mut next);
            versions.push((now, Arc::new(next)));
        }
    }

    /// Since when, without a break, touches of a campaign on a channel from a resource have been held at `at`.
    #[must_use]
    pub fn held_since(
        &self,
        (tenant, campaign): (&TenantId, &CampaignId),
        channel: Channel,
        resource: &ResourceId,
        at: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let held = |context: &Context| {
            context.campaign.status != CampaignStatus::Active
                || context
                    .switches
                    .stopping(tenant, campaign, channel)
                    .is_some()
                || context.switches.stops_resource(resource)
        };
        let versions = self.0.get(&(tenant.clone(), campaign.clone()))?;
        versions
            .iter()
            .rev()
            .skip_while(|(since, _)| *since > at)
            .take_while(|(_, context)| held(context))
            .last()
            .map(|(since, _)| *since)
    }
}
