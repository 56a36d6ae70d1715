//! What a tenant uploads.

use rstest::rstest;
use touchline_store::tenants::{Upload, UploadStatus};

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{campaign_id, now, tenant_id},
    schema::Stack,
};

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
