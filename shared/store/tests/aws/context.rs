//! Everything about a campaign.

use rstest::rstest;
use touchline_domain::{
    message::persona::Branding,
    sending::{
        campaign::CampaignStatus,
        resource::{ResourceKind, ResourceStatus},
        switch::{SwitchRecord, SwitchScope},
    },
};
use touchline_engine::ports::Facts;

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{self, campaign_id, now, tenant_id},
    schema::Stack,
};

pub fn branding() -> Branding {
    let stored = serde_json::json!({ "company": "Acme", "postal_address": "1 Example Street, Sydney NSW 2000" });
    serde_json::from_value(stored).unwrap()
}

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
    tenants.create(&samples::tenant("acme")).await.unwrap();
    let mut campaign = samples::campaign("acme");
    tenants.put_campaign(&campaign).await.unwrap();
    let unbranded = facts.context(&acme, &campaign_id()).await.unwrap_err();
    assert!(unbranded.to_string().contains("BRANDING"), "{unbranded}");

    tenants.put_branding(&acme, &branding()).await.unwrap();
    let record = SwitchRecord {
        at: now(),
        actor: "ops".into(),
        reason: "test".into(),
    };
    tenants
        .switch_on(&SwitchScope::Tenant(tenant_id("other")), &record)
        .await
        .unwrap();
    let mut phone = samples::resource("phone-1", ResourceKind::PhoneNumber);
    (phone.tenant, phone.status) = (Some(acme.clone()), ResourceStatus::Assigned);
    stack.pool().add(&phone, now()).await.unwrap();
    let context = facts.context(&acme, &campaign_id()).await.unwrap().unwrap();
    assert_eq!(context.resources, [phone]);
    assert_eq!(context.switches.0.len(), 1);
    assert_eq!(context.campaign, campaign);

    campaign.status = CampaignStatus::Paused;
    tenants.put_campaign(&campaign).await.unwrap();
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
        tenants.create(&samples::tenant(name)).await.unwrap();
        tenants
            .put_branding(&tenant_id(name), &branding())
            .await
            .unwrap();
        tenants
            .put_campaign(&samples::campaign(name))
            .await
            .unwrap();
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
