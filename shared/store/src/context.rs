//! Everything that is the same for all touches of a campaign, read at once and kept for a few seconds. Refuses a tenant
//! without branding: the law wants a name and an address in every message (R9, R32).

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::try_join;
use touchline_domain::{
    contact::{AddressHash, E164},
    ids::{CampaignId, TenantId},
};
use touchline_engine::ports::{AddressFacts, CONTEXT_MAX_AGE_SECS, Context, Facts, PortError};
use touchline_runtime::{cache::TtlCache, clock::Clock};

use crate::{error::corrupt, pool::Pool, register::Register, tenants::Tenants};

type Kept = TtlCache<(TenantId, CampaignId), Arc<Context>>;

/// Reads what the gate needs besides the journey.
#[derive(Clone, Debug)]
pub struct CampaignFacts {
    tenants: Tenants,
    pool: Pool,
    register: Register,
    clock: Clock,
    kept: Arc<Kept>,
}

impl CampaignFacts {
    /// Over these tables. The clock says which month's spending counts.
    #[must_use]
    pub fn new(tenants: Tenants, pool: Pool, register: Register, clock: Clock) -> Self {
        let kept = Arc::new(TtlCache::new(Duration::from_secs(CONTEXT_MAX_AGE_SECS)));
        Self {
            tenants,
            pool,
            register,
            clock,
            kept,
        }
    }

    async fn read(
        &self,
        tenant_id: &TenantId,
        campaign_id: &CampaignId,
        now: DateTime<Utc>,
    ) -> Result<Option<Context>, PortError> {
        let (tenant, campaign, branding, personas, resources, switches) = try_join!(
            self.tenants.tenant(tenant_id),
            self.tenants.campaign(tenant_id, campaign_id),
            self.tenants.branding(tenant_id),
            self.tenants.personas(tenant_id),
            self.pool.of_tenant(tenant_id),
            self.tenants.switches(),
        )?;
        let Some((tenant, campaign)) = tenant.zip(campaign) else {
            return Ok(None);
        };
        let branding = branding.ok_or_else(|| {
            corrupt(
                "tenant",
                "BRANDING",
                "",
                "a tenant needs its branding to send",
            )
        })?;
        let today = tenant.zone.local(now).date();
        let budget_spent = self
            .tenants
            .spent(&tenant, &campaign, today)
            .await?
            .exhausts(&tenant, &campaign);
        Ok(Some(Context {
            tenant,
            campaign,
            branding,
            personas,
            resources,
            switches,
            budget_spent,
        }))
    }
}

impl Facts for CampaignFacts {
    async fn context(
        &self,
        tenant: &TenantId,
        campaign: &CampaignId,
    ) -> Result<Option<Arc<Context>>, PortError> {
        let key = (tenant.clone(), campaign.clone());
        if let Some(context) = self.kept.get(&key) {
            return Ok(Some(context));
        }
        let began = self.kept.begin();
        let Some(context) = self.read(tenant, campaign, self.clock.now()).await? else {
            return Ok(None);
        };
        let context = Arc::new(context);
        self.kept.put(key, Arc::clone(&context), began);
        Ok(Some(context))
    }

    async fn address(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        number: Option<&E164>,
    ) -> Result<AddressFacts, PortError> {
        self.register.facts(tenant, address, number).await
    }
}
