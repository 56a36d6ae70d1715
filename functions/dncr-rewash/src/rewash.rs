//! The daily re-wash (DNC-2): numbers with a text or call due in the next days whose answer is getting old, and every
//! number whose answer is older than a quarter. Collects and queues; the queue's consumer washes.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use touchline_domain::{
    contact::E164,
    sending::register::{REWASH_ALWAYS_DAYS, REWASH_LOOKAHEAD_DAYS},
};
use touchline_engine::{
    enqueue::SHARDS,
    job::WashJob,
    ports::{DueIndex as _, PortError},
    wash::{BATCH, WashStore as _, needs_rewash},
};
use touchline_runtime::metrics::Metrics;
use touchline_store::Store;

/// Entries of an index page.
const PAGE: u32 = 1_000;
/// Days behind the quarterly age that are looked through, so that a few missed runs lose nothing.
const CATCH_UP_DAYS: i64 = 10;

/// Queues every number that is due for a wash.
///
/// # Errors
/// The store is not available; the next run collects what this one did not.
pub async fn collect(store: &Store, now: DateTime<Utc>) -> Result<(), PortError> {
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
    Metrics::new()
        .count(
            "NumbersToWash",
            u32::try_from(all.len()).unwrap_or(u32::MAX),
        )
        .emit(now);
    tracing::info!(
        numbers = all.len(),
        batches = jobs.len(),
        "re-wash collected"
    );
    Ok(())
}

async fn used_soon(
    store: &Store,
    shard: u8,
    now: DateTime<Utc>,
    numbers: &mut BTreeSet<E164>,
) -> Result<(), PortError> {
    let until = now + TimeDelta::days(REWASH_LOOKAHEAD_DAYS);
    let mut page = None;
    loop {
        let (items, next) = store.due(shard, None, until, page, PAGE).await?;
        for item in items.iter().filter(|item| item.channel.uses_phone()) {
            let Some(lead) = store.leads.profile(&item.tenant, &item.lead).await? else {
                continue;
            };
            let Some(number) = lead.phone else { continue };
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

async fn quarterly(
    store: &Store,
    now: DateTime<Utc>,
    numbers: &mut BTreeSet<E164>,
) -> Result<(), PortError> {
    for age in REWASH_ALWAYS_DAYS..=REWASH_ALWAYS_DAYS + CATCH_UP_DAYS {
        let day = (now - TimeDelta::days(age)).date_naive();
        let mut page = None;
        loop {
            let (washed, next) = store.register.washed_on(day, page, PAGE).await?;
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
