//! A back-log that one tick can't finish: what the ticks after it, twice at once or cut off, leave queued.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    channel::Channel,
    ids::{LeadId, TenantId},
};
use touchline_engine::{
    enqueue::{PAGE, Tick, tick},
    job::TouchJob,
    ports::{ChannelQueues, DueIndex, DueItem, PortError, Saved, Watermark},
};

const SHARD: u8 = 7;

fn now() -> DateTime<Utc> {
    "2026-11-20T00:05:00Z".parse().unwrap()
}

/// One shard in memory, and what was queued from it.
#[derive(Default)]
struct Shard {
    items: BTreeMap<String, DueItem>,
    mark: Mutex<Watermark>,
    queued: Mutex<BTreeMap<LeadId, Vec<DateTime<Utc>>>>,
    moves: AtomicUsize,
    /// Calls to a queue after which it is out of order.
    breaks_after: Option<usize>,
    sent: AtomicUsize,
}

impl Shard {
    /// So many leads at each of these times.
    fn of(due: &[(DateTime<Utc>, u32)]) -> Self {
        let tenant: TenantId = "acme".parse().unwrap();
        let mut shard = Self::default();
        for (due_at, leads) in due {
            for n in 0..*leads {
                let lead = LeadId::derive(&tenant, &format!("{n}@{due_at}"));
                let item = DueItem {
                    tenant: tenant.clone(),
                    lead: lead.clone(),
                    due_at: *due_at,
                    channel: Channel::Email,
                };
                shard.items.insert(format!("{due_at}|{lead}"), item);
            }
        }
        shard
    }

    fn is_due(&self, at: DateTime<Utc>) -> impl Iterator<Item = &DueItem> {
        self.items.values().filter(move |item| item.due_at <= at)
    }

    /// Every due lead was queued at least once and at most `most` times, and no other one was.
    fn is_drained(&self, at: DateTime<Utc>, most: usize) {
        let queued = self.queued.lock().unwrap();
        for item in self.is_due(at) {
            let times = queued.get(&item.lead).map_or(0, Vec::len);
            assert!((1..=most).contains(&times), "{} {times} times", item.due_at);
        }
        assert_eq!(queued.len(), self.is_due(at).count(), "one was early");
    }
}

impl DueIndex for Shard {
    async fn due(
        &self,
        _: u8,
        after: Option<DateTime<Utc>>,
        until: DateTime<Utc>,
        from_page: Option<String>,
        limit: u32,
    ) -> Result<(Vec<DueItem>, Option<String>), PortError> {
        let inside = |(key, item): &(&String, &DueItem)| {
            after.is_none_or(|after| after < item.due_at)
                && item.due_at <= until
                && from_page.as_ref().is_none_or(|page| page < *key)
        };
        let limit = usize::try_from(limit).unwrap();
        let mut found = self.items.iter().filter(inside);
        let page: Vec<_> = found.by_ref().take(limit).collect();
        let next = found.next().and(page.last()).map(|(key, _)| (*key).clone());
        // Another tick gets its turn here, as it does while a call is under way.
        tokio::task::yield_now().await;
        Ok((
            page.into_iter().map(|(_, item)| item.clone()).collect(),
            next,
        ))
    }

    async fn watermark(&self, _: u8) -> Result<Watermark, PortError> {
        Ok(self.mark.lock().unwrap().clone())
    }

    async fn move_watermark(
        &self,
        _: u8,
        from: Watermark,
        to: Watermark,
    ) -> Result<Saved, PortError> {
        let mut mark = self.mark.lock().unwrap();
        if *mark != from {
            return Ok(Saved::Conflict);
        }
        self.moves.fetch_add(1, Ordering::Relaxed);
        *mark = to;
        Ok(Saved::Written)
    }
}

impl ChannelQueues for Shard {
    async fn send(&self, _: Channel, jobs: &[(TouchJob, u32)]) -> Result<Vec<usize>, PortError> {
        let sent = self.sent.fetch_add(1, Ordering::Relaxed);
        if self.breaks_after.is_some_and(|after| after <= sent) {
            return Err(PortError::Unavailable {
                what: "queue",
                cause: "out of order".into(),
            });
        }
        let mut queued = self.queued.lock().unwrap();
        for (TouchJob::V1 { lead, due_at, .. }, _) in jobs {
            queued.entry(lead.clone()).or_default().push(*due_at);
        }
        Ok(Vec::new())
    }
}

