//! The inbox and the call queue as people work them.

use futures::future::join_all;
use rstest::rstest;
use touchline_domain::{
    channel::Channel,
    inbox::{Bucket, CallCause, CallOutcome},
    sending::{
        inbox::{InboxMessage, Task, TaskKind},
        lead::Lead,
    },
};
use touchline_engine::reply::{Inbox as _, Kept};

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{at, lead, now, tenant_id},
    schema::Stack,
};

/// A message read as `intent`, some seconds after the epoch of the samples.
pub fn message(from: &Lead, id: &str, intent: &str, seconds: i64) -> InboxMessage {
    InboxMessage {
        id: id.to_owned(),
        tenant: from.tenant.clone(),
        lead: from.id.clone(),
        at: at(seconds),
        channel: Channel::Email,
        subject: None,
        text: "What does it cost?".to_owned(),
        intent: intent.to_owned(),
        confidence: 95,
        evidence: Vec::new(),
        automatic: false,
        raw_key: String::new(),
    }
}

fn task(about: &Lead, id: &str, kind: TaskKind, seconds: i64) -> Task {
    Task {
        id: id.to_owned(),
        tenant: about.tenant.clone(),
        lead: about.id.clone(),
        kind,
        at: at(seconds),
        channel: Channel::Email,
        cause: (kind == TaskKind::Call).then_some(CallCause::GoldLabel),
        done_by: None,
        done_at: None,
    }
}

#[rstest]
#[tokio::test]
async fn hook_3_a_message_counts_once_in_the_inbox_however_often_it_comes(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, ana) = (stack.store(&[]), lead("acme", "ana@example.com"));
    let first = message(&ana, "e1", "question", 1);
    let copies = join_all((0..5).map(|_| store.keep_message(&first))).await;
    let new = copies
        .iter()
        .filter(|kept| matches!(kept, Ok(Kept::New)))
        .count();
    assert_eq!(new, 1, "{copies:?}");
    let talk = store.conversation(&ana.tenant, &ana.id).await.unwrap();
    assert_eq!(talk.unwrap().unread, 1);
    assert_eq!(store.messages(&ana.tenant, &ana.id).await.unwrap().len(), 1);
}

#[rstest]
#[tokio::test]
async fn hook_3_a_copy_with_another_time_is_the_same_message_even_days_later(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, ana) = (stack.store(&[]), lead("acme", "ana@example.com"));
    let hours = |hours: i64| message(&ana, "e1", "question", hours * 3_600);
    // A webhook and a provider's list bring it at once, each with a time of its own.
    let (told, listed) = (hours(1), hours(2));
    let copies = [&told, &listed].map(|copy| store.keep_message(copy));
    let kept: Vec<Kept> = join_all(copies)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let new = kept.iter().filter(|kept| **kept == Kept::New).count();
    assert_eq!(new, 1, "{kept:?}");
    let [first] = &store.messages(&ana.tenant, &ana.id).await.unwrap()[..] else {
        panic!("one message is kept");
    };
    for copy in [hours(1), hours(2), hours(10 * 24)] {
        let again = store.keep_message(&copy).await.unwrap();
        assert_eq!(again, Kept::Before { at: first.at });
    }
    let talk = store.conversation(&ana.tenant, &ana.id).await.unwrap();
    assert_eq!(talk.unwrap().unread, 1);
}

#[rstest]
#[tokio::test]
async fn inb_1_messages_at_the_same_time_are_all_counted(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (store, ana) = (stack.store(&[]), lead("acme", "ana@example.com"));
    let messages: Vec<InboxMessage> = (0..4)
        .map(|n| message(&ana, &format!("e{n}"), "question", n))
        .collect();
    for kept in join_all(messages.iter().map(|message| store.keep_message(message))).await {
        assert_eq!(kept.unwrap(), Kept::New);
    }
    let lines = store.conversations(&ana.tenant).await.unwrap();
    assert_eq!((lines.len(), lines[0].unread), (1, 4));
    assert_eq!(lines[0].last_at, at(3));
    let other = store.conversations(&tenant_id("other")).await.unwrap();
    assert!(other.is_empty());
}

