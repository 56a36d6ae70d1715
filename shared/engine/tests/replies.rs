//! Replies through the whole path over a world in memory: what follows into silence (FUP-1), gold labels (REP-5), and the
//! model with its budget (REP-4).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use chrono::{Duration, TimeDelta};
use touchline_domain::{
    inbox::{CallCause, TaskKind},
    replies::Intent,
    sending::{journey::PendingAnswer, touch::Purpose},
};
use touchline_engine::reply::{
    by_hand::{self, Words},
    refine::LIFETIME_BUDGET,
};
use world::{Model, World, now};

/// The rules are unsure what this means.
const UNCLEAR: &str = "The kettle is on the shelf.";

fn follow_up(world: &World) -> Option<PendingAnswer> {
    let journey = world.journey();
    journey
        .answers
        .into_iter()
        .find(PendingAnswer::is_follow_up)
}

#[tokio::test]
async fn rep_5_an_address_in_a_reply_makes_a_gold_label_a_call_and_fifty_points() {
    let world = World::new();
    world
        .reply("e1", "Sure, send it to ana@redgum.example")
        .await;
    let journey = world.journey();
    assert_eq!(journey.gold_labelled_at, Some(now()));
    assert_eq!(
        (journey.score(Some(40)), journey.score(Some(70))),
        (Some(90), Some(100))
    );
    let calls: Vec<CallCause> = world.tasks().iter().filter_map(|task| task.cause).collect();
    assert_eq!(calls, [CallCause::GoldLabel]);
}

#[tokio::test]
async fn fup_1_a_follow_up_waits_for_a_day_and_a_reply_takes_it_back() {
    let world = World::new();
    world
        .reply("e1", "Sure, send it to ana@redgum.example")
        .await;
    let waiting = follow_up(&world).unwrap();
    assert_eq!(waiting.due_at, now() + Duration::hours(24));
    assert_eq!(waiting.purpose, Purpose::Answer);
    world.reply("e2", "Thank you!").await;
    assert_eq!(follow_up(&world), None);
}

#[tokio::test]
async fn fup_1_an_automatic_reply_does_not_break_the_silence() {
    let world = World::new();
    world
        .reply("e1", "Sure, send it to ana@redgum.example")
        .await;
    let headers = [("Auto-Submitted", "auto-replied")];
    world
        .reply_with("e2", "I am out of office.", &headers)
        .await;
    assert!(follow_up(&world).is_some());
}

#[tokio::test]
async fn fup_1_a_question_leaves_a_reminder_an_hour_ahead_and_only_one() {
    let world = World::new();
    for _ in 0..3 {
        world.reply("e1", "How much does it cost?").await;
    }
    let reminders: Vec<_> = world
        .tasks()
        .into_iter()
        .filter(|task| task.kind == TaskKind::Question)
        .collect();
    assert_eq!(reminders.len(), 1);
    assert!(!reminders[0].is_due(now() + TimeDelta::minutes(59)));
    assert!(reminders[0].is_due(now() + TimeDelta::minutes(60)));
}

#[tokio::test]
async fn rep_2_an_opt_out_takes_every_waiting_message_back() {
    let world = World::new();
    world
        .reply("e1", "Sure, send it to ana@redgum.example")
        .await;
    world.reply("e2", "STOP").await;
    assert!(world.journey().answers.is_empty());
    assert!(world.is_suppressed());
}

#[tokio::test]
async fn a_persons_answer_takes_the_place_of_the_automatic_ones() {
    let world = World::new();
    world
        .reply("e1", "Sure, send it to ana@redgum.example")
        .await;
    let words = Words {
        channel: world.channel(),
        text: "It is on its way, Ana.",
        by: "ben",
    };
    let (tenant, lead) = world.key();
    let touch = by_hand::answer(&world, &tenant, &lead, words, now()).await;
    let waiting: Vec<PendingAnswer> = world.journey().answers;
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (Some(&waiting[0].touch), waiting[0].body.as_str()),
        (touch.unwrap().as_ref(), words.text)
    );
}

#[tokio::test]
async fn rep_4_a_model_is_asked_only_where_the_rules_are_unsure() {
    let world = World::new();
    let model = Model::saying(Intent::Question, 90);
    let sure = world.read(&model, "e1", "How much does it cost?").await;
    assert_eq!((model.asked(), sure.0), (0, Intent::Question));
    let unsure = world.read(&model, "e2", UNCLEAR).await;
    assert_eq!((model.asked(), unsure), (1, (Intent::Question, 90)));
}

#[tokio::test]
async fn rep_4_a_redelivered_reply_is_read_as_the_first_time_and_not_paid_for_again() {
    let world = World::new();
    let model = Model::saying(Intent::Question, 90);
    let first = world.read(&model, "e1", UNCLEAR).await;
    let spent = world.journey().model.spent;
    let again = world.read(&model, "e1", UNCLEAR).await;
    assert_eq!((first, model.asked()), (again, 1));
    assert_eq!(world.journey().model.spent, spent);
}

#[tokio::test]
async fn rep_4_a_spent_budget_sends_the_reply_to_a_person() {
    let world = World::new();
    let model = Model::saying(Intent::PositiveEngagement, 90);
    for n in 0..60 {
        world.read(&model, &format!("e{n}"), UNCLEAR).await;
    }
    let affordable = LIFETIME_BUDGET.0 / model.price_of_one().0;
    assert_eq!(i64::try_from(model.asked()).unwrap(), affordable);
    assert!(world.journey().model.spent <= LIFETIME_BUDGET);
    let (_, confidence) = world.read(&model, "last", UNCLEAR).await;
    assert!(confidence < 70);
    assert!(
        world
            .tasks()
            .iter()
            .any(|task| task.kind == TaskKind::Review)
    );
}

#[tokio::test]
async fn rep_4_a_model_that_does_not_answer_or_finds_an_opt_out_leaves_it_to_a_person() {
    for model in [Model::silent(), Model::saying(Intent::OptOut, 100)] {
        let world = World::new();
        let (intent, confidence) = world.read(&model, "e1", UNCLEAR).await;
        assert!(intent != Intent::OptOut && confidence < 70);
        assert!(!world.is_suppressed());
        assert!(
            world
                .tasks()
                .iter()
                .any(|task| task.kind == TaskKind::Review)
        );
    }
}

#[tokio::test]
async fn rep_2_no_model_is_asked_about_an_opt_out() {
    let world = World::new();
    let model = Model::saying(Intent::PositiveEngagement, 100);
    world.read(&model, "e1", "pls take me off your list").await;
    assert_eq!(model.asked(), 0);
    assert!(world.is_suppressed());
}
