//! What the machinery remembers.

use std::collections::BTreeMap;

use futures::future::join_all;
use rstest::rstest;
use serde::{Deserialize, Serialize};
use touchline_domain::events::Provider;
use touchline_engine::{
    poll::{Feed, MESSAGES, Mark, Round},
    ports::{Breakers, Saved},
};
use touchline_store::ledger::Enrichment;

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{at, now, tenant_id},
    schema::Stack,
};

#[rstest]
#[tokio::test]
async fn send_3_a_breaker_opens_after_five_failures_in_a_row_and_lets_one_caller_try(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let ledger = stack.ledger();
    let provider = Provider::Resend;
    for second in 0..4 {
        ledger.note(provider, false, at(second)).await.unwrap();
    }
    assert_eq!(ledger.open_until(provider, at(4)).await.unwrap(), None);
    ledger.note(provider, true, at(4)).await.unwrap();
    for second in 5..9 {
        ledger.note(provider, false, at(second)).await.unwrap();
    }
    assert_eq!(
        ledger.open_until(provider, at(9)).await.unwrap(),
        None,
        "the success broke the row"
    );
    ledger.note(provider, false, at(9)).await.unwrap();
    assert_eq!(
        ledger.open_until(provider, at(10)).await.unwrap(),
        Some(at(39))
    );
    assert_eq!(
        ledger.open_until(Provider::Twilio, at(10)).await.unwrap(),
        None
    );

    let callers = (0..5).map(|_| {
        let ledger = stack.ledger();
        async move { ledger.open_until(provider, at(40)).await.unwrap() }
    });
    let answers = join_all(callers).await;
    assert_eq!(
        answers.iter().filter(|answer| answer.is_none()).count(),
        1,
        "{answers:?}"
    );
    ledger.note(provider, false, at(41)).await.unwrap();
    assert!(
        ledger.open_until(provider, at(42)).await.unwrap().is_some(),
        "the one call failed"
    );
    assert_eq!(ledger.open_until(provider, at(100)).await.unwrap(), None);
    ledger.note(provider, true, at(101)).await.unwrap();
    let after = join_all((0..3).map(|_| ledger.open_until(provider, at(101)))).await;
    assert!(
        after.into_iter().all(|answer| answer.unwrap().is_none()),
        "the one call went well"
    );
}

#[rstest]
#[tokio::test]
async fn enr_1_a_person_is_paid_for_once_in_thirty_days(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (ledger, acme) = (stack.ledger(), tenant_id("acme"));
    let asked =
        join_all((0..8).map(|_| ledger.begin_enrichment::<String>(&acme, "print", now()))).await;
    let mine = asked
        .iter()
        .filter(|answer| matches!(answer, Ok(Enrichment::Yours)))
        .count();
    assert_eq!(mine, 1);
    ledger
        .save_enrichments(&acme, &[("print".to_owned(), "CEO")], now())
        .await
        .unwrap();
    let day = 86_400;
    let at_day = async |days: i64| {
        ledger
            .begin_enrichment::<String>(&acme, "print", at(days * day))
            .await
            .unwrap()
    };
    assert_eq!(at_day(29).await, Enrichment::Known("CEO".into()));
    assert_eq!(at_day(30).await, Enrichment::Yours);
    let other = ledger
        .begin_enrichment::<String>(&tenant_id("other"), "print", now())
        .await
        .unwrap();
    assert_eq!(other, Enrichment::Yours);
}

