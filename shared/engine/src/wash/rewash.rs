//! The daily re-wash (DNC-2): numbers with a text or call due in the next days whose answer is getting old, and every
//! number whose answer is older than a quarter. Collects and queues; the queue's consumer washes.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use touchline_domain::{
    contact::E164,
    ids::{LeadId, TenantId},
    sending::register::{REWASH_ALWAYS_DAYS, REWASH_LOOKAHEAD_DAYS},
};

use super::{BATCH, WashStore, needs_rewash};
use crate::{
    enqueue::SHARDS,
    job::WashJob,
    ports::{DueIndex, PortError},
};

/// Entries of an index page.
const PAGE: u32 = 1_000;
/// Days behind the quarterly age that are looked through, so that a few missed runs lose nothing.
const CATCH_UP_DAYS: i64 = 10;

/// Where the numbers that are due for a wash are found, and queued.
pub trait Rewash: DueIndex + WashStore {
    /// The number of a lead, if it has one.
    fn number_of(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> impl Future<Output = Result<Option<E164>, PortError>> + Send;

    /// Some of the numbers that were washed on a day, behind `from`, and where to go on.
    fn washed_on(
        &self,
        day: NaiveDate,
        from: Option<String>,
        limit: u32,
    ) -> impl Future<Output = Result<(Vec<E164>, Option<String>), PortError>> + Send;

    /// Queues batches of numbers to wash.
    fn queue_washes(&self, jobs: &[WashJob]) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// What a collection queued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Numbers.
    pub numbers: usize,
    /// Batches of them.
    pub batches: usize,
}

/// Queues every number that is due for a wash.
///
/// # Errors
/// The store is not available; the next run collects what this one did not.
pub async fn collect<S: Rewash>(store: &S, now: DateTime<Utc>) -> Result<Collected, PortError> {
    let mut numbers = BTreeSet::new();
    for shard in 0..SHARDS {
        used_soon(store, shard, now, &mut numbers).await?;
    }
    quarterly(store, now, &mut numbers).await?;
    let all: Vec<E164> = numbers.into_iter().collect();
    let jobs: Vec<WashJob> = all
        .chunks(BATCH)
        .map(|chunk| WashJob::V1 {
            numbers: chunk.to_vec(),
        })
        .collect();
    store.queue_washes(&jobs).await?;
    Ok(Collected {
        numbers: all.len(),
        batches: jobs.len(),
    })
}

async fn used_soon<S: Rewash>(
    store: &S,
    shard: u8,
    now: DateTime<Utc>,
    numbers: &mut BTreeSet<E164>,
) -> Result<(), PortError> {
    let until = now + TimeDelta::days(REWASH_LOOKAHEAD_DAYS);
    let mut page = None;
    loop {
        let (items, next) = store.due(shard, None, until, page, PAGE).await?;
        for item in items.iter().filter(|item| item.channel.uses_phone()) {
            let Some(number) = store.number_of(&item.tenant, &item.lead).await? else {
                continue;
            };
            if needs_rewash(store.wash_of(&number).await?, true, now) {
                numbers.insert(number);
            }
        }
        match next {
            Some(next) => page = Some(next),
            None => return Ok(()),
        }
    }
}

async fn quarterly<S: Rewash>(
    store: &S,
    now: DateTime<Utc>,
    numbers: &mut BTreeSet<E164>,
) -> Result<(), PortError> {
    for age in REWASH_ALWAYS_DAYS..=REWASH_ALWAYS_DAYS + CATCH_UP_DAYS {
        let day = (now - TimeDelta::days(age)).date_naive();
        let mut page = None;
        loop {
            let (washed, next) = store.washed_on(day, page, PAGE).await?;
            for number in washed {
                if needs_rewash(store.wash_of(&number).await?, false, now) {
                    numbers.insert(number);
                }
            }
            match next {
                Some(next) => page = Some(next),
                None => break,
            }
        }
    }
    Ok(())
}
