//! Campaigns: the user chooses whom to reach, the system chooses how (SEQ-1).

use touchline_domain::{
    ids::{CampaignId, TenantId},
    sending::{
        campaign::{Campaign, CampaignStatus},
        tenant::Tenant,
    },
};

use super::{
    Actor, Changed, Created, Documents, Versioned,
    document::{self, Which, change},
    tenants::exists,
};
use crate::ports::PortError;

/// Creates a campaign.
///
/// # Errors
/// A port is not available.
pub async fn create<P: Documents<Tenant> + Documents<Campaign>>(
    tenants: &P,
    by: &Actor,
    campaign: Campaign,
) -> Result<Created<Versioned<Campaign>>, PortError> {
    let (tenant, id) = (campaign.tenant.clone(), campaign.id.clone());
    if !exists(tenants, &tenant).await? {
        return Ok(Created::NoSuchTenant);
    }
    let created = document::create(tenants, by, &tenant, &id, campaign).await?;
    Ok(created.map_or(Created::Exists, Created::Created))
}

/// Starts a campaign, or goes on with a paused one; one that is over stays so (SEQ-5).
///
/// # Errors
/// A port is not available.
pub async fn start<P: Documents<Campaign>>(
    tenants: &P,
    by: &Actor,
    tenant: &TenantId,
    id: &CampaignId,
    seen: Option<u64>,
) -> Result<Changed<Versioned<Campaign>>, PortError> {
    let which = Which { tenant, id, seen };
    change(tenants, by, which, to(CampaignStatus::Active)).await
}

/// Pauses a campaign; touches that are queued already are put off (SEQ-5).
///
/// # Errors
/// A port is not available.
pub async fn pause<P: Documents<Campaign>>(
    tenants: &P,
    by: &Actor,
    tenant: &TenantId,
    id: &CampaignId,
    seen: Option<u64>,
) -> Result<Changed<Versioned<Campaign>>, PortError> {
    let which = Which { tenant, id, seen };
    change(tenants, by, which, to(CampaignStatus::Paused)).await
}

fn to(status: CampaignStatus) -> impl Fn(&mut Campaign) -> bool {
    move |campaign| {
        let is_over = campaign.status == CampaignStatus::Completed;
        if !is_over {
            campaign.status = status;
        }
        !is_over
    }
}
