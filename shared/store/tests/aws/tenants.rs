//! Tenants and what they set up.

use rstest::rstest;
use touchline_domain::sending::switch::{SwitchRecord, SwitchScope};
use touchline_store::tenants::{Upload, UploadStatus};

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{campaign, campaign_id, now, tenant, tenant_id},
    schema::Stack,
};

#[rstest]
#[tokio::test]
async fn a_tenant_is_created_once_and_listed(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let tenants = stack.tenants();
    assert!(tenants.create(&tenant("acme")).await.unwrap());
    let mut changed = tenant("acme");
    changed.manual_mode = true;
    assert!(!tenants.create(&changed).await.unwrap());
    assert!(
        !tenants
            .tenant(&tenant_id("acme"))
            .await
            .unwrap()
            .unwrap()
            .manual_mode
    );
    tenants.put(&changed).await.unwrap();
    assert!(
        tenants
            .tenant(&tenant_id("acme"))
            .await
            .unwrap()
            .unwrap()
            .manual_mode
    );
    tenants.create(&tenant("beta")).await.unwrap();
    assert_eq!(
        tenants.list().await.unwrap(),
        [tenant_id("acme"), tenant_id("beta")]
    );
}

#[rstest]
#[tokio::test]
async fn campaigns_are_listed_for_their_tenant_only(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let tenants = stack.tenants();
    tenants.put_campaign(&campaign("acme")).await.unwrap();
    assert_eq!(
        tenants.campaigns(&tenant_id("acme")).await.unwrap(),
        [campaign("acme")]
    );
    assert!(
        tenants
            .campaigns(&tenant_id("acme-2"))
            .await
            .unwrap()
            .is_empty()
    );
}

#[rstest]
#[tokio::test]
async fn seq_5_switches_are_turned_on_and_off_one_by_one(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let tenants = stack.tenants();
    let record = |actor: &str| SwitchRecord {
        at: now(),
        actor: actor.into(),
        reason: "test".into(),
    };
    let campaign = SwitchScope::Campaign(tenant_id("acme"), campaign_id());
    assert!(tenants.switches().await.unwrap().0.is_empty());
    tenants
        .switch_on(&SwitchScope::Platform, &record("ana"))
        .await
        .unwrap();
    tenants.switch_on(&campaign, &record("ben")).await.unwrap();
    assert_eq!(tenants.switches().await.unwrap().0.len(), 2);
    tenants.switch_off(&SwitchScope::Platform).await.unwrap();
    tenants.switch_off(&SwitchScope::Platform).await.unwrap();
    let on = tenants.switches().await.unwrap().0;
    assert_eq!(
        on.into_iter().collect::<Vec<_>>(),
        [(campaign, record("ben"))]
    );
}

#[rstest]
#[tokio::test]
async fn the_campaign_chosen_for_an_upload_outlives_its_progress(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (tenants, acme) = (stack.tenants(), tenant_id("acme"));
    let upload = "u1".parse().unwrap();
    tenants
        .choose_campaign(&acme, &upload, &campaign_id())
        .await
        .unwrap();
    assert_eq!(
        tenants.chosen_campaign(&acme, &upload).await.unwrap(),
        Some(campaign_id())
    );
    let progress = Upload {
        id: upload.clone(),
        tenant: acme.clone(),
        key: "team_acme/imports/u1/leads.csv".into(),
        status: UploadStatus::Running,
        campaign: None,
        rows: 10,
        created: 7,
        merged: 2,
        rejected: 1,
        problem: None,
        started_at: now(),
        finished_at: None,
    };
    tenants.put_upload(&progress).await.unwrap();
    let stored = tenants.upload(&acme, &upload).await.unwrap().unwrap();
    assert_eq!(
        stored,
        Upload {
            campaign: Some(campaign_id()),
            ..progress
        }
    );
    assert_eq!(tenants.uploads(&acme).await.unwrap().len(), 1);
}
