//! Suppression by hand.

use futures::future::join;
use rstest::rstest;
use touchline_domain::{
    channel::Channel,
    contact::Address,
    sending::{Reason, suppression::Superseded},
};
use touchline_engine::{
    desk::suppression::{Suppressed, SuppressionRecords, suppress},
    ports::Suppressions,
};

use super::actor;
use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{at, now, tenant_id},
    schema::Stack,
};

#[rstest]
#[tokio::test]
async fn sup_1_of_two_who_suppress_an_address_the_first_ones_record_stays_and_both_are_in_the_history(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (register, acme) = (stack.register(), tenant_id("acme"));
    let address = Address::Email("ana@redgum.example".parse().unwrap()).hash();
    let (one, two) = (actor("cleo"), actor("dan"));
    let (first, second) = join(
        suppress(&register, &one, &acme, &address, now()),
        suppress(&register, &two, &acme, &address, now()),
    )
    .await;
    let outcomes = [first.unwrap(), second.unwrap()];
    let standing = register
        .suppression(&acme, &address)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(standing.reason, Reason::Operator);
    let ours = outcomes.iter().filter_map(|outcome| match outcome {
        Suppressed::Suppressed(change) => Some(&change.after),
        Suppressed::Already(_) => None,
    });
    assert_eq!(ours.collect::<Vec<_>>(), [&standing]);
    assert!(
        outcomes.contains(&Suppressed::Already(standing)),
        "{outcomes:?}"
    );
    let (history, _) = register
        .suppression_history(Some(&acme), None, 10)
        .await
        .unwrap();
    assert_eq!(history.len(), 2);
}

#[rstest]
#[tokio::test]
async fn an_address_whose_suppression_was_lifted_is_suppressed_anew(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (register, acme) = (stack.register(), tenant_id("acme"));
    let address = Address::Phone("+61412345678".parse().unwrap()).hash();
    let by = actor("cleo");
    suppress(&register, &by, &acme, &address, now())
        .await
        .unwrap();
    let start = Superseded {
        at: at(5),
        actor: "evt_start".into(),
        channel: Some(Channel::Sms),
    };
    register.restore(&acme, &address, &start).await.unwrap();
    let again = suppress(&register, &by, &acme, &address, at(9))
        .await
        .unwrap();
    let Suppressed::Suppressed(change) = again else {
        panic!("{again:?}");
    };
    assert_eq!(change.before.unwrap().superseded, Some(start));
    let standing = register.suppression(&acme, &address).await.unwrap();
    assert_eq!(standing, Some(change.after));
}
