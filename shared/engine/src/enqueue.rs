//! From the due index to the channel queues, once a minute.
//!
//! Nothing is removed from the index and nothing is written to it here. Each shard remembers up to when it has been
//! queued; a tick queues what became due since then, and once an hour everything that is overdue once more, in case
//! a message was lost. Sent twice, a message does no harm; the sender's claim sees to that. What a tick has no time for
//! is left to the next one, which goes on behind the last page that was queued. Refuses nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use strum::IntoEnumIterator;
use touchline_domain::channel::Channel;

use crate::{
    channel,
    job::TouchJob,
    ports::{ChannelQueues, DueIndex, DueItem, PortError, Saved, Watermark},
};

/// The due index has this many shards; a lead's is a function of its id.
pub const SHARDS: u8 = 16;
/// What is due for longer than this is queued again.
pub const OVERDUE_AFTER_MINUTES: i64 = 60;
/// Entries per page; a page of small keys stays far below a query's megabyte.
pub const PAGE: u32 = 1_000;
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
    /// Shards whose time was up before everything was queued; the next tick goes on there.
    pub unfinished: usize,
}

impl std::ops::AddAssign for Tick {
    fn add_assign(&mut self, other: Self) {
        self.queued += other.queued;
        self.again += other.again;
        self.refused += other.refused;
        self.pages += other.pages;
        self.unfinished += other.unfinished;
    }
}

/// Queues what is due in one shard. Asks `time_is_up` after each page; whatever was queued by then is behind the
/// watermark.
///
/// # Errors
/// The index or a queue is not available; the watermark stays behind what was queued.
pub async fn tick<P: DueIndex + ChannelQueues>(
    ports: &P,
    shard: u8,
    now: DateTime<Utc>,
    time_is_up: &(dyn Fn() -> bool + Sync),
) -> Result<Tick, PortError> {
    let mark = ports.watermark(shard).await?;
    let overdue = now - Duration::minutes(OVERDUE_AFTER_MINUTES);
    // What this tick queues for the first time need not be queued again by it.
    let sweep = mark
        .until
        .filter(|_| mark.swept_at.is_none_or(|at| at <= overdue))
        .map(|until| until.min(overdue));
    let fresh = mark.until.is_none_or(|until| until < now);
    let mut work = Work {
        ports,
        shard,
        now,
        time_is_up,
        mark,
        done: Tick::default(),
        batches: Batches::default(),
    };
    if fresh && !work.pass(Pass::Fresh, now).await? {
        return Ok(work.done);
    }
    if let Some(until) = sweep {
        work.pass(Pass::Sweep, until).await?;
    }
    Ok(work.done)
}

/// Over which entries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// What became due since the watermark.
    Fresh,
    /// Whatever is overdue.
    Sweep,
}

/// A tick under way in one shard.
struct Work<'a, P> {
    ports: &'a P,
    shard: u8,
    now: DateTime<Utc>,
    time_is_up: &'a (dyn Fn() -> bool + Sync),
    mark: Watermark,
    done: Tick,
    batches: Batches,
}

impl<P: DueIndex + ChannelQueues> Work<'_, P> {
    /// Queues page after page. Answers whether there is time for more, and nobody else at work here.
    async fn pass(&mut self, pass: Pass, until: DateTime<Utc>) -> Result<bool, PortError> {
        let (after, mut page) = match pass {
            Pass::Fresh => (self.mark.until, self.mark.page.clone()),
            Pass::Sweep => (None, self.mark.sweep_page.clone()),
        };
        loop {
            let begins = page.is_none();
            let (items, next) = self.ports.due(self.shard, after, until, page, PAGE).await?;
            self.done.pages += 1;
            let refused = queue_items(self.ports, &items, &mut self.batches).await?;
            let queued = items.len() - refused;
            match pass {
                Pass::Fresh => self.done.queued += queued,
                Pass::Sweep => self.done.again += queued,
            }
            self.done.refused += refused;
            // An empty span is read again with the next tick for half a read unit; to note it costs a write.
            let nothing = pass == Pass::Fresh && begins && items.is_empty() && after.is_some();
            let idle = nothing && next.is_none();
            // Behind an entry that was refused the watermark does not move; the others need not wait for it.
            if !idle && self.done.refused == 0 && !self.move_on(pass, next.clone()).await? {
                return Ok(false);
            }
            if next.is_none() {
                return Ok(true);
            }
            if (self.time_is_up)() {
                self.done.unfinished = 1;
                return Ok(false);
            }
            page = next;
        }
    }

    /// Moves the watermark behind a page, or to the end of the pass. Two ticks at once queue one page twice; the one
    /// that loses this race has done no harm, and leaves the shard to the other.
    async fn move_on(&mut self, pass: Pass, next: Option<String>) -> Result<bool, PortError> {
        let mut to = self.mark.clone();
        let through = next.is_none();
        match pass {
            Pass::Fresh => {
                to.page = next;
                if through {
                    to.until = to.until.max(Some(self.now));
                    to.swept_at = to.swept_at.or(Some(self.now));
                }
            }
            Pass::Sweep => {
                to.sweep_page = next;
                if through {
                    to.swept_at = Some(self.now);
                }
            }
        }
        let from = std::mem::replace(&mut self.mark, to.clone());
        Ok(self.ports.move_watermark(self.shard, from, to).await? == Saved::Written)
    }
}

/// Answers how many were refused.
async fn queue_items<P: ChannelQueues>(
    ports: &P,
    items: &[DueItem],
    batches: &mut Batches,
) -> Result<usize, PortError> {
    let mut refused = 0;
    for channel in Channel::iter() {
        let jobs: Vec<(TouchJob, u32)> = items
            .iter()
            .filter(|item| item.channel == channel)
            .map(|item| (job(item), batches.delay_secs(channel)))
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

/// How much of each channel a tick has queued, for those whose messages leave in batches (SEQ-4).
#[derive(Default)]
struct Batches(BTreeMap<Channel, usize>);

impl Batches {
    /// The delay of the channel's next message.
    fn delay_secs(&mut self, channel: Channel) -> u32 {
        let Some(batch) = channel::rules(channel).batch else {
            return 0;
        };
        let queued = self.0.entry(channel).or_default();
        let delay = batch.delay_secs(*queued).min(MAX_DELAY_SECS);
        *queued += 1;
        delay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seq_4_a_batch_waits_for_the_one_before_it_and_no_longer_than_a_queue_can_hold_it() {
        let mut batches = Batches::default();
        let texts: Vec<u32> = (0..60_000)
            .map(|_| batches.delay_secs(Channel::Sms))
            .collect();
        assert_eq!([texts[249], texts[250], texts[500]], [0, 5, 10]);
        assert_eq!(texts[59_999], MAX_DELAY_SECS);
        assert_eq!(batches.delay_secs(Channel::Email), 0);
    }
}
