//! The seven situations that an idempotency library is judged by (parallel execution, in-progress expiry, expiry, payload
//! change, optional key, replayed result, concurrent threads), told as stories of the send path (SEND-1): here the key is
//! the touch, the store of results is journey and record, and the effect that must not happen twice is the message at
//! the provider.

#![allow(clippy::unwrap_used, clippy::panic)]

use chrono::Duration;
use touchline_domain::{
    ids::LeadId,
    sending::{journey::CLAIM_LEASE_SECS, touch::Outcome},
};
use touchline_engine::{job::TouchJob, send::Disposition};
use touchline_simulation::{
    model::{World, lock},
    stage::Stage,
    tasks::End,
};

fn disposition(end: End) -> Disposition {
    match end {
        End::Sent(result) => result.unwrap(),
        End::Done(_) => panic!("not a sender"),
    }
}

fn claimed(world: &World) -> bool {
    world.table.rows().any(|row| row.journey.claim.is_some())
}

fn recorded(stage: &Stage) -> Option<Outcome> {
    let touch = stage.first_touch().unwrap();
    lock(&stage.world)
        .table
        .touch(&stage.lead.id, &touch)
        .map(|record| record.outcome)
}

fn assert_no_violation(stage: &Stage) {
    assert_eq!(lock(&stage.world).found.0, []);
}

#[test]
fn parallel_execution_of_one_message_reaches_the_provider_once() {
    let stage = Stage::new().unwrap();
    let (mut one, mut two) = (
        stage.ordinary_sender().unwrap(),
        stage.ordinary_sender().unwrap(),
    );
    let (mut first, mut second) = (None, None);
    while first.is_none() || second.is_none() {
        first = first.or_else(|| one_step(&mut one));
        second = second.or_else(|| one_step(&mut two));
    }
    assert_eq!(stage.times_taken(), 1);
    assert!(
        [first, second]
            .into_iter()
            .flatten()
            .any(|d| matches!(d, Disposition::Retry { .. }))
    );
    assert_no_violation(&stage);
}

fn one_step(actor: &mut touchline_simulation::stage::Actor) -> Option<Disposition> {
    actor.step().map(disposition)
}

#[test]
fn in_progress_expiry_a_claim_holds_others_off_until_its_lease_ends() {
    let stage = Stage::new().unwrap();
    let mut dead = stage.ordinary_sender().unwrap();
    assert!(dead.step_until(claimed).is_none());
    drop(dead);
    let early = disposition(stage.ordinary_sender().unwrap().finish());
    assert!(matches!(early, Disposition::Retry { .. }), "{early:?}");
    assert_eq!(stage.times_taken(), 0);

    stage.pass(Duration::seconds(CLAIM_LEASE_SECS + 1));
    disposition(stage.ordinary_sender().unwrap().finish());
    stage.pass(Duration::seconds(2));
    disposition(stage.ordinary_sender().unwrap().finish());
    // The provider knew nothing of it, so it was sent now; had the provider not been able to tell, it would be unknown.
    match recorded(&stage) {
        Some(Outcome::Sent) => assert_eq!(stage.times_taken(), 1),
        other => assert_eq!((other, stage.times_taken()), (Some(Outcome::Unknown), 0)),
    }
    assert_no_violation(&stage);
}

#[test]
fn expiry_a_finished_touch_has_none() {
    let stage = Stage::new().unwrap();
    let message = stage.message(lock(&stage.world).now);
    disposition(stage.sender(message.clone()).unwrap().finish());
    assert_eq!(recorded(&stage), Some(Outcome::Sent));
    stage.pass(Duration::hours(9));
    assert_eq!(
        disposition(stage.sender(message.clone()).unwrap().finish()),
        Disposition::NothingDue
    );
    stage.pass(Duration::days(400));
    let _ = stage.sender(message).unwrap().finish();
    assert_eq!(stage.times_taken(), 1);
    assert_no_violation(&stage);
}

#[test]
fn payload_change_a_changed_message_names_the_same_touch() {
    let stage = Stage::new().unwrap();
    let now = lock(&stage.world).now;
    disposition(stage.sender(stage.message(now)).unwrap().finish());
    let changed = stage.message(now + Duration::minutes(3));
    assert_eq!(
        disposition(stage.sender(changed).unwrap().finish()),
        Disposition::NothingDue
    );
    assert_eq!(stage.times_taken(), 1);
    assert_no_violation(&stage);
}

#[test]
fn optional_key_a_message_that_names_nobody_does_nothing() {
    let stage = Stage::new().unwrap();
    let tenant = stage.lead.tenant.clone();
    let lead = LeadId::derive(&tenant, "nobody@lead.example");
    let message = TouchJob::V1 {
        tenant,
        lead,
        due_at: lock(&stage.world).now,
    };
    assert_eq!(
        disposition(stage.sender(message).unwrap().finish()),
        Disposition::NothingDue
    );
    assert_eq!(lock(&stage.world).providers.taken(), 0);
}

#[test]
fn replayed_result_a_known_outcome_comes_from_its_record_without_a_second_call() {
    let stage = Stage::new().unwrap();
    let (lead, touch) = (stage.lead.id.clone(), stage.first_touch().unwrap());
    let mut dead = stage.ordinary_sender().unwrap();
    assert!(
        dead.step_until(|world| world.table.touch(&lead, &touch).is_some())
            .is_none()
    );
    drop(dead);
    assert_eq!(stage.times_taken(), 1);
    stage.pass(Duration::seconds(CLAIM_LEASE_SECS + 1));
    let replayed = disposition(stage.ordinary_sender().unwrap().finish());
    assert_eq!(
        replayed,
        Disposition::Ended {
            outcome: Outcome::Sent,
            reason: None
        }
    );
    assert_eq!(stage.times_taken(), 1);
    let world = lock(&stage.world);
    assert_eq!(
        world.table.row(&lead).unwrap().journey.enrolments[0].step,
        1
    );
    assert_eq!(world.found.0, []);
}

#[test]
fn concurrent_threads_share_nothing_but_the_store() {
    for _ in 0..20 {
        let stage = Stage::new().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| stage.ordinary_sender().unwrap().finish());
            }
        });
        assert_eq!(stage.times_taken(), 1);
        assert_no_violation(&stage);
    }
}
