//! Records and signals of one touch, in any order.

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use rstest::rstest;
use touchline_domain::sending::touch::{Outcome, Signal};
use touchline_engine::ports::Journeys;

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{at, lead, touch, touch_id},
    schema::Stack,
};

/// What arrives about one touch.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Arrival {
    Record,
    Signal(Signal, i64),
}

const ARRIVALS: [Arrival; 6] = [
    Arrival::Record,
    Arrival::Signal(Signal::Sent, 1),
    Arrival::Signal(Signal::Delivered, 5),
    Arrival::Signal(Signal::Delivered, 5),
    Arrival::Signal(Signal::Opened, 90),
    Arrival::Signal(Signal::Opened, 30),
];

#[rstest]
#[tokio::test]
async fn hook_3_records_and_signals_end_in_one_state_in_any_order(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let leads = stack.leads();
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let orders = Just(ARRIVALS.to_vec()).prop_shuffle();
    let mut seen = None;
    for n in 0..12 {
        let order = orders.new_tree(&mut runner).unwrap().current();
        let who = lead("acme", &format!("lead{n}@example.com"));
        for arrival in &order {
            match arrival {
                Arrival::Record => leads
                    .put_touch(&touch(&who, Outcome::Unknown))
                    .await
                    .unwrap(),
                Arrival::Signal(signal, secs) => {
                    leads
                        .add_signal(&who.tenant, &who.id, &touch_id(&who), *signal, at(*secs))
                        .await
                        .unwrap();
                }
            }
        }
        let record = leads
            .touch_record(&who.tenant, &who.id, &touch_id(&who))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(record.touch.outcome, Outcome::Sent, "{order:?}");
        assert_eq!(record.touch.reason, None, "{order:?}");
        let state = (record.signals, record.signalled_at);
        assert_eq!(
            *seen.get_or_insert_with(|| state.clone()),
            state,
            "{order:?}"
        );
    }
    let (signals, times) = seen.unwrap();
    assert_eq!(
        signals,
        [Signal::Sent, Signal::Delivered, Signal::Opened].into()
    );
    assert_eq!(times[&Signal::Opened], at(30));
}

#[rstest]
#[tokio::test]
async fn a_signal_is_new_once(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (leads, ana) = (stack.leads(), lead("acme", "ana@example.com"));
    let touch = touch_id(&ana);
    let is_new = async |signal| {
        leads
            .add_signal(&ana.tenant, &ana.id, &touch, signal, at(0))
            .await
            .unwrap()
    };
    assert!(is_new(Signal::Delivered).await);
    assert!(!is_new(Signal::Delivered).await);
    assert!(is_new(Signal::Opened).await);
}

#[rstest]
#[tokio::test]
async fn signals_alone_are_no_touch(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (leads, ana) = (stack.leads(), lead("acme", "ana@example.com"));
    leads
        .add_signal(&ana.tenant, &ana.id, &touch_id(&ana), Signal::Sent, at(0))
        .await
        .unwrap();
    assert!(
        leads
            .touch(&ana.tenant, &ana.id, &touch_id(&ana))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        leads
            .touches(&ana.tenant, &ana.id)
            .await
            .unwrap()
            .is_empty()
    );
}

#[rstest]
#[tokio::test]
async fn send_4_of_two_records_the_stronger_stays_whichever_comes_last(
    #[values(Rust, Emulator)] engine: Engine,
) {
    const STRONGEST_FIRST: [Outcome; 5] = [
        Outcome::Sent,
        Outcome::Unknown,
        Outcome::Failed,
        Outcome::Stopped,
        Outcome::Skipped,
    ];
    let stack = Stack::new(engine).await;
    let leads = stack.leads();
    for (place, stronger) in STRONGEST_FIRST.into_iter().enumerate() {
        for weaker in STRONGEST_FIRST.into_iter().skip(place + 1) {
            for order in [[stronger, weaker], [weaker, stronger]] {
                let who = lead("acme", &format!("{}-{}@example.com", order[0], order[1]));
                for outcome in order {
                    leads.put_touch(&touch(&who, outcome)).await.unwrap();
                }
                let stored = leads.touch(&who.tenant, &who.id, &touch_id(&who)).await;
                assert_eq!(stored.unwrap(), Some(touch(&who, stronger)), "{order:?}");
            }
        }
    }
}

#[rstest]
#[tokio::test]
async fn send_2_an_unknown_record_that_comes_again_does_not_undo_what_a_signal_proved(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (leads, ana) = (stack.leads(), lead("acme", "ana@example.com"));
    let unknown = touch(&ana, Outcome::Unknown);
    leads.put_touch(&unknown).await.unwrap();
    leads
        .add_signal(&ana.tenant, &ana.id, &unknown.id, Signal::Delivered, at(1))
        .await
        .unwrap();
    leads.put_touch(&unknown).await.unwrap();
    let stored = leads.touch(&ana.tenant, &ana.id, &unknown.id).await;
    assert_eq!(stored.unwrap().unwrap().outcome, Outcome::Sent);
}

#[rstest]
#[tokio::test]
async fn the_same_record_again_changes_nothing_and_a_newer_one_leaves_nothing_behind(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (leads, ana) = (stack.leads(), lead("acme", "ana@example.com"));
    let unknown = touch(&ana, Outcome::Unknown);
    leads.put_touch(&unknown).await.unwrap();
    leads.put_touch(&unknown).await.unwrap();
    assert_eq!(
        leads
            .touch(&ana.tenant, &ana.id, &unknown.id)
            .await
            .unwrap()
            .unwrap(),
        unknown
    );
    let sent = touch(&ana, Outcome::Sent);
    leads.put_touch(&sent).await.unwrap();
    assert_eq!(
        leads.touches(&ana.tenant, &ana.id).await.unwrap()[0].touch,
        sent
    );
}
