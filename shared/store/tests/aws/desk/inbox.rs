//! The inbox as people work it.

use futures::future::{join, join_all};
use rstest::rstest;
use touchline_domain::{
    channel::Channel,
    ids::TouchId,
    inbox::{Bucket, CallCause, Conversation, InboxMessage, Task, TaskKind},
    sending::{journey::Journey, lead::Lead},
};
use touchline_engine::{
    desk::{
        Changed, Documents, Versioned,
        inbox::{self, Answer, Conversations as _, Filter, Replied, Tasks as _, Which},
    },
    enrich::EnrichStore as _,
    ports::Journeys as _,
    reply::{Inbox as _, Kept},
};
use touchline_store::Store;

use super::{actor, changed};
use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{self, at, lead, now, tenant_id},
    schema::Stack,
};

/// The line of a lead.
pub async fn line(store: &Store, lead: &Lead) -> Versioned<Conversation> {
    let read = store.inbox.read(&lead.tenant, &lead.id).await;
    read.unwrap().unwrap()
}

fn of(lead: &Lead, seen: Option<u64>) -> Which<'_> {
    Which {
        tenant: &lead.tenant,
        lead: &lead.id,
        seen,
    }
}

/// A lead that is in a campaign and has asked something.
pub async fn asked(store: &Store, email: &str) -> Lead {
    let lead = lead("acme", email);
    store
        .put_leads(&lead.tenant, std::slice::from_ref(&lead))
        .await
        .unwrap();
    store
        .save(&samples::journey(&lead, now()), 0)
        .await
        .unwrap();
    store
        .keep_message(&message(&lead, "e1", "question", 0))
        .await
        .unwrap();
    lead
}

async fn journey(store: &Store, lead: &Lead) -> Journey {
    store.load(&lead.tenant, &lead.id).await.unwrap().unwrap().1
}

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

pub fn task(about: &Lead, id: &str, kind: TaskKind, seconds: i64) -> Task {
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
    assert_eq!(line(&store, &ana).await.value.unread, 1);
    assert_eq!(
        store
            .inbox
            .messages(&ana.tenant, &ana.id)
            .await
            .unwrap()
            .len(),
        1
    );
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
    let [first] = &store.inbox.messages(&ana.tenant, &ana.id).await.unwrap()[..] else {
        panic!("one message is kept");
    };
    for copy in [hours(1), hours(2), hours(10 * 24)] {
        let again = store.keep_message(&copy).await.unwrap();
        assert_eq!(again, Kept::Before { at: first.at });
    }
    assert_eq!(line(&store, &ana).await.value.unread, 1);
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
    let lines = store.inbox.lines(&ana.tenant).await.unwrap();
    assert_eq!((lines.len(), lines[0].unread), (1, 4));
    assert_eq!(lines[0].last_at, at(3));
    let other = store.inbox.lines(&tenant_id("other")).await.unwrap();
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
    let (ben, cleo) = (actor("ben"), actor("cleo"));
    let assign = inbox::assign(&store.inbox, &ben, of(&ana, None), Some("ben"));
    let file = inbox::file(&store.inbox, &cleo, of(&ana, None), Bucket::Hot, at(5));
    let (assigned, filed) = join(assign, file).await;
    let (assigned, filed) = (changed(assigned.unwrap()), changed(filed.unwrap()));
    let mut versions = [assigned.after.version, filed.after.version];
    versions.sort_unstable();
    assert_eq!(versions, [1, 2]);
    let talk = line(&store, &ana).await;
    assert_eq!((talk.version, talk.value.version), (2, 2));
    assert_eq!(talk.value.assignee.as_deref(), Some("ben"));
    assert_eq!(
        (talk.value.bucket, talk.value.moves.len()),
        (Bucket::Hot, 2)
    );
}

#[rstest]
#[tokio::test]
async fn inb_1_who_saw_an_older_line_is_shown_the_newer_one(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.store(&[]);
    let (ana, ben) = (asked(&store, "ana@example.com").await, actor("ben"));
    let reminder = task(&ana, "t1", TaskKind::Question, 0);
    store.keep_task(&reminder).await.unwrap();
    changed(
        inbox::read(&store.inbox, &ben, of(&ana, Some(0)))
            .await
            .unwrap(),
    );
    let stands = Changed::Contended(line(&store, &ana).await);
    let late = of(&ana, Some(0));
    let snoozed = inbox::snooze(&store.inbox, &ben, late, at(60)).await;
    assert_eq!(snoozed.unwrap(), stands);
    let closed = inbox::close(&store.inbox, &ben, late, at(60)).await;
    assert_eq!(closed.unwrap(), stands);
    let due = inbox::tasks(&store.inbox, &ana.tenant, at(60))
        .await
        .unwrap();
    assert_eq!(due, [reminder], "a refused close ends no task");
}

#[rstest]
#[tokio::test]
async fn nobody_works_a_conversation_that_there_is_not(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (store, ana) = (stack.store(&[]), lead("acme", "ana@example.com"));
    let (ben, which) = (actor("ben"), of(&ana, None));
    let assigned = inbox::assign(&store.inbox, &ben, which, Some("ben")).await;
    assert_eq!(assigned.unwrap(), Changed::NoSuch);
    let closed = inbox::close(&store.inbox, &ben, which, now()).await;
    assert_eq!(closed.unwrap(), Changed::NoSuch);
    assert_eq!(replied(&store, "ben", which, "Hi").await, Replied::NoSuch);
    let shown = inbox::show(&store.inbox, &store.leads, &ana.tenant, &ana.id, now()).await;
    assert!(shown.unwrap().is_none());
}

