//! The pool's items: resources, the tenants' copies, the look-ups from addresses.

use rstest::rstest;
use touchline_domain::{
    channel::Channel,
    sending::{
        resource::{Resource, ResourceKind, ResourceStatus},
        touch::Signal,
    },
};
use touchline_engine::{
    pool::{Adding, ResourcePool as _},
    ports::Saved,
};
use touchline_store::pool::Pool;

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{now, resource, tenant_id},
    schema::Stack,
};

/// A pool of so many domains with two mailboxes each.
pub async fn stocked(engine: Engine, domains: usize) -> Stack {
    let stack = Stack::new(engine).await;
    let pool = stack.pool();
    for n in 0..domains {
        pool.add(
            &resource(&format!("domain-{n}"), ResourceKind::EmailDomain),
            now(),
        )
        .await
        .unwrap();
        for side in ["left", "right"] {
            let mut mailbox = resource(&format!("mailbox-{n}-{side}"), ResourceKind::Mailbox);
            mailbox.domain = Some(format!("domain-{n}").parse().unwrap());
            pool.add(&mailbox, now()).await.unwrap();
        }
    }
    stack
}

/// Gives the tenant everything that is in the pool.
async fn given(pool: &Pool, tenant: &str) -> Vec<Resource> {
    let mut all = pool.list(ResourceKind::EmailDomain).await.unwrap();
    all.extend(pool.list(ResourceKind::Mailbox).await.unwrap());
    let all: Vec<Resource> = all.into_iter().map(|pooled| pooled.resource).collect();
    let saved = pool.give(&tenant_id(tenant), &all, 0, now()).await;
    assert_eq!(saved.unwrap(), Saved::Written);
    pool.of_tenant(&tenant_id(tenant)).await.unwrap()
}

#[rstest]
#[tokio::test]
async fn a_resource_is_found_by_its_address_and_added_once(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 1).await;
    let pool = stack.pool();
    let again = resource("domain-0", ResourceKind::EmailDomain);
    assert_eq!(pool.add(&again, now()).await.unwrap(), Adding::Exists);
    let mut twin = resource("twin", ResourceKind::PhoneNumber);
    twin.address = "domain-0.example".into();
    let twin = pool.add(&twin, now()).await.unwrap();
    assert_eq!(twin, Adding::Exists, "one address, one resource");
    given(&pool, "acme").await;
    let found = pool
        .by_address("mailbox-0-left.example")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.resource.tenant, Some(tenant_id("acme")));
    assert!(pool.by_address("nobody.example").await.unwrap().is_none());
}

#[rstest]
#[tokio::test]
async fn states_change_in_the_pool_and_at_the_tenant_or_not_at_all(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 1).await;
    let (pool, acme) = (stack.pool(), tenant_id("acme"));
    let resources = given(&pool, "acme").await;
    let [domain, mailbox, _] = &resources[..] else {
        panic!("a domain and two mailboxes: {resources:?}");
    };
    let turn = async |resource: &Resource, to| pool.turn(&[(resource.clone(), to)]).await.unwrap();
    assert_eq!(turn(domain, ResourceStatus::Paused).await, Saved::Written);
    let both = [
        (mailbox.clone(), ResourceStatus::Paused),
        (domain.clone(), ResourceStatus::Held),
    ];
    assert_eq!(pool.turn(&both).await.unwrap(), Saved::Conflict);
    let at_tenant: Vec<ResourceStatus> = pool
        .of_tenant(&acme)
        .await
        .unwrap()
        .iter()
        .map(|copy| copy.status)
        .collect();
    let [paused, assigned] = [ResourceStatus::Paused, ResourceStatus::Assigned];
    assert_eq!(at_tenant, [paused, assigned, assigned]);
    let paused = Resource {
        status: paused,
        ..domain.clone()
    };
    assert_eq!(turn(&paused, ResourceStatus::Retired).await, Saved::Written);
    assert_eq!(pool.of_tenant(&acme).await.unwrap().len(), 2);
    let back = pool.resource(domain.kind, &domain.id).await.unwrap();
    let back = back.unwrap();
    assert_eq!((back.resource.tenant, back.assigned_at), (None, None));
    assert_eq!(
        pool.give(&acme, &[], 0, now()).await.unwrap(),
        Saved::Conflict
    );
}

#[rstest]
#[tokio::test]
async fn ed_004_a_mailboxs_bounces_count_against_its_domain(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 1).await;
    let (pool, acme) = (stack.pool(), tenant_id("acme"));
    given(&pool, "acme").await;
    let mailbox = "mailbox-0-left".parse().unwrap();
    for signal in [
        Signal::HardBounced,
        Signal::Complained,
        Signal::HardBounced,
        Signal::Delivered,
    ] {
        pool.count_against_sender(&acme, Channel::Email, &mailbox, signal)
            .await
            .unwrap();
    }
    let domain = pool
        .resource(ResourceKind::EmailDomain, &"domain-0".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let counted = domain.resource.reputation;
    assert_eq!((counted.bounced, counted.complained), (2, 1));
    let at_tenant = pool.of_tenant(&acme).await.unwrap();
    assert!(
        at_tenant
            .iter()
            .any(|r| r.id == domain.resource.id && r.reputation == counted)
    );
    let stranger = "stranger".parse().unwrap();
    pool.count_against_sender(&acme, Channel::Email, &stranger, Signal::HardBounced)
        .await
        .unwrap();
}
