//! A back-log that one tick can't finish, drained by the ticks of the minutes that follow and the invocations that they
//! hand shards to.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde::Serialize;
use touchline_lambda_harness::{AwsStub, Program, Sandbox};

use super::{
    leads::{self, Got},
    tick::{event, invoke},
};
use crate::bench::world;
use touchline_stack::output::table;

/// Over this time before the first tick the back-log became due.
const BACKLOG_SECS: i64 = 30 * 60;
/// So many leads are due tomorrow; none of them may be queued.
const TOMORROW: u32 = 1_000;

/// What the back-log came to.
#[derive(Debug, Serialize)]
pub struct Drained {
    /// Leads that were due.
    pub backlog: u32,
    /// Ticks of the schedule, one a minute.
    pub ticks: u32,
    /// Invocations, those for one shard among them.
    pub invocations: u32,
    /// Shards that a tick handed over.
    pub handed_over: u32,
    /// Different leads that a queue got.
    pub queued: u32,
    /// Messages beyond the first of a lead.
    pub doubled: u32,
    /// Leads that no queue got.
    pub lost: u32,
    /// Messages about leads that were not due.
    pub early: u32,
    /// Of all invocations one after the other; in AWS those for one shard run at once.
    pub wall_secs: f64,
    /// Of the function alone.
    pub cpu_secs: f64,
    /// Leads queued in a second of one core.
    pub per_cpu_second: f64,
    /// Of the largest invocation.
    pub peak_rss_bytes: u64,
}

/// Drains.
///
/// # Errors
/// The function fails.
pub async fn drain(
    aws: &AwsStub,
    program: &Program,
    backlog: u32,
    tell: &dyn Fn(usize),
) -> anyhow::Result<Drained> {
    let begin = world::now()?;
    let due = |n: u32| begin - TimeDelta::seconds(i64::from(n) % BACKLOG_SECS);
    let later = (0..TOMORROW).map(|n| begin + TimeDelta::days(1) + TimeDelta::seconds(n.into()));
    leads::put(aws, (0..backlog).map(due).chain(later))?;
    let mut got = Got::default();
    let mut work = Work::default();
    let before = begin - TimeDelta::seconds(BACKLOG_SECS) - TimeDelta::minutes(1);
    work.one(program, event(before)).await?;
    got.take(aws, before)?;
    let (mut ticks, mut handed_over, mut now) = (0, 0, begin);
    let began = Instant::now();
    work = Work::default();
    loop {
        ticks += 1;
        let answer = work.one(program, event(now)).await?;
        got.take(aws, now)?;
        tell(got.leads());
        for shard in aws.take_invocations() {
            handed_over += 1;
            work.one(program, shard).await?;
            got.take(aws, now)?;
            tell(got.leads());
        }
        if answer["unfinished"].as_u64() == Some(0) {
            break;
        }
        now += TimeDelta::minutes(1);
    }
    let queued = u32::try_from(got.leads())?;
    Ok(Drained {
        backlog,
        ticks,
        invocations: work.invocations,
        handed_over,
        queued,
        doubled: got.doubled(),
        lost: backlog.saturating_sub(queued),
        early: got.early,
        wall_secs: began.elapsed().as_secs_f64(),
        cpu_secs: work.cpu.as_secs_f64(),
        per_cpu_second: (f64::from(queued) / work.cpu.as_secs_f64()).round(),
        peak_rss_bytes: work.peak_rss_bytes,
    })
}

/// What the invocations used.
#[derive(Default)]
struct Work {
    invocations: u32,
    cpu: Duration,
    peak_rss_bytes: u64,
}

impl Work {
    /// One invocation in a process of its own.
    async fn one(
        &mut self,
        program: &Program,
        event: bytes::Bytes,
    ) -> anyhow::Result<serde_json::Value> {
        let mut sandbox = Sandbox::start(program).await?;
        let answer = invoke(&mut sandbox, event).await;
        let usage = sandbox.kill().await;
        self.invocations += 1;
        self.cpu += usage.cpu;
        self.peak_rss_bytes = self.peak_rss_bytes.max(usage.peak_rss_bytes);
        answer
    }
}

impl Drained {
    /// For people.
    #[must_use]
    pub fn to_table(&self) -> String {
        let row = |name: &str, value: String| vec![name.to_owned(), value];
        let mib = self.peak_rss_bytes as f64 / f64::from(1024 * 1024);
        table(
            &["back-log", &self.backlog.to_string()],
            [
                row("queued", self.queued.to_string()),
                row(
                    "lost, early, doubled",
                    format!("{}, {}, {}", self.lost, self.early, self.doubled),
                ),
                row("ticks", self.ticks.to_string()),
                row("shards handed over", self.handed_over.to_string()),
                row("invocations", self.invocations.to_string()),
                row(
                    "wall clock, one after the other",
                    format!("{:.1} s", self.wall_secs),
                ),
                row("CPU", format!("{:.1} s", self.cpu_secs)),
                row("queued a CPU second", format!("{:.0}", self.per_cpu_second)),
                row("peak RSS of one", format!("{mib:.1} MiB")),
            ],
        )
    }
}
