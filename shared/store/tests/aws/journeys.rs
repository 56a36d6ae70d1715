//! One journey, many writers.

use futures::future::join_all;
use rstest::rstest;
use touchline_domain::sending::Reason;
use touchline_engine::ports::{Journeys, Profiles as _, Saved};
use touchline_store::leads::Leads;

use crate::{
    engine::Engine::{self, Emulator, Rust},
    meter::losing_client,
    samples::{at, journey, lead, now, tenant_id, touch_id},
    schema::Stack,
};

#[rstest]
#[tokio::test]
async fn of_two_writers_over_one_version_exactly_one_is_let_through(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (leads, ana) = (stack.leads(), lead("acme", "ana@example.com"));
    leads.put_leads(&[&ana]).await.unwrap();
    let first = journey(&ana, at(60));
    assert_eq!(leads.save(&first, 0).await.unwrap(), Saved::Written);
    assert_eq!(leads.save(&first, 0).await.unwrap(), Saved::Conflict);

    let writers = (0..20).map(|n| {
        let (leads, mut mine) = (stack.leads(), first.clone());
        mine.version = 2;
        mine.events.push(format!("event-{n}"));
        async move { leads.save(&mine, 1).await.unwrap() }
    });
    let saved = join_all(writers).await;
    assert_eq!(saved.iter().filter(|s| **s == Saved::Written).count(), 1);
    let (_, stored) = leads.load(&ana.tenant, &ana.id).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.events.len()), (2, 1));
}

#[rstest]
#[tokio::test]
async fn a_lead_comes_with_its_journey_and_an_unknown_one_not_at_all(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (leads, ana) = (stack.leads(), lead("acme", "ana@example.com"));
    assert!(leads.load(&ana.tenant, &ana.id).await.unwrap().is_none());
    assert!(leads.create(&ana).await.unwrap());
    assert!(!leads.create(&ana).await.unwrap());
    let (profile, fresh) = leads.load(&ana.tenant, &ana.id).await.unwrap().unwrap();
    assert_eq!((&profile, fresh.version), (&ana, 0));
    let mut saved = journey(&ana, at(60));
    saved.take(
        touch_id(&ana),
        touchline_domain::channel::Channel::Email,
        Some("mailbox-1".parse().unwrap()),
        now(),
    );
    leads.save(&saved, 0).await.unwrap();
    let (_, loaded) = leads.load(&ana.tenant, &ana.id).await.unwrap().unwrap();
    assert_eq!(loaded, saved);
}

#[rstest]
#[tokio::test]
async fn ten_1_a_lead_of_one_tenant_is_not_found_by_another(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (leads, ana) = (stack.leads(), lead("acme", "ana@example.com"));
    leads.create(&ana).await.unwrap();
    let other = tenant_id("acme-2");
    assert!(leads.load(&other, &ana.id).await.unwrap().is_none());
    assert!(leads.profile(&other, &ana.id).await.unwrap().is_none());
    assert!(leads.profiles(&other, &[ana.id]).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_save_whose_answer_is_lost_is_still_known_as_ours(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let leads = Leads::new(losing_client(&stack), &stack.table("leads"));
    let ana = lead("acme", "ana@example.com");
    let first = journey(&ana, at(60));
    assert_eq!(leads.save(&first, 0).await.unwrap(), Saved::Written);
    // A second writer of the very same journey is somebody else.
    assert_eq!(
        stack.leads().save(&first, 0).await.unwrap(),
        Saved::Conflict
    );
}

#[rstest]
#[tokio::test]
async fn a_profile_is_only_changed_where_there_is_one(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (leads, mut ana) = (stack.leads(), lead("acme", "ana@example.com"));
    assert_eq!(leads.update(&ana).await.unwrap(), Saved::Conflict);
    leads.create(&ana).await.unwrap();
    ana.als = Some(90);
    assert_eq!(leads.update(&ana).await.unwrap(), Saved::Written);
    assert_eq!(
        leads
            .profile(&ana.tenant, &ana.id)
            .await
            .unwrap()
            .unwrap()
            .als,
        Some(90)
    );
}

#[rstest]
#[tokio::test]
async fn a_stopped_journey_keeps_its_record(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let (leads, ana) = (stack.leads(), lead("acme", "ana@example.com"));
    leads.create(&ana).await.unwrap();
    let mut stopped = journey(&ana, at(60));
    leads.save(&stopped, 0).await.unwrap();
    stopped.stop(Reason::OptedOut);
    stopped.version = 2;
    assert_eq!(leads.save(&stopped, 1).await.unwrap(), Saved::Written);
    assert_eq!(
        leads.load(&ana.tenant, &ana.id).await.unwrap().unwrap().1,
        stopped
    );
}