async fn replied(store: &Store, who: &str, which: Which<'_>, text: &str) -> Replied {
    let answer = Answer {
        text,
        channel: None,
    };
    let replied = inbox::reply(&store.inbox, store, &actor(who), which, answer, at(30)).await;
    replied.unwrap()
}

fn touch_of(replied: &Replied) -> Option<&TouchId> {
    match replied {
        Replied::Queued { touch, .. } => Some(touch),
        _ => None,
    }
}

#[rstest]
#[tokio::test]
async fn inb_1_of_two_who_answer_the_same_line_at_once_one_does_and_the_other_is_shown_it(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.store(&[]);
    let ana = asked(&store, "ana@example.com").await;
    let reminder = task(&ana, "t1", TaskKind::Question, 0);
    store.keep_task(&reminder).await.unwrap();
    let seen = of(&ana, Some(0));
    let (one, two) = join(
        replied(&store, "ben", seen, "It is 12 dollars."),
        replied(&store, "cleo", seen, "I call you."),
    )
    .await;
    let both = [one, two];
    let queued: Vec<&TouchId> = both.iter().filter_map(touch_of).collect();
    assert_eq!(queued.len(), 1, "{both:?}");
    assert!(
        both.iter().any(|r| matches!(r, Replied::Contended(_))),
        "{both:?}"
    );
    let waiting = journey(&store, &ana).await.answers;
    let waiting: Vec<&TouchId> = waiting.iter().map(|answer| &answer.touch).collect();
    assert_eq!(waiting, queued);
    let talk = line(&store, &ana).await.value;
    assert_eq!((talk.unread, talk.waiting_since), (0, None));
    let due = inbox::tasks(&store.inbox, &ana.tenant, at(60))
        .await
        .unwrap();
    assert!(due.is_empty(), "{due:?}");
}

#[rstest]
#[tokio::test]
async fn inb_1_what_two_people_answer_one_after_the_other_both_leaves(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.store(&[]);
    let ana = asked(&store, "ana@example.com").await;
    let first = replied(&store, "ben", of(&ana, None), "It is 12 dollars.").await;
    let second = replied(&store, "cleo", of(&ana, None), "I call you.").await;
    let waiting = journey(&store, &ana).await.answers;
    let waiting: Vec<_> = waiting.iter().map(|answer| Some(&answer.touch)).collect();
    assert_eq!(waiting, [touch_of(&first), touch_of(&second)]);
}

#[rstest]
#[tokio::test]
async fn an_answer_needs_words_and_a_campaign(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (store, ben) = (stack.store(&[]), lead("acme", "ben@example.com"));
    let ana = asked(&store, "ana@example.com").await;
    assert_eq!(
        replied(&store, "cleo", of(&ana, None), " \n").await,
        Replied::NoWords
    );
    store
        .keep_message(&message(&ben, "e2", "question", 0))
        .await
        .unwrap();
    let replied = replied(&store, "cleo", of(&ben, None), "Hi").await;
    assert_eq!(replied, Replied::InNoCampaign);
    let waits = line(&store, &ben).await.value;
    assert_eq!((waits.unread, waits.waiting_since), (1, Some(at(0))));
}

#[rstest]
#[tokio::test]
async fn inb_1_lines_are_found_by_who_has_them_and_by_what_was_written(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.store(&[]);
    let (ana, ben) = (
        asked(&store, "ana@example.com").await,
        asked(&store, "ben@example.com").await,
    );
    let cleo = actor("cleo");
    changed(
        inbox::assign(&store.inbox, &cleo, of(&ana, None), Some("cleo"))
            .await
            .unwrap(),
    );
    let closed = inbox::close(&store.inbox, &cleo, of(&ben, None), at(5)).await;
    changed(closed.unwrap());
    let found = async |filter| {
        let lines = inbox::list(&store.inbox, &ana.tenant, filter, at(60)).await;
        let leads = lines
            .unwrap()
            .into_iter()
            .map(|line| line.conversation.lead);
        leads.collect::<Vec<_>>()
    };
    let filter = Filter::default();
    assert_eq!(found(filter).await, std::slice::from_ref(&ana.id));
    let theirs = Filter {
        assignee: Some("dan"),
        ..filter
    };
    assert!(found(theirs).await.is_empty());
    let said = |text| Filter {
        all: true,
        search: Some(text),
        ..filter
    };
    assert_eq!(found(said("COST")).await.len(), 2);
    assert!(found(said("refund")).await.is_empty());
    let shown = inbox::show(&store.inbox, &store.leads, &ana.tenant, &ana.id, at(60)).await;
    let shown = shown.unwrap().unwrap();
    assert_eq!((shown.name, shown.messages.len()), (ana.full_name, 1));
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
    for lead in [&ana, &ben] {
        store
            .keep_message(&message(lead, "e1", "question", 0))
            .await
            .unwrap();
    }
    let due = async |seconds| {
        inbox::tasks(&store.inbox, &ana.tenant, at(seconds))
            .await
            .unwrap()
    };
    assert!(due(3_599).await.is_empty());
    let closed = inbox::close(&store.inbox, &actor("cleo"), of(&ana, None), at(60)).await;
    assert!(matches!(closed.unwrap(), Changed::Changed(_)));
    let left = due(3_600).await;
    assert_eq!((left.len(), &left[0].lead), (1, &ben.id));
    let all = store.inbox.tasks(&ana.tenant).await.unwrap();
    let done = all.iter().find(|task| task.lead == ana.id).unwrap();
    assert_eq!(done.done_by.as_deref(), Some("cleo"));
}
