//! The pool as operators work it.

use std::collections::BTreeSet;

use futures::future::{join, join_all};
use rstest::rstest;
use touchline_domain::{
    events::Provider,
    ids::{ResourceId, TenantId},
    sending::{
        limits::Health,
        pool::BufferReport,
        resource::{Reputation, Resource, ResourceKind, ResourceStatus},
    },
};
use touchline_engine::{
    desk::{
        Changed,
        pool::{
            Added, Allocated, NewResource, Owner, Wanted, add, allocate, pause, resume, retire,
        },
    },
    pool::{Adding, ResourcePool as _, check},
};
use touchline_store::{pool::Pool, tenants::Tenants};

use super::{actor, branded, changed};
use crate::{
    engine::Engine::{self, Emulator, Rust},
    pool::stocked,
    samples::{self, at, now, tenant_id},
    schema::Stack,
};

fn domains(count: u32) -> Wanted {
    Wanted::from([(ResourceKind::EmailDomain, count)])
}

async fn allocated(
    tenants: &Tenants,
    pool: &Pool,
    tenant: &TenantId,
    wanted: &Wanted,
) -> Allocated {
    let answer = allocate(tenants, pool, &actor("ops"), tenant, wanted, now()).await;
    answer.unwrap()
}

fn given(allocated: Allocated) -> Vec<Resource> {
    match allocated {
        Allocated::Allocated(change) => change.after,
        other => panic!("nothing was given: {other:?}"),
    }
}

fn new(kind: ResourceKind, id: &str, address: &str, owner: Option<&str>) -> NewResource {
    NewResource {
        id: id.parse().unwrap(),
        kind,
        address: address.into(),
        domain: None,
        provider: Provider::Resend,
        zone: "Australia/Sydney".parse().unwrap(),
        warm_up_started: "2026-10-01".parse().unwrap(),
        owner: owner.map(|tenant| Owner {
            tenant: tenant_id(tenant),
            persona: None,
        }),
    }
}

