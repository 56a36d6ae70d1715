//! Plays days in minutes: moves the clock to the next moment at which something is due, queues it as the schedule would,
//! lets the simulator answer, and waits until every queue is empty.
//!
//! Time moves to the last minute of each quarter of an hour in which a touch is due (09:14, 09:29 ...): what was planned
//! for a quarter leaves within it, and windows end on full quarters in every time zone on earth. What providers have to
//! tell is told before each such moment, and every few hours where none comes.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use futures::future::try_join_all;
use touchline_engine::{enqueue::SHARDS, ports::DueIndex as _};

use super::queues::{Queues, Waiting};
use touchline_stack::{
    clock::VirtualClock, invoke, records::Records, simulator::Simulator, target::Target,
};

/// Touches that are due in one of these leave together.
const QUARTER: TimeDelta = TimeDelta::minutes(15);
/// Providers' events of one of these are told together, where no touch is due before.
const TELLING: TimeDelta = TimeDelta::hours(4);
/// A queue in which nothing moves for this long is stuck, and so is the demonstration.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at the queues, when all that is left is being worked on ...
const LOOK: Duration = Duration::from_millis(15);
/// ... and while there is more to take: each look costs the emulator a call for every queue.
const BUSY_LOOK: Duration = Duration::from_millis(100);
/// Looks in a row at which nothing moved before messages count as put back: longer than a function usually takes.
const STILL_LOOKS: u32 = 12;
/// Looks after which time moves once more, if it moved and nothing came of it.
const MORE_LOOKS: u32 = 3;
/// How far time moves for messages that were put back; far below a queue's visibility timeout, so that nothing that is
/// being worked on is taken for abandoned.
const PUT_BACK_STEP: Duration = Duration::from_secs(10);

/// Drives one stack.
pub struct Player<'a> {
    target: &'a Target,
    records: &'a Records,
    clock: VirtualClock,
    simulator: Simulator,
    queues: Queues,
    tells: bool,
}

impl<'a> Player<'a> {
    /// A player of a local stack with a simulator.
    ///
    /// # Errors
    /// The stack is not local, or has no simulator.
    pub fn new(target: &'a Target, records: &'a Records) -> anyhow::Result<Self> {
        let simulator = Simulator::of(target);
        Ok(Self {
            target,
            records,
            clock: target.clock()?,
            simulator: simulator.context("the stack has no provider simulator")?,
            queues: Queues::of(target, records),
            tells: true,
        })
    }

    /// Providers keep to themselves what became of a message.
    #[must_use]
    pub fn without_webhooks(self) -> Self {
        Self {
            tells: false,
            ..self
        }
    }

    /// Sets the stack's time.
    ///
    /// # Errors
    /// The clock file cannot be written.
    pub fn set(&self, at: DateTime<Utc>) -> anyhow::Result<()> {
        self.clock.set(at, Utc::now())?;
        Ok(())
    }

    /// Plays until `until`; `progress` hears where it is.
    ///
    /// # Errors
    /// Something does not answer, or a queue does not empty.
    pub async fn play(
        &self,
        until: DateTime<Utc>,
        progress: &dyn Fn(DateTime<Utc>),
    ) -> anyhow::Result<u32> {
        let mut ticks = 0;
        loop {
            let now = self.target.now()?;
            let Some(next) = self.next_moment(now).await?.filter(|next| *next <= until) else {
                break;
            };
            self.set(next.max(now))?;
            progress(next);
            self.moment(next).await?;
            ticks += 1;
        }
        self.set(until.max(self.target.now()?))?;
        self.moment(until).await?;
        Ok(ticks)
    }

    /// Everything that happens at one moment: providers' events, what is due, and what follows from both.
    async fn moment(&self, now: DateTime<Utc>) -> anyhow::Result<()> {
        if self.tells && self.simulator.pump().await? > 0 {
            self.drain().await?;
        }
        let event = invoke::scheduled_event(&self.target.function("enqueue"), now);
        invoke::call(self.target, "enqueue", &event).await?;
        self.drain().await?;
        // Delivery events follow a message within seconds.
        while self.tells && self.simulator.pump().await? > 0 {
            self.drain().await?;
        }
        Ok(())
    }

