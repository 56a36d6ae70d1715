//! Limits under many senders at once.

use futures::future::join_all;
use rstest::rstest;
use touchline_domain::{channel::Channel, money::Micros};
use touchline_engine::ports::{Candidate, Capacity, Facts, Reservation, Reserved};
use touchline_store::usage::Usage;

use crate::{
    desk::{branded, running},
    engine::Engine::{self, Emulator, Rust},
    meter::losing_client,
    samples::{self, at, campaign_id, now, tenant_id},
    schema::Stack,
};

fn wish(channel: Channel, candidates: &[(&str, u32)]) -> Reservation {
    let candidates = candidates.iter().map(|(id, limit)| Candidate {
        resource: id.parse().unwrap(),
        limit: *limit,
        domain: None,
    });
    Reservation {
        tenant: tenant_id("acme"),
        campaign: None,
        channel,
        date: "2026-11-21".parse().unwrap(),
        candidates: candidates.collect(),
        tenant_limit: None,
        per_minute: None,
        now: now(),
        price: Micros::ZERO,
    }
}

/// Twenty senders, each with its own view of the counters, at once.
async fn twenty_at_once(stack: &Stack, wish: &Reservation) -> Vec<Reserved> {
    let senders = (0..20).map(|_| {
        let (usage, wish) = (stack.usage(), wish.clone());
        async move { usage.reserve(&wish).await.unwrap() }
    });
    join_all(senders).await
}

fn granted(answers: &[Reserved]) -> usize {
    answers
        .iter()
        .filter(|answer| matches!(answer, Reserved::By(_)))
        .count()
}

#[rstest]
#[tokio::test]
async fn invariant_5_twenty_senders_at_once_never_exceed_a_resource(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let wish = wish(Channel::Email, &[("mailbox-1", 5), ("mailbox-2", 8)]);
    let answers = twenty_at_once(&stack, &wish).await;
    assert_eq!(granted(&answers), 13);
    let by_one = answers
        .iter()
        .filter(|a| **a == Reserved::By("mailbox-1".parse().unwrap()))
        .count();
    assert_eq!(by_one, 5);
    assert_eq!(
        stack.usage().reserve(&wish).await.unwrap(),
        Reserved::Exhausted
    );
}

#[rstest]
#[tokio::test]
async fn invariant_5_mailboxes_share_their_domains_limit(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let mut wish = wish(Channel::Email, &[("mailbox-1", 100), ("mailbox-2", 100)]);
    for candidate in &mut wish.candidates {
        candidate.domain = Some(("domain-1".parse().unwrap(), 7));
    }
    assert_eq!(granted(&twenty_at_once(&stack, &wish).await), 7);
}

#[rstest]
#[tokio::test]
async fn invariant_5_all_resources_of_a_tenant_share_its_limit(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let mut wish = wish(Channel::Sms, &[("phone-1", 100), ("phone-2", 100)]);
    wish.tenant_limit = Some(9);
    assert_eq!(granted(&twenty_at_once(&stack, &wish).await), 9);
    wish.channel = Channel::Voice;
    assert_eq!(
        granted(&twenty_at_once(&stack, &wish).await),
        9,
        "calls have a limit of their own"
    );
}

#[rstest]
#[tokio::test]
async fn seq_4_a_number_sends_so_many_a_minute_and_goes_on_in_the_next(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let mut wish = wish(Channel::Sms, &[("phone-1", 100)]);
    wish.per_minute = Some(6);
    let answers = twenty_at_once(&stack, &wish).await;
    assert_eq!(granted(&answers), 6);
    assert!(answers.iter().all(|answer| *answer != Reserved::Exhausted));
    wish.now = at(60);
    assert_eq!(granted(&twenty_at_once(&stack, &wish).await), 6);
    wish.now = at(0);
    assert_eq!(
        stack.usage().reserve(&wish).await.unwrap(),
        Reserved::NotThisMinute,
        "a slow clock does not begin anew"
    );
}

#[rstest]
#[tokio::test]
async fn lim_2_the_load_is_spread_evenly(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (usage, wish) = (
        stack.usage(),
        wish(
            Channel::Email,
            &[("mailbox-1", 50), ("mailbox-2", 50), ("mailbox-3", 50)],
        ),
    );
    let mut by = Vec::new();
    for _ in 0..6 {
        by.push(usage.reserve(&wish).await.unwrap());
    }
    let of = |id: &str| {
        by.iter()
            .filter(|r| **r == Reserved::By(id.parse().unwrap()))
            .count()
    };
    assert_eq!(
        (of("mailbox-1"), of("mailbox-2"), of("mailbox-3")),
        (2, 2, 2)
    );
}

