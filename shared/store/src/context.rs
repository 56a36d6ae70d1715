//! The context of a campaign: what is the same for all its touches. Kept for a few seconds, so that a batch of touches
//! costs one reading; never longer than a kill switch may take to act (SEQ-5).

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use touchline_domain::ids::{CampaignId, TenantId};
use touchline_engine::ports::{CONTEXT_MAX_AGE_SECS, Context, PortError};
use touchline_runtime::{cache::TtlCache, clock::Clock};

use crate::{error::corrupt, pool::Pool, tenants::Tenants};

/// Contexts by campaign.
#[derive(Debug)]
pub(crate) struct Contexts {
    known: TtlCache<(TenantId, CampaignId), Arc<Context>>,
    clock: Clock,
}

impl Contexts {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { known: TtlCache::new(Duration::from_secs(CONTEXT_MAX_AGE_SECS)), clock }
    }

    pub(crate) async fn of(
        &self,
        tenants: &Tenants,
        pool: &Pool,
        tenant: &TenantId,
        campaign: &CampaignId,
    ) -> Result<Option<Arc<Context>>, PortError> {
        let key = (tenant.clone(), campaign.clone());
        if let Some(context) = self.known.get(&key) {
            return Ok(Some(context));
        }
        let began = self.known.begin();
        let context = read(tenants, pool, tenant, campaign, self.clock.now()).await?.map(Arc::new);
        if let Some(context) = &context {
            self.known.put(key, Arc::clone(context), began);
        }
        Ok(context)
    }
}

async fn read(
    tenants: &Tenants,
    pool: &Pool,
    tenant: &TenantId,
    campaign: &CampaignId,
    now: DateTime<Utc>,
) -> Result<Option<Context>, PortError> {
    let (settings, campaign, branding, personas, resources, switches) = futures::try_join!(
        tenants.tenant(tenant),
        tenants.campaign(tenant, campaign),
        tenants.branding(tenant),
        tenants.personas(tenant),
        pool.of_tenant(tenant),
        tenants.switches(),
    )?;
    let (Some(settings), Some(campaign)) = (settings, campaign) else { return Ok(None) };
    let branding = branding.ok_or_else(|| corrupt("tenant", "BRANDING", tenant.as_str(), "there is no branding"))?;
    let today = now.with_timezone(&settings.zone).date_naive();
    let spent = tenants.spent(&settings, &campaign, today).await?;
    let budget_spent = spent.exhausts(&settings, &campaign);
    Ok(Some(Context { tenant: settings, campaign, branding, personas, resources, switches, budget_spent }))
}
