//! Plays days in minutes: moves the clock to the next moment at which something is due, queues it as the schedule would,
//! lets the simulator answer, and waits until nothing moves any more.
//!
//! Time moves to the last minute of each quarter of an hour in which a touch is due (09:14, 09:29 ...): what was planned
//! for a quarter leaves within it, and windows end on full quarters in every time zone on earth. What providers have to
//! tell is told before each such moment, and every few hours where none comes. What is overdue and was queued already is
//! queued again by the hourly sweep, so an hour after the last one is the next moment for it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use futures::future::try_join_all;
use touchline_engine::{
    enqueue::{OVERDUE_AFTER_MINUTES, SHARDS},
    ports::DueIndex as _,
};

use touchline_stack::{
    clock::VirtualClock, idle::Idle, idle::Left, invoke, records::Records, simulator::Simulator,
    target::Target,
};

/// Touches that are due in one of these leave together.
const QUARTER: TimeDelta = TimeDelta::minutes(15);
/// Providers' events of one of these are told together, where no touch is due before.
const TELLING: TimeDelta = TimeDelta::hours(4);
/// Queues in which nothing changes for this long are stuck, and so is the demonstration.
const PATIENCE: Duration = Duration::from_secs(60);
/// How far ahead anything is planned.
const FAR: TimeDelta = TimeDelta::days(40);

/// Drives one stack.
pub struct Player<'a> {
    target: &'a Target,
    records: &'a Records,
    clock: VirtualClock,
    simulator: Simulator,
    idle: Idle,
    tells: bool,
}

/// Up to when the schedule ran, and when it last queued again what was overdue.
#[derive(Clone, Copy, Debug, Default)]
struct Ticked {
    until: Option<DateTime<Utc>>,
    swept: Option<DateTime<Utc>>,
}

impl Ticked {
    /// The schedule ran at `now`.
    fn at(&mut self, now: DateTime<Utc>) {
        self.until = Some(now);
        if self.swept.is_none_or(|at| sweep_after(at) <= now) {
            self.swept = Some(now);
        }
    }
}

/// When the schedule sweeps next.
fn sweep_after(swept: DateTime<Utc>) -> DateTime<Utc> {
    swept + TimeDelta::minutes(OVERDUE_AFTER_MINUTES)
}

/// A moment at which something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    at: DateTime<Utc>,
    /// Whether the schedule has something to queue, as against a provider that has something to tell.
    tick: bool,
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
            idle: Idle::of(target, &records.queues)?,
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

    /// Plays until `until`; `progress` hears where it is. Answers how often the schedule ran.
    ///
    /// # Errors
    /// Something does not answer, or a queue does not empty.
    pub async fn play(
        &self,
        until: DateTime<Utc>,
        progress: &dyn Fn(DateTime<Utc>),
    ) -> anyhow::Result<u32> {
        let (mut ticks, mut ticked) = (0, Ticked::default());
        loop {
            let now = self.target.now()?;
            let next = self.next_moment(now, ticked).await?;
            let Some(next) = next.filter(|next| next.at <= until) else {
                break;
            };
            self.set(next.at.max(now))?;
            progress(next.at);
            self.moment(next).await?;
            if next.tick {
                ticked.at(next.at);
                ticks += 1;
            }
        }
        self.set(until.max(self.target.now()?))?;
        self.moment(Moment {
            at: until,
            tick: true,
        })
        .await?;
        Ok(ticks)
    }

    /// Everything that happens at one moment: providers' events, what is due, and what follows from both.
    async fn moment(&self, moment: Moment) -> anyhow::Result<()> {
        if self.tells && self.simulator.pump().await? > 0 {
            self.drain().await?;
        }
        if moment.tick {
            let event = invoke::scheduled_event(&self.target.function("enqueue"), moment.at);
            invoke::call(self.target, "enqueue", &event).await?;
            self.drain().await?;
        }
        // Delivery events follow a message within seconds.
        while self.tells && self.simulator.pump().await? > 0 {
            self.drain().await?;
        }
        Ok(())
    }

    /// When to look next: where a touch is due, or something is to be told.
    async fn next_moment(
        &self,
        now: DateTime<Utc>,
        ticked: Ticked,
    ) -> anyhow::Result<Option<Moment>> {
        let shards = (0..SHARDS).map(|shard| self.due_in(shard, now, ticked));
        let (shards, pending) =
            futures::future::try_join(try_join_all(shards), self.simulator.pending()).await?;
        let soonest = now + TimeDelta::minutes(1);
        let tick = shards.into_iter().flatten().min().map(|at| Moment {
            at: last_minute(at.max(soonest), QUARTER),
            tick: true,
        });
        let told = pending.next_due.filter(|_| self.tells).map(|at| Moment {
            at: last_minute(at.max(soonest), TELLING),
            tick: false,
        });
        Ok(tick.into_iter().chain(told).min_by_key(|moment| moment.at))
    }

    /// When the schedule has something to queue in a shard.
    async fn due_in(
        &self,
        shard: u8,
        now: DateTime<Utc>,
        ticked: Ticked,
    ) -> anyhow::Result<Option<DateTime<Utc>>> {
        let first = async |after| {
            let page = self.records.store.due(shard, after, now + FAR, None, 1);
            let (items, _) = page.await?;
            anyhow::Ok(items.first().map(|item| item.due_at))
        };
        let found = first(None).await?;
        match (found, ticked.until, ticked.swept) {
            (Some(due), Some(until), Some(swept)) if due <= until => {
                let fresh = first(Some(until)).await?;
                Ok(Some(sweep_after(swept)).into_iter().chain(fresh).min())
            }
            _ => Ok(found),
        }
    }

    /// Waits until every queue is empty. When all that is left are messages that were put back for later, later comes:
    /// the stack's time moves on.
    ///
    /// # Errors
    /// A queue does not empty in time; the error names it.
    pub async fn drain(&self) -> anyhow::Result<()> {
        let (mut last, mut since) = (Left::default(), Instant::now());
        loop {
            let left = self.idle.wait().await?;
            if left.is_empty() {
                return Ok(());
            }
            if left.held != last.held {
                since = Instant::now();
            } else if since.elapsed() > PATIENCE {
                bail!("messages are stuck in {left}");
            }
            if let Some(later) = left.later() {
                self.clock.advance(later, Utc::now())?;
            }
            last = left;
        }
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

    #[test]
    fn the_schedule_sweeps_an_hour_after_the_last_sweep_at_the_soonest() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let mut ticked = Ticked::default();
        for (now, swept) in [
            ("2026-11-23T22:14:00Z", "2026-11-23T22:14:00Z"),
            ("2026-11-23T23:13:00Z", "2026-11-23T22:14:00Z"),
            ("2026-11-23T23:14:00Z", "2026-11-23T23:14:00Z"),
        ] {
            ticked.at(at(now));
            assert_eq!(ticked.swept, Some(at(swept)), "{now}");
            assert_eq!(ticked.until, Some(at(now)));
        }
    }
}