#[rstest]
#[tokio::test]
async fn inb_1_two_people_at_once_do_not_undo_each_other(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (store, ana) = (stack.store(&[]), lead("acme", "ana@example.com"));
    store
        .keep_message(&message(&ana, "e1", "other", 0))
        .await
        .unwrap();
    let assign = store.change_conversation(&ana.tenant, &ana.id, |talk| talk.assign(Some("ben")));
    let file = store.change_conversation(&ana.tenant, &ana.id, |talk| {
        talk.file(Bucket::Hot, "cleo", at(5));
    });
    let (assigned, filed) = futures::future::join(assign, file).await;
    assert!(assigned.unwrap().is_some() && filed.unwrap().is_some());
    let talk = store
        .conversation(&ana.tenant, &ana.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(talk.assignee.as_deref(), Some("ben"));
    assert_eq!((talk.bucket, talk.moves.len()), (Bucket::Hot, 2));
}

#[rstest]
#[tokio::test]
async fn nobody_works_a_conversation_that_there_is_not(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (store, ana) = (stack.store(&[]), lead("acme", "ana@example.com"));
    let changed = store
        .change_conversation(&ana.tenant, &ana.id, |talk| talk.assign(Some("ben")))
        .await;
    assert_eq!(changed.unwrap(), None);
}

#[rstest]
#[tokio::test]
async fn rep_5_a_gold_label_is_in_the_call_queue_once_and_agents_get_different_calls(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.store(&[]);
    let leads = ["ana@example.com", "ben@example.com"].map(|email| lead("acme", email));
    for (n, lead) in leads.iter().enumerate() {
        let gold = task(lead, &format!("t{n}"), TaskKind::Call, 0);
        store.keep_task(&gold).await.unwrap();
        store.keep_task(&gold).await.unwrap();
    }
    let acme = tenant_id("acme");
    assert_eq!(store.open_calls(&acme).await.unwrap().len(), 2);

    let (one, two) = futures::future::join(
        store.take_next_call(&acme, "cleo"),
        store.take_next_call(&acme, "dan"),
    )
    .await;
    let (one, two) = (one.unwrap().unwrap(), two.unwrap().unwrap());
    assert_ne!(one.id, two.id);
    assert_eq!(store.take_next_call(&acme, "eve").await.unwrap(), None);
    let again = store.take_next_call(&acme, "cleo").await.unwrap().unwrap();
    assert_eq!(again.id, one.id);

    let done = |agent| store.complete_call(&one, agent, CallOutcome::Meeting, now());
    assert!(!done("dan").await.unwrap());
    assert!(done("cleo").await.unwrap());
    let open = store.open_calls(&acme).await.unwrap();
    assert_eq!((open.len(), &open[0].id), (1, &two.id));
    let tasks = store.tasks_due(&acme, at(10)).await.unwrap();
    assert_eq!((tasks.len(), &tasks[0].id), (1, &two.id));
}

#[rstest]
#[tokio::test]
async fn fup_1_a_reminder_is_due_in_its_time_and_not_after_somebody_acted(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.store(&[]);
    let (ana, ben) = (
        lead("acme", "ana@example.com"),
        lead("acme", "ben@example.com"),
    );
    for (about, id) in [(&ana, "t1"), (&ben, "t2")] {
        let reminder = task(about, id, TaskKind::Question, 3_600);
        store.keep_task(&reminder).await.unwrap();
    }
    assert!(
        store
            .tasks_due(&ana.tenant, at(3_599))
            .await
            .unwrap()
            .is_empty()
    );
    let ended = store
        .finish_tasks_of(&ana.tenant, &ana.id, "cleo", at(60))
        .await
        .unwrap();
    assert_eq!(ended, 1);
    let due = store.tasks_due(&ana.tenant, at(3_600)).await.unwrap();
    assert_eq!((due.len(), &due[0].lead), (1, &ben.id));
}