    /// When to look next: where a touch is due, or something is to be told.
    async fn next_moment(&self, now: DateTime<Utc>) -> anyhow::Result<Option<DateTime<Utc>>> {
        let far = now + TimeDelta::days(40);
        let shards = try_join_all(
            (0..SHARDS).map(|shard| self.records.store.due(shard, None, far, None, 1)),
        )
        .await?;
        let due = shards
            .into_iter()
            .filter_map(|(items, _)| items.first().map(|item| item.due_at))
            .min();
        let pending = self.simulator.pending().await?;
        let soonest = now + TimeDelta::minutes(1);
        let due = due.map(|at| last_minute(at.max(soonest), QUARTER));
        let told = pending
            .next_due
            .filter(|_| self.tells)
            .map(|at| last_minute(at.max(soonest), TELLING));
        Ok(due.into_iter().chain(told).min())
    }

    /// Waits until every queue is empty. When all that is left are messages that were put back for later, later comes:
    /// the stack's time moves on.
    ///
    /// # Errors
    /// A queue does not empty in time; the error names it.
    pub async fn drain(&self) -> anyhow::Result<()> {
        let mut patience = Patience::new();
        loop {
            let waiting = self.queues.look().await?;
            if waiting.is_empty() {
                return Ok(());
            }
            patience.see(&waiting)?;
            if patience.nothing_moves() && self.simulator.pending().await?.unanswered == 0 {
                self.clock.advance(PUT_BACK_STEP, Utc::now())?;
                patience.time_moved();
            }
            let more = waiting.visible > 0;
            tokio::time::sleep(if more { BUSY_LOOK } else { LOOK }).await;
        }
    }
}

/// Tells work that goes on from messages that only wait for their time, and both from a queue that is stuck.
struct Patience {
    last: Waiting,
    still: u32,
    since: Instant,
}

impl Patience {
    fn new() -> Self {
        Self {
            last: Waiting::default(),
            still: 0,
            since: Instant::now(),
        }
    }

    fn see(&mut self, waiting: &Waiting) -> anyhow::Result<()> {
        if *waiting == self.last {
            self.still += 1;
        } else {
            (self.still, self.since) = (0, Instant::now());
            self.last = waiting.clone();
        }
        if self.since.elapsed() > PATIENCE {
            bail!("messages are stuck in {}", waiting.named());
        }
        Ok(())
    }

    /// Whether every message is put back, and was at each of the last looks.
    fn nothing_moves(&self) -> bool {
        self.last.visible == 0 && self.still >= STILL_LOOKS
    }

    fn time_moved(&mut self) {
        self.still = STILL_LOOKS - MORE_LOOKS;
    }
}

/// The last minute of the stretch of time of this length that holds `at`.
fn last_minute(at: DateTime<Utc>, stretch: TimeDelta) -> DateTime<Utc> {
    let start = at.duration_trunc(stretch).unwrap_or(at);
    let end = start + stretch - TimeDelta::minutes(1);
    if end < at { end + stretch } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_last_minute_of_its_stretch() {
        let end = |text: &str, stretch| last_minute(text.parse().unwrap(), stretch).to_rfc3339();
        assert_eq!(
            end("2026-11-23T22:00:00Z", QUARTER),
            "2026-11-23T22:14:00+00:00"
        );
        assert_eq!(
            end("2026-11-23T22:14:00Z", QUARTER),
            "2026-11-23T22:14:00+00:00"
        );
        assert_eq!(
            end("2026-11-23T22:14:30Z", QUARTER),
            "2026-11-23T22:29:00+00:00"
        );
        assert_eq!(
            end("2026-11-23T22:14:30Z", TELLING),
            "2026-11-23T23:59:00+00:00"
        );
    }
}
