//! Kill switches.

use futures::future::join_all;
use rstest::rstest;
use touchline_domain::sending::switch::SwitchScope;
use touchline_engine::desk::switches::{Paused, Resumed, pause, resume};

use super::actor;
use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{campaign_id, now, tenant_id},
    schema::Stack,
};

#[rstest]
#[tokio::test]
async fn seq_5_switches_are_turned_on_and_off_one_by_one(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (store, ana) = (stack.tenants(), actor("ana"));
    let campaign = SwitchScope::Campaign(tenant_id("acme"), campaign_id());
    assert!(store.switches().await.unwrap().0.is_empty());
    for scope in [&SwitchScope::Platform, &campaign] {
        let paused = pause(&store, &ana, scope, "test", now()).await.unwrap();
        assert!(matches!(paused, Paused::Paused(_)), "{paused:?}");
    }
    assert_eq!(store.switches().await.unwrap().0.len(), 2);
    let off = async || resume(&store, &ana, &SwitchScope::Platform).await.unwrap();
    let Resumed::Resumed(change) = off().await else {
        panic!("it was on");
    };
    let (before, after) = (change.before.unwrap().on, change.after.on);
    assert_eq!(
        (before.map(|on| on.actor), after),
        (Some("ana".into()), None)
    );
    assert_eq!(off().await, Resumed::WasNotPaused);
    let on: Vec<_> = store.switches().await.unwrap().0.into_keys().collect();
    assert_eq!(on, [campaign]);
}

#[rstest]
#[tokio::test]
async fn of_two_who_pause_at_once_the_second_is_told_of_the_first_ones_reason(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, scope) = (stack.tenants(), SwitchScope::Tenant(tenant_id("acme")));
    let people = [("ana", "holiday"), ("ben", "complaint")].map(|(who, why)| (actor(who), why));
    let paused = join_all(
        people
            .iter()
            .map(|(by, why)| pause(&store, by, &scope, why, now())),
    );
    let paused: Vec<_> = paused.await.into_iter().map(Result::unwrap).collect();
    let standing = store.switches().await.unwrap().0.remove(&scope).unwrap();
    assert!(
        paused.contains(&Paused::Already(standing.clone())),
        "{paused:?}"
    );
    let theirs = paused.iter().find_map(|paused| match paused {
        Paused::Paused(change) => change.after.on.clone(),
        Paused::Already(_) => None,
    });
    assert_eq!(theirs, Some(standing));
}
