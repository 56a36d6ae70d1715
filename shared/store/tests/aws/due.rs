//! The due index.

use chrono::{DateTime, Utc};
use rstest::rstest;
use touchline_domain::{
    channel::Channel,
    ids::LeadId,
    sending::{Reason, lead::Lead},
};
use touchline_engine::ports::{DueIndex, Journeys, Saved, Watermark};
use touchline_store::keys;

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{at, journey, lead, now},
    schema::Stack,
};

fn shard_of(lead: &Lead) -> u8 {
    keys::due_shard(&lead.id).parse().unwrap()
}

/// So many leads that share a shard of the index.
fn neighbours(count: usize) -> Vec<Lead> {
    let all = (0..).map(|n| lead("acme", &format!("lead{n}@example.com")));
    all.filter(|lead| shard_of(lead) == 3).take(count).collect()
}

async fn due(stack: &Stack, after: Option<DateTime<Utc>>, until: DateTime<Utc>) -> Vec<LeadId> {
    let (items, next) = stack
        .leads()
        .due_between(3, after, until, None, 100)
        .await
        .unwrap();
    assert_eq!(next, None);
    items.into_iter().map(|item| item.lead).collect()
}

#[rstest]
#[tokio::test]
async fn invariant_2_the_index_holds_active_journeys_and_follows_them(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (leads, ana) = (stack.leads(), neighbours(1).remove(0));
    let mut moving = journey(&ana, at(60));
    leads.save(&moving, 0).await.unwrap();
    assert!(due(&stack, None, at(59)).await.is_empty());
    assert_eq!(
        due(&stack, None, at(61)).await,
        std::slice::from_ref(&ana.id)
    );

    moving.defer(
        &crate::samples::campaign_id(),
        now(),
        at(600),
        Reason::Weekend,
    );
    moving.version = 2;
    leads.save(&moving, 1).await.unwrap();
    assert!(due(&stack, None, at(61)).await.is_empty());
    assert_eq!(
        due(&stack, Some(at(61)), at(601)).await,
        std::slice::from_ref(&ana.id)
    );

    moving.stop(Reason::Replied);
    moving.version = 3;
    leads.save(&moving, 2).await.unwrap();
    assert!(due(&stack, None, at(100_000)).await.is_empty());
}

#[rstest]
#[tokio::test]
async fn two_spans_of_time_that_touch_find_every_entry_once(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let leads = stack.leads();
    let all = neighbours(8);
    for (n, lead) in all.iter().enumerate() {
        let millis = i64::try_from(n).unwrap() * 500;
        leads
            .save(
                &journey(lead, now() + chrono::Duration::milliseconds(millis)),
                0,
            )
            .await
            .unwrap();
    }
    let middle = now() + chrono::Duration::milliseconds(1_700);
    let mut found = due(&stack, None, middle).await;
    let behind = due(&stack, Some(middle), at(60)).await;
    assert!(!found.is_empty() && !behind.is_empty());
    found.extend(behind);
    let mut wanted: Vec<LeadId> = all.iter().map(|lead| lead.id.clone()).collect();
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
}

#[rstest]
#[tokio::test]
async fn pages_of_the_index_follow_each_other_in_order_of_time(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let leads = stack.leads();
    for (n, lead) in neighbours(5).iter().enumerate() {
        leads
            .save(&journey(lead, at(i64::try_from(n).unwrap())), 0)
            .await
            .unwrap();
    }
    let (mut times, mut page) = (Vec::new(), None);
    loop {
        let (items, next) = leads.due_between(3, None, at(60), page, 2).await.unwrap();
        assert!(
            items
                .iter()
                .all(|item| item.channel == Channel::Email && item.tenant.as_str() == "acme")
        );
        times.extend(items.into_iter().map(|item| item.due_at));
        page = next;
        if page.is_none() {
            break;
        }
    }
    assert_eq!(times.len(), 5);
    assert!(times.is_sorted());
}

#[rstest]
#[tokio::test]
async fn a_watermark_moves_once_from_where_it_was(#[values(Rust, Emulator)] engine: Engine) {
    let stack = Stack::new(engine).await;
    let store = stack.store(&[]);
    let start = store.watermark(5).await.unwrap();
    assert_eq!(start, Watermark::default());
    let next = Watermark {
        until: Some(at(60)),
        page: Some("a page".to_owned()),
        ..Watermark::default()
    };
    let moved =
        |from: &Watermark, to: &Watermark| store.move_watermark(5, from.clone(), to.clone());
    assert_eq!(moved(&start, &next).await.unwrap(), Saved::Written);
    assert_eq!(moved(&start, &next).await.unwrap(), Saved::Conflict);
    assert_eq!(store.watermark(5).await.unwrap(), next);
    let swept = Watermark {
        until: Some(at(120)),
        swept_at: Some(at(120)),
        ..Watermark::default()
    };
    let elsewhere = Watermark {
        page: Some("another page".to_owned()),
        ..next.clone()
    };
    assert_eq!(moved(&elsewhere, &swept).await.unwrap(), Saved::Conflict);
    assert_eq!(moved(&next, &swept).await.unwrap(), Saved::Written);
    assert_eq!(store.watermark(6).await.unwrap(), Watermark::default());
}
