//! Giving resources out.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use rstest::rstest;
use touchline_domain::{
    channel::Channel,
    sending::{
        resource::{ResourceKind, ResourceStatus},
        touch::Signal,
    },
};
use touchline_engine::ports::Saved;
use touchline_store::pool::Allocation;

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{now, resource, tenant_id},
    schema::Stack,
};

async fn stocked(engine: Engine, domains: usize) -> Stack {
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

fn domains(count: usize) -> BTreeMap<ResourceKind, usize> {
    BTreeMap::from([(ResourceKind::EmailDomain, count)])
}

#[rstest]
#[tokio::test]
async fn pool_2_allocations_at_once_never_hand_out_one_resource_twice(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 5).await;
    let tenants = ["one", "two", "three"];
    let answers = join_all(tenants.map(|name| {
        let pool = stack.pool();
        async move {
            pool.allocate(&tenant_id(name), &domains(2), now())
                .await
                .unwrap()
        }
    }))
    .await;
    let mut given = BTreeSet::new();
    let mut short = 0;
    for answer in answers {
        match answer {
            Allocation::Allocated(resources) => {
                assert_eq!(resources.len(), 6, "two domains with two mailboxes each");
                assert!(
                    resources.into_iter().all(|r| given.insert(r.id)),
                    "given twice"
                );
            }
            Allocation::Short { kind, missing } => {
                assert_eq!((kind, missing), (ResourceKind::EmailDomain, 1));
                short += 1;
            }
        }
    }
    assert_eq!((given.len(), short), (12, 1));
}

#[rstest]
#[tokio::test]
async fn pool_2_a_tenant_gets_everything_or_nothing(#[values(Rust, Emulator)] engine: Engine) {
    let stack = stocked(engine, 2).await;
    let pool = stack.pool();
    let wanted = BTreeMap::from([
        (ResourceKind::EmailDomain, 2),
        (ResourceKind::PhoneNumber, 1),
    ]);
    let answer = pool
        .allocate(&tenant_id("acme"), &wanted, now())
        .await
        .unwrap();
    assert_eq!(
        answer,
        Allocation::Short {
            kind: ResourceKind::PhoneNumber,
            missing: 1
        }
    );
    assert!(pool.of_tenant(&tenant_id("acme")).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_payment_that_is_told_of_twice_gives_nothing_more(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 6).await;
    let acme = tenant_id("acme");
    let twice = join_all([0, 1].map(|_| {
        let (pool, acme) = (stack.pool(), acme.clone());
        async move { pool.allocate(&acme, &domains(2), now()).await.unwrap() }
    }));
    twice.await;
    let pool = stack.pool();
    pool.allocate(&acme, &domains(2), now()).await.unwrap();
    assert_eq!(pool.of_tenant(&acme).await.unwrap().len(), 6);
    let Allocation::Allocated(more) = pool.allocate(&acme, &domains(3), now()).await.unwrap()
    else {
        panic!("an upgrade gets the difference")
    };
    assert_eq!(more.len(), 3);
    let listed = pool.list(ResourceKind::EmailDomain).await.unwrap();
    let assigned = listed
        .iter()
        .filter(|pooled| pooled.assigned_at == Some(now()))
        .count();
    assert_eq!(assigned, 3);
}

#[rstest]
#[tokio::test]
async fn a_resource_is_found_by_its_address_and_added_once(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 1).await;
    let pool = stack.pool();
    assert!(
        !pool
            .add(&resource("domain-0", ResourceKind::EmailDomain), now())
            .await
            .unwrap()
    );
    let mut twin = resource("twin", ResourceKind::PhoneNumber);
    twin.address = "domain-0.example".into();
    assert!(
        !pool.add(&twin, now()).await.unwrap(),
        "one address, one resource"
    );
    pool.allocate(&tenant_id("acme"), &domains(1), now())
        .await
        .unwrap();
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
    let Allocation::Allocated(given) = pool.allocate(&acme, &domains(1), now()).await.unwrap()
    else {
        panic!("there is one domain")
    };
    let mut domain = given
        .into_iter()
        .find(|r| r.kind == ResourceKind::EmailDomain)
        .unwrap();
    assert_eq!(
        pool.set_status(&domain, ResourceStatus::Paused)
            .await
            .unwrap(),
        Saved::Written
    );
    assert_eq!(
        pool.set_status(&domain, ResourceStatus::Held)
            .await
            .unwrap(),
        Saved::Conflict
    );
    let at_tenant = pool.of_tenant(&acme).await.unwrap();
    assert!(
        at_tenant
            .iter()
            .any(|r| r.id == domain.id && r.status == ResourceStatus::Paused)
    );
    domain.status = ResourceStatus::Paused;
    assert_eq!(
        pool.take_back(&domain, ResourceStatus::Available)
            .await
            .unwrap(),
        Saved::Written
    );
    assert_eq!(
        pool.of_tenant(&acme).await.unwrap().len(),
        2,
        "its mailboxes are taken back by themselves"
    );
    let back = pool
        .resource(domain.kind, &domain.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((back.resource.tenant, back.assigned_at), (None, None));
}

#[rstest]
#[tokio::test]
async fn ed_004_a_mailboxs_bounces_count_against_its_domain(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 1).await;
    let (pool, acme) = (stack.pool(), tenant_id("acme"));
    pool.allocate(&acme, &domains(1), now()).await.unwrap();
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
