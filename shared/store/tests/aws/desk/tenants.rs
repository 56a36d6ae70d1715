//! Tenants, their branding and their personas.

use futures::future::{join, join_all};
use rstest::rstest;
use touchline_domain::{
    message::{Branding, Persona},
    sending::tenant::Tenant,
};
use touchline_engine::desk::{
    Changed, Created, Documents, personas,
    tenants::{self, TenantList},
};

use super::{actor, branded, branding, changed};
use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{tenant, tenant_id},
    schema::Stack,
};

fn persona(title: &str) -> Persona {
    let stored = serde_json::json!({
        "id": "ana",
        "first_name": "Ana",
        "last_name": "Ruiz",
        "title": title,
        "email_prefix": "ana",
    });
    serde_json::from_value(stored).unwrap()
}

#[rstest]
#[tokio::test]
async fn of_two_who_create_a_tenant_at_once_one_does_and_the_other_is_told_that_it_exists(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.tenants();
    let people = ["ana", "ben"].map(actor);
    let created = join_all(people.iter().map(|by| {
        let mut wanted = tenant("acme");
        wanted.name.clone_from(&by.name);
        tenants::create(&store, by, wanted, Some(branding()))
    }));
    let created: Vec<_> = created.await.into_iter().map(Result::unwrap).collect();
    let [winner] = &created
        .iter()
        .filter_map(|created| match created {
            Created::Created(change) => Some(change),
            _ => None,
        })
        .collect::<Vec<_>>()[..]
    else {
        panic!("{created:?}");
    };
    assert!(created.contains(&Created::Exists), "{created:?}");
    assert_eq!((winner.before.as_ref(), winner.after.version), (None, 1));
    let [stored] = &tenants::list(&store).await.unwrap()[..] else {
        panic!("one tenant is listed");
    };
    assert_eq!(
        (stored, &winner.by.name),
        (&winner.after, &stored.value.name)
    );
}

#[rstest]
#[tokio::test]
async fn settings_made_from_an_older_version_are_not_written(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.tenants();
    branded(&store, "acme").await;
    let (ana, ben) = (actor("ana"), actor("ben"));
    let mut manual = tenant("acme");
    manual.manual_mode = true;
    let mut renamed = tenant("acme");
    renamed.name = "Acme Two".into();
    let (first, second) = join(
        tenants::replace(&store, &ana, &manual, 1),
        tenants::replace(&store, &ben, &renamed, 1),
    )
    .await;
    let outcomes = [first.unwrap(), second.unwrap()];
    let written = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Changed::Changed(_)))
        .count();
    assert_eq!(written, 1, "{outcomes:?}");
    let stored = Documents::<Tenant>::read(&store, &manual.id, &()).await;
    let stored = stored.unwrap().unwrap();
    assert_eq!(stored.version, 2);
    assert!(
        outcomes.contains(&Changed::Contended(stored)),
        "{outcomes:?}"
    );
    let nobody = tenants::replace(&store, &ana, &tenant("other"), 1).await;
    assert_eq!(nobody.unwrap(), Changed::NoSuch);
}

#[rstest]
#[tokio::test]
async fn what_an_earlier_build_wrote_is_version_zero_and_is_changed_like_any_other(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.tenants();
    stack.put_unversioned(&tenant("acme")).await;
    let read = async || {
        let read = Documents::<Tenant>::read(&store, &tenant_id("acme"), &()).await;
        read.unwrap().unwrap()
    };
    assert_eq!(
        (read().await.version, read().await.value),
        (0, tenant("acme"))
    );
    let mut manual = tenant("acme");
    manual.manual_mode = true;
    let change = changed(
        tenants::replace(&store, &actor("ana"), &manual, 0)
            .await
            .unwrap(),
    );
    assert_eq!(change.before.map(|before| before.version), Some(0));
    assert_eq!(
        (read().await.version, read().await.value),
        (1, manual.clone())
    );
    let again = tenants::replace(&store, &actor("ben"), &tenant("acme"), 0).await;
    assert_eq!(again.unwrap(), Changed::Contended(read().await));
}

#[rstest]
#[tokio::test]
async fn a_first_branding_is_written_once_and_a_later_one_over_what_was_seen(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, acme) = (stack.tenants(), tenant_id("acme"));
    let (ana, ben) = (actor("ana"), actor("ben"));
    let brand = async |by, company: &str, seen| {
        let branding = Branding {
            company: company.parse().unwrap(),
            ..branding()
        };
        tenants::brand(&store, by, &acme, &branding, seen)
            .await
            .unwrap()
    };
    assert_eq!(brand(&ana, "Acme", None).await, Changed::NoSuch);
    assert!(store.add(&tenant("acme"), None).await.unwrap());
    let first = changed(brand(&ana, "Acme", None).await);
    assert_eq!((first.before, first.after.version), (None, 1));
    let late = brand(&ben, "Acme Two", None).await;
    assert_eq!(late, Changed::Contended(first.after.clone()));
    let second = changed(brand(&ben, "Acme Two", Some(1)).await);
    assert_eq!(second.before, Some(first.after));
    assert_eq!(
        brand(&ben, "Acme Two", Some(2)).await,
        Changed::Unchanged(second.after)
    );
}

#[rstest]
#[tokio::test]
async fn a_persona_is_created_once_and_replaced_over_what_was_seen(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, acme, ana) = (stack.tenants(), tenant_id("acme"), actor("ana"));
    let create = async |title| personas::create(&store, &ana, &acme, persona(title)).await;
    assert_eq!(create("Partner").await.unwrap(), Created::NoSuchTenant);
    branded(&store, "acme").await;
    assert!(matches!(
        create("Partner").await.unwrap(),
        Created::Created(_)
    ));
    assert_eq!(create("Director").await.unwrap(), Created::Exists);
    let stored = store.personas(&acme).await.unwrap();
    assert_eq!(stored, [persona("Partner")]);
    let (one, two) = (persona("Director"), persona("Founder"));
    let (one, two) = join(
        personas::replace(&store, &ana, &acme, &one, 1),
        personas::replace(&store, &ana, &acme, &two, 1),
    )
    .await;
    let outcomes = [one.unwrap(), two.unwrap()];
    assert!(
        outcomes
            .iter()
            .any(|outcome| matches!(outcome, Changed::Changed(_)))
            && outcomes
                .iter()
                .any(|outcome| matches!(outcome, Changed::Contended(_))),
        "{outcomes:?}"
    );
}