#[rstest]
#[tokio::test]
async fn a_question_that_nobody_finished_is_free_again(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (ledger, acme) = (stack.ledger(), tenant_id("acme"));
    let ask = async |seconds| {
        ledger
            .begin_enrichment::<String>(&acme, "print", at(seconds))
            .await
            .unwrap()
    };
    assert_eq!(ask(0).await, Enrichment::Yours);
    assert_eq!(ask(299).await, Enrichment::UnderWay);
    assert_eq!(ask(301).await, Enrichment::Yours);
    ledger
        .drop_enrichment(&acme, "print", at(302))
        .await
        .unwrap();
    assert_eq!(ask(303).await, Enrichment::Yours);
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Position {
    byte: u64,
    rows: u64,
}

#[rstest]
#[tokio::test]
async fn hub_1_of_two_runs_over_one_file_only_one_gets_ahead(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (ledger, acme, upload) = (stack.ledger(), tenant_id("acme"), "u1".parse().unwrap());
    assert!(
        ledger
            .checkpoint::<Position>(&acme, &upload)
            .await
            .unwrap()
            .is_none()
    );
    let position = Position {
        byte: 1_000,
        rows: 10,
    };
    assert_eq!(
        ledger
            .save_checkpoint(&acme, &upload, &position, 0)
            .await
            .unwrap(),
        Saved::Written
    );
    assert_eq!(
        ledger
            .save_checkpoint(&acme, &upload, &position, 0)
            .await
            .unwrap(),
        Saved::Conflict
    );
    assert_eq!(
        ledger.checkpoint(&acme, &upload).await.unwrap(),
        Some((position, 1))
    );
    let further = Position {
        byte: 2_000,
        rows: 20,
    };
    assert_eq!(
        ledger
            .save_checkpoint(&acme, &upload, &further, 1)
            .await
            .unwrap(),
        Saved::Written
    );
    assert_eq!(
        ledger
            .save_checkpoint(&acme, &upload, &further, 1)
            .await
            .unwrap(),
        Saved::Conflict
    );
}

#[rstest]
#[tokio::test]
async fn a_wash_batch_begins_once(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let ledger = stack.ledger();
    assert!(ledger.begin_batch("wash-1", now()).await.unwrap());
    assert!(!ledger.begin_batch("wash-1", now()).await.unwrap());
    assert!(ledger.begin_batch("wash-2", now()).await.unwrap());
}

#[rstest]
#[tokio::test]
async fn enr_2_a_daily_allowance_is_never_exceeded(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (ledger, acme, day) = (stack.ledger(), tenant_id("acme"), now().date_naive());
    let takes =
        (0..10).map(|_| ledger.take_daily(Some(&acme), "skip_traces", day, 300, 2_000, now()));
    let taken = join_all(takes)
        .await
        .into_iter()
        .filter(|taken| *taken.as_ref().unwrap())
        .count();
    assert_eq!(taken, 6);
    assert!(
        ledger
            .take_daily(Some(&acme), "skip_traces", day, 200, 2_000, now())
            .await
            .unwrap()
    );
    assert!(
        !ledger
            .take_daily(Some(&acme), "skip_traces", day, 1, 2_000, now())
            .await
            .unwrap()
    );
    assert!(
        !ledger
            .take_daily(None, "purchases", day, 3, 2, now())
            .await
            .unwrap()
    );
    assert!(
        ledger
            .take_daily(None, "purchases", day, 2, 2, now())
            .await
            .unwrap()
    );
}

#[rstest]
#[tokio::test]
async fn a_list_of_a_provider_is_marked_by_one_reader_at_a_time_and_each_list_by_itself(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let ledger = stack.ledger();
    let feed = |list, tenant: Option<&str>, account: Option<&str>| Feed {
        tenant: tenant.map(tenant_id),
        provider: Provider::Unipile,
        list,
        account: account.map(str::to_owned),
        pace: MESSAGES,
    };
    let seat = feed("messages", Some("acme"), Some("seat-1"));
    assert_eq!(ledger.poll_mark(&seat).await.unwrap(), (Mark::default(), 0));
    let mark = Mark {
        until: Some(at(5)),
        round: Some(Round {
            since: now(),
            began: at(9),
            cursor: Some("page 2".into()),
        }),
        queued: BTreeMap::from([("0m9ze4q6z7vq5bmx".into(), 7)]),
    };
    let writers = (0..5).map(|_| ledger.save_poll_mark(&seat, &mark, 0));
    let saved = join_all(writers).await;
    let written = saved
        .iter()
        .filter(|saved| matches!(saved, Ok(Saved::Written)))
        .count();
    assert_eq!(written, 1, "{saved:?}");
    assert_eq!(ledger.poll_mark(&seat).await.unwrap(), (mark, 1));
    let next = Mark::default();
    let stale = ledger.save_poll_mark(&seat, &next, 0).await.unwrap();
    assert_eq!(stale, Saved::Conflict);
    let saved = ledger.save_poll_mark(&seat, &next, 1).await.unwrap();
    assert_eq!(saved, Saved::Written);
    for other in [
        feed("relations", Some("acme"), Some("seat-1")),
        feed("messages", Some("acme"), Some("seat-2")),
        feed("messages", Some("other"), Some("seat-1")),
        feed("messages", None, None),
    ] {
        assert_eq!(ledger.poll_mark(&other).await.unwrap().1, 0, "{other:?}");
    }
}
