//! Everything about a campaign.

use rstest::rstest;
use touchline_domain::sending::{
    campaign::CampaignStatus,
    resource::{ResourceKind, ResourceStatus},
    switch::SwitchScope,
};
use touchline_engine::{
    desk::{self, tenants::TenantList as _},
    pool::ResourcePool as _,
    ports::Facts,
};

use crate::{
    desk::{actor, branded, branding, changed, running},
    engine::Engine::{self, Emulator, Rust},
    samples::{self, campaign_id, now, tenant_id},
    schema::Stack,
};

#[rstest]
#[tokio::test]
async fn a_context_holds_what_is_set_up_and_is_kept_for_a_moment(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (tenants, facts, acme) = (stack.tenants(), stack.facts(), tenant_id("acme"));
    assert!(
        facts
            .context(&acme, &campaign_id())
            .await
            .unwrap()
            .is_none()
    );
    assert!(tenants.add(&samples::tenant("acme"), None).await.unwrap());
    let campaign = samples::campaign("acme");
    running(&tenants, &campaign).await;
    let unbranded = facts.context(&acme, &campaign_id()).await.unwrap_err();
    assert!(unbranded.to_string().contains("BRANDING"), "{unbranded}");

    let ops = actor("ops");
    let branded = desk::tenants::brand(&tenants, &ops, &acme, &branding(), None).await;
    changed(branded.unwrap());
    let other = SwitchScope::Tenant(tenant_id("other"));
    desk::switches::pause(&tenants, &ops, &other, "test", now())
        .await
        .unwrap();
    let mut phone = samples::resource("phone-1", ResourceKind::PhoneNumber);
    (phone.tenant, phone.status) = (Some(acme.clone()), ResourceStatus::Assigned);
    stack.pool().add(&phone, now()).await.unwrap();
    let context = facts.context(&acme, &campaign_id()).await.unwrap().unwrap();
    assert_eq!(context.resources, [phone]);
    assert_eq!(context.switches.0.len(), 1);
    assert_eq!(context.campaign, campaign);

    let paused = desk::campaigns::pause(&tenants, &ops, &acme, &campaign_id(), None).await;
    changed(paused.unwrap());
    let kept = facts.context(&acme, &campaign_id()).await.unwrap().unwrap();
    assert_eq!(kept.campaign.status, CampaignStatus::Active);
    let fresh = stack
        .facts()
        .context(&acme, &campaign_id())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(fresh.campaign.status, CampaignStatus::Paused);
}

#[rstest]
#[tokio::test]
async fn invariant_6_two_tenants_with_equal_campaign_ids_share_no_cache_entry(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (tenants, facts) = (stack.tenants(), stack.facts());
    for name in ["acme", "other"] {
        branded(&tenants, name).await;
        running(&tenants, &samples::campaign(name)).await;
    }
    for name in ["acme", "other", "acme"] {
        let context = facts
            .context(&tenant_id(name), &campaign_id())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(context.tenant.id, tenant_id(name));
        assert_eq!(context.campaign.tenant, tenant_id(name));
    }
}