/// A tick that has time for `pages` pages.
async fn tick_of(shard: &Shard, at: DateTime<Utc>, pages: usize) -> Tick {
    let begun = AtomicUsize::new(0);
    let time_is_up = || begun.fetch_add(1, Ordering::Relaxed) + 1 >= pages;
    tick(shard, SHARD, at, &time_is_up).await.unwrap()
}

/// Six and a half pages of one second, some of the minutes before, and some that are not due.
fn backlog() -> Shard {
    let due = now() - Duration::minutes(90);
    Shard::of(&[
        (due - Duration::minutes(7), 40),
        (due, PAGE * 6 + PAGE / 2),
        (now() - Duration::minutes(3), 25),
        (now() + Duration::seconds(1), 300),
        (now() + Duration::days(3), 300),
    ])
}

#[tokio::test]
async fn a_back_log_of_one_second_drains_page_by_page_over_many_ticks() {
    let shard = backlog();
    let mut ticks = 0;
    loop {
        ticks += 1;
        let done = tick_of(&shard, now(), 2).await;
        assert!(done.pages <= 2, "{done:?}");
        if done.unfinished == 0 {
            break;
        }
    }
    assert_eq!(ticks, 4);
    shard.is_drained(now(), 1);
    let mark = shard.mark.lock().unwrap().clone();
    assert_eq!((mark.until, mark.page), (Some(now()), None));
}

#[tokio::test]
async fn a_tick_that_is_cut_off_leaves_at_most_one_page_to_be_queued_twice() {
    let mut shard = backlog();
    shard.breaks_after = Some(3);
    tick(&shard, SHARD, now(), &|| false).await.unwrap_err();
    let queued: usize = shard.queued.lock().unwrap().len();
    assert_eq!(queued, usize::try_from(PAGE).unwrap() * 3);
    shard.breaks_after = None;
    let done = tick_of(&shard, now(), usize::MAX).await;
    assert_eq!(done.unfinished, 0);
    shard.is_drained(now(), 1);
}

#[tokio::test]
async fn two_ticks_at_once_share_a_shard_without_losing_anything() {
    let shard = backlog();
    let (one, other) = tokio::join!(
        tick_of(&shard, now(), usize::MAX),
        tick_of(&shard, now(), usize::MAX)
    );
    // The one that loses the first race has queued one page and leaves.
    assert!(one.pages.min(other.pages) <= 1, "{one:?} {other:?}");
    shard.is_drained(now(), 2);
    let twice = shard.queued.lock().unwrap();
    let twice = twice.values().filter(|times| times.len() > 1).count();
    assert!(twice <= usize::try_from(PAGE).unwrap(), "{twice}");
}

#[tokio::test]
async fn a_tick_that_finds_nothing_writes_nothing() {
    let shard = backlog();
    tick_of(&shard, now(), usize::MAX).await;
    let moves = || shard.moves.load(Ordering::Relaxed);
    let before = moves();
    let idle = tick(&shard, SHARD, now() + Duration::milliseconds(900), &|| {
        false
    })
    .await
    .unwrap();
    assert_eq!((idle.pages, idle.queued, moves()), (1, 0, before));
    let busy = tick_of(&shard, now() + Duration::seconds(1), usize::MAX).await;
    assert_eq!((busy.queued, moves()), (300, before + 1));
}

#[tokio::test]
async fn an_hour_later_what_is_overdue_goes_out_once_more_and_goes_on_where_time_was_up() {
    let shard = backlog();
    tick_of(&shard, now(), usize::MAX).await;
    shard.is_drained(now(), 1);
    let later = now() + Duration::minutes(61);
    let due_later = shard.is_due(later).count();
    let mut again = 0;
    loop {
        let done = tick_of(&shard, later, 3).await;
        again += done.again;
        if done.unfinished == 0 {
            break;
        }
    }
    // What the first of these ticks queued for the first time, it did not queue again.
    assert!((due_later - 300..=due_later).contains(&again), "{again}");
    shard.is_drained(later, 2);
    let mark = shard.mark.lock().unwrap().clone();
    assert_eq!((mark.swept_at, mark.sweep_page), (Some(later), None));
    assert_eq!(tick_of(&shard, later, 3).await.again, 0);
}
