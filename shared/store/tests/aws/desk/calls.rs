//! The call queue as agents work it.

use futures::future::join;
use rstest::rstest;
use touchline_domain::{
    channel::Channel,
    inbox::{Call, CallOutcome, TaskKind},
    sending::{Reason, journey::EnrolmentState, lead::Lead},
};
use touchline_engine::{
    desk::{
        calls::{self, Assigned, Completed},
        inbox,
    },
    enrich::EnrichStore as _,
    facts,
    ports::{Facts as _, Journeys as _},
    reply::Inbox as _,
};
use touchline_store::Store;

use super::{actor, inbox::task};
use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{self, at, lead, now, tenant_id},
    schema::Stack,
};

/// Leads that are to be called, in one campaign.
async fn to_be_called(store: &Store, emails: &[&str]) -> Vec<Lead> {
    let leads: Vec<Lead> = emails.iter().map(|email| lead("acme", email)).collect();
    store.put_leads(&tenant_id("acme"), &leads).await.unwrap();
    for (n, lead) in leads.iter().enumerate() {
        store.save(&samples::journey(lead, now()), 0).await.unwrap();
        let gold = task(lead, &format!("t{n}"), TaskKind::Call, 0);
        store.keep_task(&gold).await.unwrap();
        store.keep_task(&gold).await.unwrap();
    }
    leads
}

async fn taken(store: &Store, who: &str) -> Option<Call> {
    let taken = calls::take_next(&store.inbox, &actor(who), &tenant_id("acme")).await;
    taken.unwrap().map(|change| change.after)
}

async fn completed(store: &Store, who: &str, call: &Call, outcome: CallOutcome) -> Completed {
    let (by, acme) = (actor(who), tenant_id("acme"));
    let done = calls::complete(&store.inbox, store, &by, &acme, &call.id, outcome, at(60)).await;
    done.unwrap()
}

#[rstest]
#[tokio::test]
async fn rep_5_a_gold_label_is_in_the_call_queue_once_and_agents_get_different_calls(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, acme) = (stack.store(&[]), tenant_id("acme"));
    to_be_called(&store, &["ana@example.com", "ben@example.com"]).await;
    assert_eq!(calls::open(&store.inbox, &acme).await.unwrap().len(), 2);

    let (one, two) = join(taken(&store, "cleo"), taken(&store, "dan")).await;
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_ne!(one.id, two.id);
    assert_eq!(taken(&store, "eve").await, None);
    assert_eq!(taken(&store, "cleo").await.unwrap().id, one.id);

    let theirs = completed(&store, "dan", &one, CallOutcome::Meeting).await;
    assert!(matches!(theirs, Completed::NotTheirs(_)), "{theirs:?}");
    let done = completed(&store, "cleo", &one, CallOutcome::Meeting).await;
    let Completed::Completed(change) = done else {
        panic!("{done:?}");
    };
    assert_eq!(change.before.as_ref(), Some(&one));
    let again = completed(&store, "cleo", &one, CallOutcome::Meeting).await;
    assert_eq!(again, Completed::Before(change.after));
    let open = calls::open(&store.inbox, &acme).await.unwrap();
    assert_eq!((open.len(), &open[0].id), (1, &two.id));
    let tasks = inbox::tasks(&store.inbox, &acme, at(70)).await.unwrap();
    assert_eq!((tasks.len(), &tasks[0].id), (1, &two.id));
}

#[rstest]
#[tokio::test]
async fn call_1_a_call_is_given_to_one_agent_by_name(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (store, acme) = (stack.store(&[]), tenant_id("acme"));
    to_be_called(&store, &["ana@example.com"]).await;
    let (by, id) = (actor("ops"), "t0");
    let assign = |agent| calls::assign(&store.inbox, &by, &acme, id, agent);
    let (cleo, dan) = join(assign("cleo"), assign("dan")).await;
    let both = [cleo.unwrap(), dan.unwrap()];
    let has = both.iter().find_map(|assigned| match assigned {
        Assigned::Assigned(change) => change.after.agent.clone(),
        _ => None,
    });
    let has = has.unwrap();
    assert!(both.contains(&Assigned::TakenBy(has.clone())), "{both:?}");
    let call = taken(&store, &has).await.unwrap();
    completed(&store, &has, &call, CallOutcome::NoAnswer).await;
    assert_eq!(assign("eve").await.unwrap(), Assigned::Done);
    let none = calls::assign(&store.inbox, &by, &acme, "t9", "eve").await;
    assert_eq!(none.unwrap(), Assigned::NoSuch);
}

#[rstest]
#[tokio::test]
async fn rep_2_an_opt_out_told_to_an_agent_holds_even_if_somebody_else_has_the_call(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.store(&[]);
    let leads = to_be_called(&store, &["ana@example.com"]).await;
    let call = taken(&store, "cleo").await.unwrap();
    let told = completed(&store, "dan", &call, CallOutcome::OptOut).await;
    assert!(matches!(told, Completed::NotTheirs(_)), "{told:?}");
    let ana = &leads[0];
    let (_, journey) = store.load(&ana.tenant, &ana.id).await.unwrap().unwrap();
    let stopped = EnrolmentState::Stopped {
        reason: Reason::OptedOut,
    };
    assert_eq!(journey.enrolments[0].state, stopped);
    for channel in [Channel::Email, Channel::Sms] {
        let address = facts::address_of(ana, channel).unwrap().hash();
        let known = store.address(&ana.tenant, &address, None).await.unwrap();
        let by: Vec<&str> = known
            .suppressions
            .iter()
            .map(|s| s.actor.as_str())
            .collect();
        assert_eq!(by, ["dan"], "{channel}");
    }
}
