//! Opt-outs that an earlier form of the engine let slip (REP-2), each told as a story.

#![allow(clippy::unwrap_used)]

use touchline_domain::{
    channel::Channel,
    events::EventKind,
    sending::{Reason, journey::EnrolmentState},
};
use touchline_engine::facts;
use touchline_simulation::{
    model::lock,
    stage::Stage,
    tasks::{Change, Words},
};

/// A stage on which the first touch was sent.
fn after_the_first_touch() -> Stage {
    let stage = Stage::new().unwrap();
    stage.ordinary_sender().unwrap().finish();
    assert_eq!(stage.times_taken(), 1);
    stage
}

fn happens(stage: &Stage, id: &str, kind: EventKind) {
    stage.event(id, kind).unwrap().finish();
}

fn says(stage: &Stage, id: &str, words: Words) {
    stage
        .change(id, Change::Says(words, Channel::Email))
        .finish();
}

fn bounce() -> EventKind {
    EventKind::HardBounced {
        code: "5.1.1".into(),
        address: None,
    }
}

fn state(stage: &Stage) -> EnrolmentState {
    let world = lock(&stage.world);
    let row = world.table.row(&stage.lead.id).unwrap();
    row.journey.enrolments[0].state.clone()
}

fn waiting_answers(stage: &Stage) -> usize {
    let world = lock(&stage.world);
    let row = world.table.row(&stage.lead.id).unwrap();
    row.journey.answers.len()
}

fn is_suppressed(stage: &Stage, channel: Channel) -> bool {
    let hash = facts::address_of(&stage.lead, channel).unwrap().hash();
    let world = lock(&stage.world);
    let known = world.table.address(&stage.lead.tenant, &hash, None);
    known.suppressions.iter().any(|s| s.forbids(channel))
}

#[test]
fn an_unsubscribe_link_in_an_email_holds_for_the_number_too() {
    let stage = after_the_first_touch();
    assert!(!is_suppressed(&stage, Channel::Sms));
    happens(&stage, "u", EventKind::Unsubscribed { address: None });
    assert!(is_suppressed(&stage, Channel::Email));
    assert!(is_suppressed(&stage, Channel::Sms));
}

#[test]
fn a_hard_bounce_suppresses_its_own_address_only() {
    let stage = after_the_first_touch();
    happens(&stage, "b", bounce());
    assert!(is_suppressed(&stage, Channel::Email));
    assert!(!is_suppressed(&stage, Channel::Sms));
}

#[test]
fn an_opt_out_from_an_address_that_is_suppressed_already_ends_everything() {
    let stage = after_the_first_touch();
    happens(&stage, "b", bounce());
    says(&stage, "r", Words::OptOut);
    let reason = Reason::OptedOut;
    assert_eq!(state(&stage), EnrolmentState::Stopped { reason });
    assert!(is_suppressed(&stage, Channel::Sms));
}

#[test]
fn somebody_who_writes_from_an_address_that_once_bounced_is_heard() {
    let stage = after_the_first_touch();
    happens(&stage, "b", bounce());
    says(&stage, "r", Words::Question);
    assert!(matches!(state(&stage), EnrolmentState::Paused { .. }));
    assert_eq!(waiting_answers(&stage), 1);
}

#[test]
fn who_complained_after_a_bounce_is_not_answered() {
    let stage = after_the_first_touch();
    happens(&stage, "b", bounce());
    happens(&stage, "c", EventKind::Complained { address: None });
    says(&stage, "r", Words::Question);
    assert_eq!(waiting_answers(&stage), 0);
}