#[rstest]
#[tokio::test]
async fn a_unit_given_back_can_be_taken_again(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (usage, wish) = (stack.usage(), wish(Channel::Email, &[("mailbox-1", 1)]));
    let mailbox = "mailbox-1".parse().unwrap();
    usage.release(&wish, &mailbox).await.unwrap();
    assert_eq!(
        usage.reserve(&wish).await.unwrap(),
        Reserved::By(mailbox.clone())
    );
    assert_eq!(
        usage.reserve(&wish).await.unwrap(),
        Reserved::Exhausted,
        "nothing was given back before"
    );
    usage.release(&wish, &mailbox).await.unwrap();
    assert_eq!(
        stack.usage().reserve(&wish).await.unwrap(),
        Reserved::By(mailbox)
    );
}

#[rstest]
#[tokio::test]
async fn a_unit_whose_answer_was_lost_is_taken_once(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let mut wish = wish(Channel::Sms, &[("phone-1", 2)]);
    wish.per_minute = Some(2);
    let losing = Usage::new(losing_client(&stack), &stack.table("tenants"));
    let phone = Reserved::By("phone-1".parse().unwrap());
    assert_eq!(losing.reserve(&wish).await.unwrap(), phone);
    assert_eq!(stack.usage().reserve(&wish).await.unwrap(), phone);
    assert_eq!(
        stack.usage().reserve(&wish).await.unwrap(),
        Reserved::Exhausted
    );
}

#[rstest]
#[tokio::test]
async fn invariant_5_a_unit_is_given_back_once_even_if_the_answer_was_lost(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (usage, wish) = (stack.usage(), wish(Channel::Email, &[("mailbox-1", 2)]));
    let mailbox = "mailbox-1".parse().unwrap();
    assert_eq!(granted(&twenty_at_once(&stack, &wish).await), 2);
    let losing = Usage::new(losing_client(&stack), &stack.table("tenants"));
    losing.release(&wish, &mailbox).await.unwrap();
    assert_eq!(usage.reserve(&wish).await.unwrap(), Reserved::By(mailbox));
    assert_eq!(usage.reserve(&wish).await.unwrap(), Reserved::Exhausted);
}

#[rstest]
#[tokio::test]
async fn units_taken_and_given_back_at_once_are_all_counted(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let wish = wish(Channel::Email, &[("mailbox-1", 100)]);
    let mailbox = "mailbox-1".parse().unwrap();
    twenty_at_once(&stack, &wish).await;
    let both = (0..20).map(|n| {
        let (usage, wish, mailbox) = (stack.usage(), &wish, &mailbox);
        async move {
            if n % 2 == 0 {
                usage.release(wish, mailbox).await.unwrap();
            } else {
                usage.reserve(wish).await.unwrap();
            }
        }
    });
    join_all(both).await;
    let mut rest = wish.clone();
    rest.candidates[0].limit = 23;
    assert_eq!(granted(&twenty_at_once(&stack, &rest).await), 3);
}

#[rstest]
#[tokio::test]
async fn days_and_tenants_count_for_themselves(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let mut wish = wish(Channel::Email, &[("mailbox-1", 1)]);
    let mailbox = Reserved::By("mailbox-1".parse().unwrap());
    let usage = stack.usage();
    assert_eq!(usage.reserve(&wish).await.unwrap(), mailbox);
    wish.date = "2026-11-22".parse().unwrap();
    assert_eq!(usage.reserve(&wish).await.unwrap(), mailbox);
    wish.tenant = tenant_id("other");
    assert_eq!(usage.reserve(&wish).await.unwrap(), mailbox);
}

#[rstest]
#[tokio::test]
async fn cost_1_a_budget_is_spent_by_what_is_reserved(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (tenants, mut campaign) = (stack.tenants(), samples::campaign("acme"));
    branded(&tenants, "acme").await;
    campaign.budget = Some(Micros(100_000));
    running(&tenants, &campaign).await;
    let mut wish = wish(Channel::Sms, &[("phone-1", 100)]);
    (wish.campaign, wish.price) = (Some(campaign_id()), Micros(50_000));
    let spent = async || {
        let context = stack
            .facts()
            .context(&campaign.tenant, &campaign.id)
            .await
            .unwrap()
            .unwrap();
        context.budget_spent
    };
    let usage = stack.usage();
    // The price counts once, even where the client tried again.
    let losing = Usage::new(losing_client(&stack), &stack.table("tenants"));
    losing.reserve(&wish).await.unwrap();
    assert!(!spent().await);
    usage.reserve(&wish).await.unwrap();
    assert!(spent().await);
    losing
        .release(&wish, &"phone-1".parse().unwrap())
        .await
        .unwrap();
    assert!(!spent().await);
    usage.reserve(&wish).await.unwrap();
    assert!(spent().await);
}
