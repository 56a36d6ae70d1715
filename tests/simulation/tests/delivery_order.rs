//! Delivery events and a reply, in every order and any number of times, end in the same state (HOOK-3, invariant 7):
//! through the engine's own delivery and reply paths.

#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;
use touchline_domain::{
    channel::Channel,
    events::EventKind,
    sending::{
        Reason,
        journey::{EnrolmentState, Journey},
        touch::{Outcome, Signal},
    },
};
use touchline_engine::facts;
use touchline_simulation::{
    model::{lock, table::TouchRow},
    stage::Stage,
    tasks::{Change, Words},
};

/// What arrives after a touch was sent.
const EVENTS: [&str; 6] = [
    "sent",
    "delivered",
    "bounced",
    "unsubscribed",
    "complained",
    "replied",
];

fn happen(stage: &Stage, name: &str) {
    let kind = match name {
        "sent" => EventKind::Sent,
        "delivered" => EventKind::Delivered,
        "bounced" => EventKind::HardBounced {
            code: "5.1.1".into(),
            address: None,
        },
        "unsubscribed" => EventKind::Unsubscribed { address: None },
        "complained" => EventKind::Complained { address: None },
        _ => {
            stage
                .change("reply-1", Change::Says(Words::Question, Channel::Email))
                .finish();
            return;
        }
    };
    stage
        .event(&format!("event-{name}"), kind)
        .unwrap()
        .finish();
}

/// Everything that a later decision or an operator could see, save when it happened and how often it was written.
#[derive(Debug, PartialEq)]
struct State {
    touch: TouchRow,
    journey: Journey,
    suppressed: bool,
}

fn after(events: &[&str]) -> State {
    let stage = Stage::new().unwrap();
    stage.ordinary_sender().unwrap().finish();
    assert_eq!(stage.times_taken(), 1);
    for event in events {
        happen(&stage, event);
    }
    let world = lock(&stage.world);
    let row = world.table.row(&stage.lead.id).unwrap();
    let mut journey = row.journey.clone();
    journey.version = 0;
    journey.replied_at = journey.replied_at.map(|_| Default::default());
    journey
        .answers
        .iter_mut()
        .for_each(|answer| answer.due_at = Default::default());
    let hash = facts::address_of(&row.lead, Channel::Email).unwrap().hash();
    let known = world.table.address(&row.lead.tenant, &hash, None);
    assert_eq!(world.found.0, []);
    State {
        touch: row.touches[&stage.first_touch().unwrap()].clone(),
        journey,
        suppressed: known.suppressions.iter().any(|s| s.forbids(Channel::Email)),
    }
}

fn permutations(items: &[&'static str]) -> Vec<Vec<&'static str>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let rest: Vec<&'static str> = items
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != index)
            .map(|(_, item)| *item)
            .collect();
        all.extend(permutations(&rest).into_iter().map(|mut tail| {
            tail.push(item);
            tail
        }));
    }
    all
}

#[test]
fn hook_3_every_order_of_events_with_duplicates_ends_in_the_same_state() {
    let expected = after(&EVENTS);
    assert_eq!(
        expected.touch.record.as_ref().unwrap().outcome,
        Outcome::Sent
    );
    assert_eq!(expected.touch.signals.last(), Some(&Signal::Complained));
    assert_eq!(
        expected.journey.enrolments[0].state,
        EnrolmentState::Stopped {
            reason: Reason::Complained
        }
    );
    assert!(expected.suppressed);
    for order in permutations(&EVENTS) {
        for told in told_again(&order) {
            assert_eq!(after(&told), expected, "{told:?}");
        }
    }
}

/// An order of events as it may be told: once, each twice in a row, all of it twice, and backwards once more.
fn told_again(order: &[&'static str]) -> [Vec<&'static str>; 4] {
    let twice_in_a_row = order.iter().flat_map(|event| [*event, *event]).collect();
    let backwards = order.iter().chain(order.iter().rev()).copied().collect();
    [order.to_vec(), twice_in_a_row, order.repeat(2), backwards]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn hook_3_duplicates_in_any_place_change_nothing(
        chosen in proptest::sample::subsequence(EVENTS.to_vec(), 1..=EVENTS.len()),
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let expected = after(&chosen);
        let mut events: Vec<&str> = picks.iter().map(|pick| *pick.get(&chosen)).collect();
        // Each at least once, whatever was drawn, and the order is not the one of `chosen`.
        events.extend(chosen.iter().rev());
        prop_assert_eq!(after(&events), expected, "{:?}", events);
    }
}
