//! From the due index to the channel queues, once a minute.
//!
//! Nothing is removed from the index and nothing is written to it here. Each shard remembers up to when it has been
//! queued; a tick queues what became due since then, and once an hour everything that is overdue once more, in case
//! a message was lost. Sent twice, a message does no harm; the sender's claim sees to that. Refuses nothing.

use chrono::{DateTime, Duration, Utc};

use crate::{
    job::TouchJob,
    ports::{ChannelQueues, DueIndex, DueItem, PortError, Saved, Watermark},
};

/// The due index has this many shards; a lead's is a function of its id.
pub const SHARDS: u8 = 16;
/// What is due for longer than this is queued again.
pub const OVERDUE_AFTER_MINUTES: i64 = 60;
/// Entries per page; a page of small keys stays far below a query's megabyte.
const PAGE: u32 = 1_000;
/// A block of text messages goes out in batches of this size ... (SEQ-4)
pub const SMS_BATCH: usize = 250;
/// ... this far apart (SEQ-4).
pub const SMS_BATCH_GAP_SECS: u32 = 5;
/// A queue can hold a message back for at most this long.
const MAX_DELAY_SECS: u32 = 900;

/// What a tick did to one shard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tick {
    /// Entries that became due and were queued.
    pub queued: usize,
    /// Overdue entries that were queued again.
    pub again: usize,
    /// Entries that a queue did not take; the watermark stays, so the next tick takes them.
    pub refused: usize,
    /// Pages read.
    pub pages: usize,
}

impl std::ops::AddAssign for Tick {
    fn add_assign(&mut self, other: Self) {
        self.queued += other.queued;
        self.again += other.again;
        self.refused += other.refused;
        self.pages += other.pages;
    }
}

/// Queues what is due in one shard.
///
/// # Errors
/// The index or a queue is not available; the watermark stays where it was.
pub async fn tick<P: DueIndex + ChannelQueues>(
    ports: &P,
    shard: u8,
    now: DateTime<Utc>,
) -> Result<Tick, PortError> {
    let watermark = ports.watermark(shard).await?;
    let mut done = Tick::default();
    let overdue = now - Duration::minutes(OVERDUE_AFTER_MINUTES);
    let sweep = watermark.swept_at.is_none_or(|at| at <= overdue);
    let mut sms = 0;
    if sweep && watermark.until.is_some() {
        let again = queue_range(ports, shard, None, overdue, &mut sms).await?;
        done.again = again.queued;
        done.refused += again.refused;
        done.pages += again.pages;
    }
    if watermark.until.is_none_or(|until| until < now) {
        let fresh = queue_range(ports, shard, watermark.until, now, &mut sms).await?;
        done += fresh;
    }
    if done.refused == 0 {
        let to = Watermark {
            until: watermark.until.max(Some(now)),
            swept_at: if sweep { Some(now) } else { watermark.swept_at },
        };
        // Two ticks at once queue the same entries; the one that loses this race has done no harm.
        let _: Saved = ports.move_watermark(shard, watermark, to).await?;
    }
    Ok(done)
}

async fn queue_range<P: DueIndex + ChannelQueues>(
    ports: &P,
    shard: u8,
    after: Option<DateTime<Utc>>,
    until: DateTime<Utc>,
    sms: &mut usize,
) -> Result<Tick, PortError> {
    let mut done = Tick::default();
    let mut page = None;
    loop {
        let (items, next) = ports.due(shard, after, until, page, PAGE).await?;
        done.pages += 1;
        let sent = queue_items(ports, &items, sms).await?;
        done.queued += items.len() - sent;
        done.refused += sent;
        match next {
            Some(next) => page = Some(next),
            None => return Ok(done),
        }
    }
}

/// Answers how many were refused.
async fn queue_items<P: ChannelQueues>(
    ports: &P,
    items: &[DueItem],
    sms: &mut usize,
) -> Result<usize, PortError> {
    use strum::IntoEnumIterator;
    use touchline_domain::channel::Channel;

    let mut refused = 0;
    for channel in Channel::iter() {
        let jobs: Vec<(TouchJob, u32)> = items
            .iter()
            .filter(|item| item.channel == channel)
            .map(|item| {
                (
                    job(item),
                    if channel == Channel::Sms {
                        sms_delay(sms)
                    } else {
                        0
                    },
                )
            })
            .collect();
        if !jobs.is_empty() {
            refused += ports.send(channel, &jobs).await?.len();
        }
    }
    Ok(refused)
}

fn job(item: &DueItem) -> TouchJob {
    TouchJob::V1 {
        tenant: item.tenant.clone(),
        lead: item.lead.clone(),
        due_at: item.due_at,
    }
}

/// The delay of the next text message: none for the first 250, 5 s for the next 250, and so on (SEQ-4).
fn sms_delay(count: &mut usize) -> u32 {
    let batch = u32::try_from(*count / SMS_BATCH).unwrap_or(u32::MAX);
    *count += 1;
    batch.saturating_mul(SMS_BATCH_GAP_SECS).min(MAX_DELAY_SECS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seq_4_text_messages_leave_in_batches_of_250_five_seconds_apart() {
        let mut count = 0;
        let delays: Vec<u32> = (0..600).map(|_| sms_delay(&mut count)).collect();
        assert_eq!(
            (
                delays[0],
                delays[249],
                delays[250],
                delays[499],
                delays[500]
            ),
            (0, 0, 5, 5, 10)
        );
    }
}
