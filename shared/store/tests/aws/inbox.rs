//! Conversations, tasks, calls.

use futures::future::join_all;
use rstest::rstest;
use touchline_domain::inbox::{Call, CallOutcome, TaskKind};
use touchline_engine::{
    desk::{
        calls::{Assignment, CallQueue as _},
        inbox::{Conversations as _, Tasks as _},
    },
    reply::Kept,
};

use crate::{
    desk::inbox::{message, task},
    engine::Engine::{self, Emulator, Rust},
    samples::{at, lead, now, tenant_id},
    schema::Stack,
};

#[rstest]
#[tokio::test]
async fn a_conversation_is_in_order_of_time_and_of_one_tenant(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (inbox, ana) = (stack.inbox(), lead("acme", "ana@example.com"));
    for (id, seconds) in [("e2", 9), ("e1", 3)] {
        let message = message(&ana, id, "question", seconds);
        assert_eq!(inbox.receive(&message).await.unwrap(), Kept::New);
    }
    let messages = inbox.messages(&ana.tenant, &ana.id).await.unwrap();
    let ids: Vec<&str> = messages.iter().map(|message| message.id.as_str()).collect();
    assert_eq!(ids, ["e1", "e2"]);
    let none = inbox.messages(&tenant_id("other"), &ana.id).await;
    assert!(none.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_task_is_kept_once_and_finished_once(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (inbox, acme) = (stack.inbox(), tenant_id("acme"));
    let task = task(
        &lead("acme", "ana@example.com"),
        "t1",
        TaskKind::Question,
        0,
    );
    assert!(inbox.keep_task(&acme, now(), "t1", &task).await.unwrap());
    assert!(!inbox.keep_task(&acme, now(), "t1", &task).await.unwrap());
    assert!(
        inbox
            .finish_task(&acme, now(), "t1", "ana", at(60))
            .await
            .unwrap()
    );
    assert!(
        !inbox
            .finish_task(&acme, now(), "t1", "ben", at(61))
            .await
            .unwrap()
    );
    assert!(
        !inbox
            .finish_task(&acme, now(), "t2", "ana", at(60))
            .await
            .unwrap()
    );
    let tasks = inbox.tasks(&acme).await.unwrap();
    assert_eq!((tasks.len(), tasks[0].done_by.as_deref()), (1, Some("ana")));
}

#[rstest]
#[tokio::test]
async fn call_1_a_call_goes_to_one_agent_at_a_time(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (inbox, ana) = (stack.inbox(), lead("acme", "ana@example.com"));
    let call = |id: &str, priority| Call {
        id: id.into(),
        tenant: ana.tenant.clone(),
        lead: ana.id.clone(),
        priority,
        at: now(),
        cause: "gold_label".into(),
        agent: None,
        result: None,
        done_at: None,
    };
    assert!(inbox.add_call(&call("later", 5)).await.unwrap());
    let urgent = call("urgent", 1);
    assert!(inbox.add_call(&urgent).await.unwrap());
    assert!(!inbox.add_call(&urgent).await.unwrap());
    assert_eq!(inbox.calls(&ana.tenant).await.unwrap()[0].id, "urgent");

    let agents: Vec<String> = (0..6).map(|n| format!("agent-{n}")).collect();
    let answers = join_all(agents.iter().map(|agent| inbox.assign_call(&urgent, agent))).await;
    let winners: Vec<&String> = agents
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| matches!(answer, Ok(Assignment::Agent)))
        .map(|(agent, _)| agent)
        .collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    let loser = agents.iter().find(|agent| *agent != winners[0]).unwrap();
    assert_eq!(
        inbox.assign_call(&urgent, loser).await.unwrap(),
        Assignment::Other(winners[0].clone())
    );
    assert!(
        !inbox
            .complete_call(&urgent, loser, CallOutcome::Meeting, at(60))
            .await
            .unwrap()
    );
    assert!(
        inbox
            .complete_call(&urgent, winners[0], CallOutcome::Meeting, at(60))
            .await
            .unwrap()
    );
    assert_eq!(
        inbox.assign_call(&urgent, winners[0]).await.unwrap(),
        Assignment::Nobody
    );
    assert_eq!(
        inbox.assign_call(&call("nowhere", 1), loser).await.unwrap(),
        Assignment::Nobody
    );
}

#[rstest]
#[tokio::test]
async fn hook_4_an_event_without_a_lead_is_kept(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let inbox = stack.inbox();
    let event = serde_json::json!({ "from": "unknown" });
    let day = now().date_naive();
    assert!(inbox.keep_unmatched(day, "e1", &event).await.unwrap());
    assert!(!inbox.keep_unmatched(day, "e1", &event).await.unwrap());
    assert_eq!(
        inbox
            .unmatched::<serde_json::Value>(day)
            .await
            .unwrap()
            .len(),
        1
    );
}
