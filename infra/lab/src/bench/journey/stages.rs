//! The stages one after the other, each with its time and what the emulator spent on it.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::processes::Cpu;
use super::report::{Report, StageReport};
use crate::demo::{self, Player, setup};
use touchline_engine::import::run::ImportPorts as _;
use touchline_stack::gather::Ledger;
use touchline_stack::local::ProcessId;
use touchline_stack::progress::Progress;
use touchline_stack::records::Records;
use touchline_stack::simulator::Simulator;
use touchline_stack::target::{Place, Target};

/// Rows of one tenant's list: three domains send 45 first e-mails each a day.
const ROWS_A_TENANT: u32 = 120;
/// Tenants that are written, and lists that are uploaded, at a time.
const AT_ONCE: usize = 8;
/// Every lead's first touch is planned within this time, whatever its time zone.
const FIRST_TOUCHES_HOURS: i64 = 34;

/// Runs the journey on a stack that is up and fresh.
///
/// # Errors
/// A part does not answer, an import fails, a queue does not empty.
pub async fn run(
    target: &Target,
    rows: u32,
    seed: u64,
    latency: Duration,
    progress: &Progress,
) -> anyhow::Result<Report> {
    let records = Records::open(target).await?;
    let player = Player::new(target, &records)?.without_webhooks();
    let from = demo::wednesday_morning(target.now()?)?;
    player.set(from)?;
    calm(target, latency).await?;
    let plans = plans(rows, seed)?;
    {
        let stage = progress.stage("writing tenants");
        stage.detail(&plans.len().to_string());
        stream::iter(&plans)
            .map(|plan| setup::create(&records.store, plan, from))
            .buffer_unordered(AT_ONCE)
            .try_collect::<Vec<()>>()
            .await?;
    }
    let watch = Watch::of(target);
    let mut stages = Vec::new();

    let stage = progress.stage("importing");
    let lap = watch.lap();
    stream::iter(&plans)
        .map(|plan| demo::upload(&records, plan))
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    for plan in &plans {
        demo::imported(&records, plan).await?;
    }
    drop(stage);
    let leads = created(&records, &plans).await?;
    stages.push(lap.end("import", leads));

    let stage = progress.stage("enriching, scoring, washing, enrolling");
    let lap = watch.lap();
    player.drain().await?;
    drop(stage);
    stages.push(lap.end("enrol", leads));

    let stage = progress.stage("sending");
    let lap = watch.lap();
    let tell = |at: DateTime<Utc>| stage.detail(&at.to_rfc3339());
    let until = from + TimeDelta::hours(FIRST_TOUCHES_HOURS);
    let ticks = player.play(until, &tell).await?;
    drop(stage);
    let accepted = accepted(target).await?;
    stages.push(lap.end("send", accepted));
    Ok(Report::of(
        rows,
        plans.len(),
        leads,
        accepted,
        ticks,
        latency,
        stages,
    ))
}

/// Providers answer after `latency` and never fail; nobody is listed, nobody answers.
async fn calm(target: &Target, latency: Duration) -> anyhow::Result<()> {
    let simulator = Simulator::of(target).context("the stack has no provider simulator")?;
    simulator.leave_to_chance(&[]).await?;
    simulator.answer_after(latency).await
}

/// As many tenants as the leads need, each with a list of its own.
fn plans(rows: u32, seed: u64) -> anyhow::Result<Vec<setup::Plan>> {
    let tenants = rows.div_ceil(ROWS_A_TENANT);
    (0..tenants)
        .map(|n| {
            let left = rows - n * ROWS_A_TENANT;
            let rows = usize::try_from(left.min(ROWS_A_TENANT))?;
            let [mut plan, _] = setup::plans(rows, seed.wrapping_add(u64::from(n)))?;
            plan.tenant = format!("journey-{n}").parse()?;
            Ok(plan)
        })
        .collect()
}

async fn created(records: &Records, plans: &[setup::Plan]) -> anyhow::Result<usize> {
    let mut leads = 0;
    for plan in plans {
        let upload = records.store.progress(&plan.tenant, &plan.upload).await?;
        leads += upload.map_or(0, |upload| upload.counts.created);
    }
    Ok(usize::try_from(leads)?)
}

/// Different leads whose first touch the simulator accepted.
async fn accepted(target: &Target) -> anyhow::Result<usize> {
    let ledger = Ledger::read(target).await?.unwrap_or_default();
    let leads: HashSet<_> = ledger
        .all()
        .map(|receipt| (&receipt.reference.tenant, &receipt.reference.lead))
        .collect();
    Ok(leads.len())
}

/// Measures the wall clock and the time on a CPU.
struct Watch {
    emulator: Option<u32>,
    dynamodb: Option<u32>,
}

impl Watch {
    fn of(target: &Target) -> Self {
        let (emulator, dynamodb) = match target.place() {
            Place::Local(state) => (state.emulator.as_ref(), state.dynamodb.as_ref()),
            Place::Aws => (None, None),
        };
        let pid = |process: &ProcessId| u32::try_from(process.pid).ok();
        Self {
            emulator: emulator.and_then(pid),
            dynamodb: dynamodb.and_then(pid),
        }
    }

    fn cpu(&self) -> Cpu {
        let of = |emulator| Cpu::of(emulator, self.dynamodb);
        self.emulator.map(of).unwrap_or_default()
    }

    fn lap(&self) -> Lap<'_> {
        Lap {
            watch: self,
            began: Instant::now(),
            cpu: self.cpu(),
        }
    }
}

/// A stage that is being measured.
struct Lap<'a> {
    watch: &'a Watch,
    began: Instant,
    cpu: Cpu,
}

impl Lap<'_> {
    fn end(self, stage: &'static str, leads: usize) -> StageReport {
        let cpu = self.watch.cpu().since(self.cpu);
        StageReport::of(stage, leads, self.began.elapsed(), cpu)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_are_shared_out_so_that_each_list_fits_into_a_day() {
        let plans = plans(250, 7).unwrap();
        let tenants: Vec<String> = plans.iter().map(|plan| plan.tenant.to_string()).collect();
        assert_eq!(tenants, ["journey-0", "journey-1", "journey-2"]);
        // A field may hold a line break, so lines are no rows; ten rows are fewer than a hundred and twenty.
        let sizes: Vec<usize> = plans.iter().map(|plan| plan.list.len()).collect();
        assert!(
            sizes[0] > 8 * sizes[2] && sizes[1] > 8 * sizes[2],
            "{sizes:?}"
        );
        assert_ne!(plans[0].list, plans[1].list);
    }
}