#[rstest]
#[tokio::test]
async fn pool_2_allocations_at_once_never_hand_out_one_resource_twice(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 5).await;
    let tenants = stack.tenants();
    let names = ["one", "two", "three"].map(tenant_id);
    for name in &names {
        branded(&tenants, name.as_str()).await;
    }
    let pool = stack.pool();
    let two = domains(2);
    let answers = join_all(
        names
            .iter()
            .map(|name| allocated(&tenants, &pool, name, &two)),
    )
    .await;
    let mut unique = BTreeSet::new();
    let mut short = 0;
    for answer in answers {
        match answer {
            Allocated::Allocated(change) => {
                assert_eq!(change.after.len(), 6, "two domains with two mailboxes each");
                assert!(
                    change.after.into_iter().all(|r| unique.insert(r.id)),
                    "given twice"
                );
            }
            Allocated::Short { kind, missing } => {
                assert_eq!((kind, missing), (ResourceKind::EmailDomain, 1));
                short += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((unique.len(), short), (12, 1));
}

#[rstest]
#[tokio::test]
async fn pool_2_a_tenant_gets_everything_or_nothing(#[values(Rust, Emulator)] engine: Engine) {
    let stack = stocked(engine, 2).await;
    let (tenants, pool, acme) = (stack.tenants(), stack.pool(), tenant_id("acme"));
    let mut wanted = domains(2);
    wanted.insert(ResourceKind::PhoneNumber, 1);
    let nobody = allocated(&tenants, &pool, &acme, &wanted).await;
    assert_eq!(nobody, Allocated::NoSuchTenant);
    branded(&tenants, "acme").await;
    let short = Allocated::Short {
        kind: ResourceKind::PhoneNumber,
        missing: 1,
    };
    assert_eq!(allocated(&tenants, &pool, &acme, &wanted).await, short);
    assert!(pool.of_tenant(&acme).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_payment_that_is_told_of_twice_gives_nothing_more(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 6).await;
    let (tenants, pool, acme) = (stack.tenants(), stack.pool(), tenant_id("acme"));
    branded(&tenants, "acme").await;
    let two = domains(2);
    let give = || allocated(&tenants, &pool, &acme, &two);
    let (one, other) = join(give(), give()).await;
    let first = [given(one), given(other)].concat();
    assert_eq!(first.len(), 6);
    assert!(given(give().await).is_empty());
    let more = given(allocated(&tenants, &pool, &acme, &domains(3)).await);
    assert_eq!(more.len(), 3, "an upgrade gets the difference");
    let stored = pool.of_tenant(&acme).await.unwrap();
    assert_eq!(stored.len(), 9);
    assert!(more.iter().all(|resource| stored.contains(resource)));
    let listed = pool.list(ResourceKind::EmailDomain).await.unwrap();
    let assigned = listed
        .iter()
        .filter(|pooled| pooled.assigned_at == Some(now()))
        .count();
    assert_eq!(assigned, 3);
}

#[rstest]
#[tokio::test]
async fn a_resource_is_added_once_and_where_it_belongs(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (tenants, pool, ops) = (stack.tenants(), stack.pool(), actor("ops"));
    let added = async |new| add(&tenants, &pool, &ops, new, now()).await.unwrap();
    let domain = |owner| new(ResourceKind::EmailDomain, "d1", "mail1.example", owner);
    assert_eq!(added(domain(Some("acme"))).await, Added::NoSuchTenant);
    branded(&tenants, "acme").await;
    let kept = added(domain(Some("acme"))).await;
    let Added::Added(change) = kept else {
        panic!("{kept:?}");
    };
    assert_eq!(change.after.status, ResourceStatus::Assigned);
    assert_eq!(
        pool.of_tenant(&tenant_id("acme")).await.unwrap(),
        [change.after]
    );
    assert_eq!(added(domain(None)).await, Added::Exists);
    let twin = new(ResourceKind::EmailDomain, "d2", "Mail1.example", None);
    assert_eq!(
        added(twin).await,
        Added::Exists,
        "one address, one resource"
    );

    let mailbox = |owner, domain: Option<&str>| NewResource {
        domain: domain.map(|id| id.parse().unwrap()),
        ..new(ResourceKind::Mailbox, "m1", "ana@mail1.example", owner)
    };
    assert_eq!(
        added(mailbox(Some("acme"), None)).await,
        Added::DomainMisplaced
    );
    assert_eq!(
        added(mailbox(Some("acme"), Some("d9"))).await,
        Added::NoSuchDomain
    );
    // In the pool it would never be given out: its domain is.
    assert_eq!(added(mailbox(None, Some("d1"))).await, Added::NoSuchDomain);
    let mut stranger = mailbox(Some("acme"), Some("d1"));
    stranger.owner = Some(Owner {
        tenant: tenant_id("acme"),
        persona: Some("zoe".parse().unwrap()),
    });
    assert_eq!(added(stranger).await, Added::NoSuchPersona);
    let kept = added(mailbox(Some("acme"), Some("d1"))).await;
    assert!(matches!(kept, Added::Added(_)), "{kept:?}");
    let nowhere = new(ResourceKind::PhoneNumber, "n1", "0480 012 345", None);
    assert_eq!(added(nowhere).await, Added::NotAnAddress);
}

#[rstest]
#[tokio::test]
async fn pool_3_the_check_counts_what_is_given_out_and_names_domains_in_bad_health(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 3).await;
    let (tenants, pool, acme) = (stack.tenants(), stack.pool(), tenant_id("acme"));
    branded(&tenants, "acme").await;
    let sick = Resource {
        reputation: Reputation {
            sent: 1_000,
            bounced: 30,
            complained: 0,
        },
        ..samples::resource("sick", ResourceKind::EmailDomain)
    };
    assert_eq!(pool.add(&sick, now()).await.unwrap(), Adding::Added);
    given(allocated(&tenants, &pool, &acme, &domains(2)).await);
    let report = check(&pool, at(60)).await.unwrap();
    let of = |kind| {
        let of_kind = |checked: &&BufferReport| checked.kind == kind;
        report.buffers.iter().find(of_kind).unwrap()
    };
    let (domains, mailboxes) = (of(ResourceKind::EmailDomain), of(ResourceKind::Mailbox));
    assert_eq!((domains.stock.assigned, domains.stock.available), (2, 2));
    assert_eq!((domains.wanted, domains.alert), (1, false));
    assert_eq!(domains.runs_dry_in_days, Some(30));
    assert_eq!(
        (mailboxes.stock.assigned, mailboxes.stock.available),
        (4, 2)
    );
    assert_eq!(report.unhealthy, [(sick.id, Health::Warning)]);
}

async fn statuses(pool: &Pool) -> Vec<(ResourceId, ResourceStatus)> {
    let mut all = pool.list(ResourceKind::EmailDomain).await.unwrap();
    all.extend(pool.list(ResourceKind::Mailbox).await.unwrap());
    all.into_iter()
        .map(|pooled| (pooled.resource.id, pooled.resource.status))
        .collect()
}

#[rstest]
#[tokio::test]
async fn pool_1_a_domain_is_paused_resumed_and_retired_with_its_mailboxes(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 1).await;
    let (tenants, pool, acme) = (stack.tenants(), stack.pool(), tenant_id("acme"));
    branded(&tenants, "acme").await;
    given(allocated(&tenants, &pool, &acme, &domains(1)).await);
    let (ops, kind, id) = (
        actor("ops"),
        ResourceKind::EmailDomain,
        "domain-0".parse().unwrap(),
    );
    let all = async |status| {
        let known = statuses(&pool).await;
        known.len() == 3 && known.iter().all(|(_, stored)| *stored == status)
    };
    assert!(all(ResourceStatus::Assigned).await);
    let paused = changed(pause(&pool, &ops, kind, &id).await.unwrap());
    assert_eq!(paused.after.status, ResourceStatus::Paused);
    assert!(all(ResourceStatus::Paused).await);
    let copies = pool.of_tenant(&acme).await.unwrap();
    assert!(
        copies
            .iter()
            .all(|copy| copy.status == ResourceStatus::Paused)
    );
    let again = pause(&pool, &ops, kind, &id).await.unwrap();
    assert_eq!(again, Changed::Unchanged(paused.after));

    changed(resume(&pool, &ops, kind, &id).await.unwrap());
    assert!(all(ResourceStatus::Assigned).await);
    let retired = changed(retire(&pool, &ops, kind, &id).await.unwrap());
    assert_eq!(retired.before.unwrap().tenant, Some(acme.clone()));
    assert!(all(ResourceStatus::Retired).await);
    assert!(pool.of_tenant(&acme).await.unwrap().is_empty());
    let stored = pool.resource(kind, &id).await.unwrap().unwrap();
    assert_eq!(
        (&stored.resource, stored.assigned_at),
        (&retired.after, None)
    );
    let back = resume(&pool, &ops, kind, &id).await.unwrap();
    assert_eq!(back, Changed::Refused(retired.after));
    let none = pause(&pool, &ops, kind, &"domain-9".parse().unwrap()).await;
    assert_eq!(none.unwrap(), Changed::NoSuch);
}

#[rstest]
#[tokio::test]
async fn of_one_who_retires_and_one_who_allocates_at_once_nobody_is_left_with_half(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = stocked(engine, 1).await;
    let (tenants, pool, acme) = (stack.tenants(), stack.pool(), tenant_id("acme"));
    branded(&tenants, "acme").await;
    let (ops, id, one) = (actor("ops"), "domain-0".parse().unwrap(), domains(1));
    let (retired, given) = join(
        retire(&pool, &ops, ResourceKind::EmailDomain, &id),
        allocated(&tenants, &pool, &acme, &one),
    )
    .await;
    let known = statuses(&pool).await;
    let first = known[0].1;
    assert!(
        known.iter().all(|(_, status)| *status == first),
        "{known:?}"
    );
    let copies = pool.of_tenant(&acme).await.unwrap().len();
    let expected = if first == ResourceStatus::Assigned {
        3
    } else {
        0
    };
    assert_eq!(copies, expected, "{retired:?} {given:?}");
}
