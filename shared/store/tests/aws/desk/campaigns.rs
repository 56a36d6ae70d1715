//! Campaigns.

use std::sync::Mutex;

use futures::future::join_all;
use rstest::rstest;
use touchline_domain::{
    ids::{CampaignId, TenantId},
    sending::campaign::{Campaign, CampaignStatus},
};
use touchline_engine::{
    desk::{Changed, Created, Documents, Versioned, campaigns},
    ports::{PortError, Saved},
};
use touchline_store::tenants::Tenants;

use super::{actor, branded, changed, running};
use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{campaign, campaign_id, tenant_id},
    schema::Stack,
};

async fn stored(store: &Tenants) -> Versioned<Campaign> {
    let read = Documents::<Campaign>::read(store, &tenant_id("acme"), &campaign_id()).await;
    read.unwrap().unwrap()
}

/// Campaigns into which somebody else writes a name right after they were read.
struct Raced<'a> {
    store: &'a Tenants,
    name: Mutex<Option<&'static str>>,
}

impl Documents<Campaign> for Raced<'_> {
    async fn read(
        &self,
        tenant: &TenantId,
        id: &CampaignId,
    ) -> Result<Option<Versioned<Campaign>>, PortError> {
        let read = Documents::<Campaign>::read(self.store, tenant, id).await?;
        let name = self.name.lock().unwrap().take();
        if let (Some(read), Some(name)) = (&read, name) {
            let named = Campaign {
                name: name.into(),
                ..read.value.clone()
            };
            let written = self
                .store
                .write(tenant, id, &named, Some(read.version))
                .await?;
            assert_eq!(written, Saved::Written);
        }
        Ok(read)
    }

    async fn write(
        &self,
        tenant: &TenantId,
        id: &CampaignId,
        value: &Campaign,
        over: Option<u64>,
    ) -> Result<Saved, PortError> {
        self.store.write(tenant, id, value, over).await
    }
}

#[rstest]
#[tokio::test]
async fn a_campaign_is_created_once_and_for_a_tenant(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let store = stack.tenants();
    let create = async || campaigns::create(&store, &actor("ana"), campaign("acme")).await;
    assert_eq!(create().await.unwrap(), Created::NoSuchTenant);
    branded(&store, "acme").await;
    assert!(matches!(create().await.unwrap(), Created::Created(_)));
    assert_eq!(create().await.unwrap(), Created::Exists);
    assert_eq!(stored(&store).await.value, campaign("acme"));
}

#[rstest]
#[tokio::test]
async fn seq_5_a_pause_keeps_what_somebody_else_changed_since_it_was_read(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, acme) = (stack.tenants(), tenant_id("acme"));
    branded(&store, "acme").await;
    running(&store, &campaign("acme")).await;
    let raced = Raced {
        store: &store,
        name: Mutex::new(Some("Renamed")),
    };
    let paused = campaigns::pause(&raced, &actor("ana"), &acme, &campaign_id(), None).await;
    let change = changed(paused.unwrap());
    let before = change.before.unwrap();
    assert_eq!((before.version, before.value.name.as_str()), (2, "Renamed"));
    assert_eq!(stored(&store).await, change.after);
    assert_eq!(
        (change.after.value.name.as_str(), change.after.value.status),
        ("Renamed", CampaignStatus::Paused)
    );
}

#[rstest]
#[tokio::test]
async fn seq_5_who_saw_an_older_version_is_shown_the_newer_one(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, acme) = (stack.tenants(), tenant_id("acme"));
    branded(&store, "acme").await;
    running(&store, &campaign("acme")).await;
    let raced = Raced {
        store: &store,
        name: Mutex::new(Some("Renamed")),
    };
    let paused = campaigns::pause(&raced, &actor("ana"), &acme, &campaign_id(), Some(1)).await;
    assert_eq!(paused.unwrap(), Changed::Contended(stored(&store).await));
    assert_eq!(stored(&store).await.value.status, CampaignStatus::Active);
}

#[rstest]
#[tokio::test]
async fn seq_5_starts_and_pauses_at_once_are_all_made_one_after_the_other(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, acme) = (stack.tenants(), tenant_id("acme"));
    branded(&store, "acme").await;
    running(&store, &campaign("acme")).await;
    let (ana, ben, id) = (actor("ana"), actor("ben"), campaign_id());
    let (started, paused) = futures::future::join(
        join_all((0..3).map(|_| campaigns::start(&store, &ana, &acme, &id, None))),
        join_all((0..3).map(|_| campaigns::pause(&store, &ben, &acme, &id, None))),
    )
    .await;
    let mut changes: Vec<_> = started
        .into_iter()
        .chain(paused)
        .filter_map(|outcome| match outcome.unwrap() {
            Changed::Changed(change) => Some(change),
            Changed::Unchanged(_) => None,
            other => panic!("{other:?}"),
        })
        .collect();
    // Each change begins where another one ended.
    changes.sort_by_key(|change| change.after.version);
    let mut version = 1;
    for change in &changes {
        assert_eq!(
            change.before.as_ref().map(|before| before.version),
            Some(version)
        );
        version = change.after.version;
    }
    assert_eq!(stored(&store).await, changes.last().unwrap().after);
}

#[rstest]
#[tokio::test]
async fn seq_5_a_campaign_that_is_over_or_is_not_there_is_neither_started_nor_paused(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, acme, ana) = (stack.tenants(), tenant_id("acme"), actor("ana"));
    branded(&store, "acme").await;
    let over = Campaign {
        status: CampaignStatus::Completed,
        ..campaign("acme")
    };
    running(&store, &over).await;
    let stands = Changed::Refused(stored(&store).await);
    let id = campaign_id();
    assert_eq!(
        campaigns::start(&store, &ana, &acme, &id, None)
            .await
            .unwrap(),
        stands
    );
    assert_eq!(
        campaigns::pause(&store, &ana, &acme, &id, None)
            .await
            .unwrap(),
        stands
    );
    let none = campaigns::start(&store, &ana, &tenant_id("other"), &id, None).await;
    assert_eq!(none.unwrap(), Changed::NoSuch);
}

#[rstest]
#[tokio::test]
async fn campaigns_are_listed_for_their_tenant_only(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let store = stack.tenants();
    branded(&store, "acme").await;
    running(&store, &campaign("acme")).await;
    let listed = store.campaigns(&tenant_id("acme")).await.unwrap();
    assert_eq!(listed, [campaign("acme")]);
    let other = store.campaigns(&tenant_id("acme-2")).await.unwrap();
    assert!(other.is_empty());
}
