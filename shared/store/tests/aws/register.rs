//! What is known about addresses.

use rstest::rstest;
use touchline_domain::{
    channel::Channel,
    contact::{Address, AddressHash, E164},
    sending::{
        Reason,
        register::{WashResult, WashStatus},
        suppression::{Superseded, Suppression, SuppressionScope},
    },
};
use touchline_engine::{desk::suppression::SuppressionRecords as _, ports::Suppressions};

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{at, now, tenant_id},
    schema::Stack,
};

fn number(text: &str) -> E164 {
    text.parse().unwrap()
}

fn hash(number: &E164) -> AddressHash {
    Address::Phone(number.clone()).hash()
}

fn suppression(scope: SuppressionScope, event: &str, seconds: i64) -> Suppression {
    Suppression {
        scope,
        reason: Reason::OptedOut,
        at: at(seconds),
        actor: event.into(),
        superseded: None,
    }
}

fn start(event: &str, seconds: i64) -> Superseded {
    Superseded {
        at: at(seconds),
        actor: event.into(),
        channel: Some(Channel::Sms),
    }
}

async fn forbids(stack: &Stack, tenant: &str, number: &E164) -> bool {
    let facts = stack
        .register()
        .facts(&tenant_id(tenant), &hash(number), Some(number))
        .await
        .unwrap();
    facts.suppressions.iter().any(|s| s.forbids(Channel::Sms))
}

#[rstest]
#[tokio::test]
async fn gate_4_suppressions_of_the_tenant_and_of_all_are_read_with_the_registers_answer(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (register, ana) = (stack.register(), number("+61412345678"));
    let acme = tenant_id("acme");
    let empty = register
        .facts(&acme, &hash(&ana), Some(&ana))
        .await
        .unwrap();
    assert_eq!(empty, Default::default());
    let result = WashResult {
        status: WashStatus::Clear,
        washed_at: now(),
    };
    register.save_wash(&ana, result).await.unwrap();
    register
        .suppress(
            &acme,
            &hash(&ana),
            &suppression(SuppressionScope::Tenant, "e1", 0),
        )
        .await
        .unwrap();
    register
        .suppress(
            &acme,
            &hash(&ana),
            &suppression(SuppressionScope::Global, "e2", 1),
        )
        .await
        .unwrap();
    let facts = register
        .facts(&acme, &hash(&ana), Some(&ana))
        .await
        .unwrap();
    assert_eq!((facts.suppressions.len(), facts.wash), (2, Some(result)));
    let other = register
        .facts(&tenant_id("other"), &hash(&ana), Some(&ana))
        .await
        .unwrap();
    assert_eq!(
        other.suppressions,
        [suppression(SuppressionScope::Global, "e2", 1)]
    );
    let by_email = Address::Email("ana@example.com".parse().unwrap()).hash();
    let facts = register.facts(&acme, &by_email, None).await.unwrap();
    assert_eq!(facts, Default::default());
}

#[rstest]
#[tokio::test]
async fn r35_start_lifts_a_suppression_and_an_old_event_does_not_bring_it_back(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (register, ana, acme) = (stack.register(), number("+61412345678"), tenant_id("acme"));
    let address = hash(&ana);
    let suppress = async |event, seconds| {
        let record = suppression(SuppressionScope::Tenant, event, seconds);
        register.suppress(&acme, &address, &record).await.unwrap();
    };
    let restore = async |event, seconds| {
        register
            .restore(&acme, &address, &start(event, seconds))
            .await
            .unwrap()
    };
    restore("start-0", 0).await;
    suppress("stop-1", 10).await;
    assert!(forbids(&stack, "acme", &ana).await);
    restore("start-1", 20).await;
    assert!(!forbids(&stack, "acme", &ana).await);
    suppress("stop-1", 900).await;
    assert!(
        !forbids(&stack, "acme", &ana).await,
        "the same STOP, delivered again"
    );
    suppress("stop-2", 30).await;
    assert!(forbids(&stack, "acme", &ana).await);
    restore("start-1", 999).await;
    assert!(
        forbids(&stack, "acme", &ana).await,
        "the same START, delivered again"
    );
    restore("start-2", 25).await;
    assert!(
        forbids(&stack, "acme", &ana).await,
        "a START from before the STOP"
    );
}

#[rstest]
#[tokio::test]
async fn sup_1_the_first_record_stays_and_the_history_keeps_everything(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (register, ana, acme) = (stack.register(), number("+61412345678"), tenant_id("acme"));
    for (event, seconds) in [("e1", 0), ("e2", 5), ("e2", 6)] {
        let record = suppression(SuppressionScope::Tenant, event, seconds);
        register
            .suppress(&acme, &hash(&ana), &record)
            .await
            .unwrap();
    }
    register
        .restore(&acme, &hash(&ana), &start("s1", 10))
        .await
        .unwrap();
    let current = register
        .suppression(&acme, &hash(&ana))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (current.actor.as_str(), current.superseded),
        ("e1", Some(start("s1", 10)))
    );
    let (first, next) = register
        .suppression_history(Some(&acme), None, 2)
        .await
        .unwrap();
    let (second, end) = register
        .suppression_history(Some(&acme), next, 2)
        .await
        .unwrap();
    assert_eq!((first.len() + second.len(), end), (3, None));
    assert!(
        register
            .suppression_history(None, None, 10)
            .await
            .unwrap()
            .0
            .is_empty()
    );
}

#[rstest]
#[tokio::test]
async fn dnc_1_an_older_answer_never_replaces_a_newer_one(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (register, ana) = (stack.register(), number("+61412345678"));
    let answer = |status, seconds| WashResult {
        status,
        washed_at: at(seconds),
    };
    register
        .save_wash(&ana, answer(WashStatus::Listed, 100))
        .await
        .unwrap();
    register
        .save_wash(&ana, answer(WashStatus::Clear, 50))
        .await
        .unwrap();
    assert_eq!(
        register.wash_of(&ana).await.unwrap(),
        Some(answer(WashStatus::Listed, 100))
    );
    register
        .save_wash(&ana, answer(WashStatus::Clear, 200))
        .await
        .unwrap();
    assert_eq!(
        register.wash_of(&ana).await.unwrap().unwrap().status,
        WashStatus::Clear
    );
    assert_eq!(
        register.wash_of(&number("+61400000000")).await.unwrap(),
        None
    );
}

#[rstest]
#[tokio::test]
async fn dnc_2_numbers_are_found_by_the_day_on_which_they_were_washed(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let register = stack.register();
    for n in 0..5 {
        let result = WashResult {
            status: WashStatus::Clear,
            washed_at: now(),
        };
        register
            .save_wash(&number(&format!("+6141234567{n}")), result)
            .await
            .unwrap();
    }
    let day = now().date_naive();
    let (first, next) = register.washed_on(day, None, 3).await.unwrap();
    let (second, _) = register.washed_on(day, next, 3).await.unwrap();
    assert_eq!((first.len(), second.len()), (3, 2));
    assert!(
        register
            .washed_on(day.succ_opt().unwrap(), None, 3)
            .await
            .unwrap()
            .0
            .is_empty()
    );
}
