//! Plays days in minutes: moves the clock to the next moment at which something is due, queues it as the schedule would,
//! lets the simulator answer, and waits until every queue is empty.
//!
//! Time moves to the last minute of each quarter of an hour (09:14, 09:29 ...): what was planned for a quarter leaves
//! within it, and windows end on full quarters in every time zone on earth.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use futures::future::try_join_all;
use serde::Deserialize;
use serde_json::Value;
use touchline_engine::{enqueue::SHARDS, ports::DueIndex as _};

use crate::{
    clock::VirtualClock,
    commands::{invoke, tick},
    records::Records,
    target::{Place, Target},
};

/// A queue that is not empty for this long is stuck, and so is the demonstration.
const PATIENCE: Duration = Duration::from_secs(180);
/// Between two looks at the queues.
const LOOK: Duration = Duration::from_millis(40);
/// Looks in a row at which all queues have to be empty: between two queues a message is in neither for a moment.
const QUIET_LOOKS: u32 = 3;

/// What the simulator has scheduled.
#[derive(Debug, Default, Deserialize)]
struct Pending {
    #[serde(default)]
    next_due: Option<DateTime<Utc>>,
}

/// Drives one stack.
pub struct Player<'a> {
    target: &'a Target,
    records: &'a Records,
    clock: VirtualClock,
    simulator: String,
    http: reqwest::Client,
    sqs: aws_sdk_sqs::Client,
}

impl<'a> Player<'a> {
    /// A player of a local stack with a simulator.
    ///
    /// # Errors
    /// The stack is not local, or has no simulator.
    pub fn new(target: &'a Target, records: &'a Records) -> anyhow::Result<Self> {
        let Place::Local(state) = target.place() else {
            bail!("time can only be played on the local stack")
        };
        let simulator = state
            .simulator_url
            .clone()
            .context("the stack has no provider simulator")?;
        Ok(Self {
            target,
            records,
            clock: VirtualClock::at(&state.clock_file),
            simulator,
            http: reqwest::Client::new(),
            sqs: aws_sdk_sqs::Client::new(target.config()),
        })
    }

    /// Sets the stack's time.
    ///
    /// # Errors
    /// The clock file can not be written.
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
        self.pump().await?;
        self.drain().await?;
        let event = tick::scheduled_event(&self.target.function("enqueue"), now);
        invoke::call(self.target, "enqueue", &event).await?;
        self.drain().await?;
        // Delivery events follow a message within seconds.
        while self.pump().await? > 0 {
            self.drain().await?;
        }
        Ok(())
    }

    /// The end of the quarter of an hour in which the next thing is due.
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
        let pending: Pending = self.get("_sim/pending").await?;
        let next = due.into_iter().chain(pending.next_due).min();
        Ok(next.map(|at| end_of_quarter(at.max(now + TimeDelta::minutes(1)))))
    }

    async fn pump(&self) -> anyhow::Result<u64> {
        let answer: Value = self
            .http
            .post(format!("{}/_sim/pump", self.simulator))
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .context("asking the simulator for what is due")?
            .json()
            .await?;
        let posted = ["posted", "emitted", "delivered"]
            .iter()
            .find_map(|name| answer.get(*name)?.as_u64());
        Ok(posted.unwrap_or(0))
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let answer = self
            .http
            .get(format!("{}/{path}", self.simulator))
            .send()
            .await;
        Ok(answer
            .and_then(reqwest::Response::error_for_status)
            .context("asking the simulator")?
            .json()
            .await?)
    }

    /// Waits until every queue is empty and nothing is in flight.
    ///
    /// # Errors
    /// A queue does not empty in time; the error names it.
    pub async fn drain(&self) -> anyhow::Result<()> {
        let (mut quiet, mut since, mut last) = (0, Instant::now(), 0);
        loop {
            let counts = try_join_all(
                self.records
                    .queues
                    .iter()
                    .map(|(name, url)| self.waiting(name, url)),
            )
            .await?;
            let total: u64 = counts.iter().map(|(_, n)| n).sum();
            quiet = if total == 0 { quiet + 1 } else { 0 };
            if quiet >= QUIET_LOOKS {
                return Ok(());
            }
            if total != last {
                (since, last) = (Instant::now(), total);
            }
            if since.elapsed() > PATIENCE {
                let stuck: Vec<String> = counts
                    .iter()
                    .filter(|(_, n)| *n > 0)
                    .map(|(name, n)| format!("{name}: {n}"))
                    .collect();
                bail!("messages are stuck in {}", stuck.join(", "));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn waiting(&self, name: &'static str, url: &str) -> anyhow::Result<(&'static str, u64)> {
        use aws_sdk_sqs::types::QueueAttributeName::{
            ApproximateNumberOfMessages, ApproximateNumberOfMessagesDelayed,
            ApproximateNumberOfMessagesNotVisible,
        };
        let counted = [
            ApproximateNumberOfMessages,
            ApproximateNumberOfMessagesNotVisible,
            ApproximateNumberOfMessagesDelayed,
        ];
        let answer = self
            .sqs
            .get_queue_attributes()
            .queue_url(url)
            .set_attribute_names(Some(counted.to_vec()))
            .send()
            .await
            .with_context(|| format!("looking at {name}"))?;
        let count = |attribute| -> u64 {
            answer
                .attributes()
                .and_then(|all| all.get(&attribute))
                .and_then(|n| n.parse().ok())
                .unwrap_or(0)
        };
        Ok((name, counted.into_iter().map(count).sum()))
    }
}

/// The last minute of the quarter of an hour that holds `at`.
fn end_of_quarter(at: DateTime<Utc>) -> DateTime<Utc> {
    let start = at.duration_trunc(TimeDelta::minutes(15)).unwrap_or(at);
    let end = start + TimeDelta::minutes(14);
    if end < at {
        end + TimeDelta::minutes(15)
    } else {
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_last_minute_of_its_quarter() {
        let end = |text: &str| end_of_quarter(text.parse().unwrap()).to_rfc3339();
        assert_eq!(end("2026-11-23T22:00:00Z"), "2026-11-23T22:14:00+00:00");
        assert_eq!(end("2026-11-23T22:14:00Z"), "2026-11-23T22:14:00+00:00");
        assert_eq!(end("2026-11-23T22:14:30Z"), "2026-11-23T22:29:00+00:00");
    }
}
