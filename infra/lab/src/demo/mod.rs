//! `cargo lab demo`: the whole journey of two lead lists on the local stack, and the proof that all went well.

pub mod command;
pub mod lists;
mod play;
mod report;
pub(crate) mod setup;

use std::time::{Duration, Instant};

use anyhow::bail;
use aws_sdk_s3::primitives::ByteStream;
use chrono::{DateTime, Datelike as _, Days, NaiveTime, Utc, Weekday};
use serde::Serialize;
use touchline_domain::calendar::Zone;
use touchline_engine::import::run::ImportPorts as _;
use touchline_engine::{audit, import::run::Status};

use touchline_stack::{
    gather::{self, Ledger},
    progress::Progress,
    records::Records,
    setup::Setup,
    target::Target,
};

pub use play::Player;
pub use report::TenantReport;

/// How long an import of a demonstration list may take.
const IMPORT_PATIENCE: Duration = Duration::from_secs(120);

/// Between two looks at an import's progress.
const LOOK: Duration = Duration::from_millis(50);

/// What is played.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Rows of each list.
    pub rows: usize,
    /// Days that are played.
    pub days: u64,
    /// What decides the lists.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct DemoReport {
    /// From when, in the stack's time.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// How often what was due was queued.
    pub ticks: u32,
    /// Seconds that it took.
    pub took_secs: u64,
    /// The tenants.
    pub tenants: Vec<TenantReport>,
}

impl DemoReport {
    /// Whether every audit is clean.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.tenants.iter().all(|tenant| tenant.audit.is_clean())
    }
}

/// Plays the demonstration on a stack that is up and fresh.
///
/// # Errors
/// A part does not answer, an import fails, a queue does not empty.
pub async fn run(
    target: &Target,
    options: Options,
    progress: &Progress,
) -> anyhow::Result<DemoReport> {
    let began = Instant::now();
    let records = Records::open(target).await?;
    let player = Player::new(target, &records)?;
    let from = wednesday_morning(target.now()?)?;
    player.set(from)?;
    let plans = setup::plans(options.rows, options.seed)?;
    {
        let rows = options.rows;
        let stage = progress.stage(format!("importing two lists of {rows} rows"));
        for plan in &plans {
            stage.detail(plan.file);
            setup::create(&records.store, plan, from).await?;
            upload(&records, plan).await?;
        }
        for plan in &plans {
            imported(&records, plan).await?;
        }
        stage.detail("enriching, scoring, washing, enrolling");
        player.drain().await?;
    }
    let until = from + Days::new(options.days);
    let ticks = {
        let stage = progress.stage(format!("playing {} days", options.days));
        let total = (until - from).num_hours().max(1);
        player
            .play(until, &|at| {
                let hours = (at - from).num_hours();
                let day = hours / 24 + 1;
                let percent = hours * 100 / total;
                stage.detail(&format!("day {day} of {}, {percent} %", options.days));
            })
            .await?
    };
    let stage = progress.stage("auditing both tenants");
    let ledger = Ledger::read(target).await?;
    let mut tenants = Vec::new();
    for plan in &plans {
        stage.detail(plan.name);
        let evidence = gather::evidence(target, &records, &plan.tenant, ledger.as_ref()).await?;
        let replies = gather::replies(&records, &evidence).await?;
        let checked = audit::audit(&evidence);
        tenants.push(report::report(&evidence, replies, checked));
    }
    Ok(DemoReport {
        from,
        until,
        ticks,
        took_secs: began.elapsed().as_secs(),
        tenants,
    })
}

/// The next Wednesday, 06:00 in Sydney: before anybody's window opens, and so that the last step of the default sequence,
/// the text message of day 12, falls on working days.
///
/// # Errors
/// The zone data lacks Sydney.
pub(crate) fn wednesday_morning(now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
    let sydney: Zone = "Australia/Sydney".parse()?;
    let six = NaiveTime::from_hms_opt(6, 0, 0).unwrap_or_default();
    let next = sydney
        .local(now)
        .date()
        .iter_days()
        .filter(|day| day.weekday() == Weekday::Wed)
        .map(|day| sydney.to_utc(day.and_time(six)))
        .find(|at| *at > now);
    Ok(next.unwrap_or(now))
}

/// Puts a plan's list where its import begins.
pub(crate) async fn upload(records: &Records, plan: &setup::Plan) -> anyhow::Result<()> {
    let list = ByteStream::from(plan.list.clone());
    Setup::new(&records.store, "demo")
        .list(&plan.tenant, &plan.upload, plan.file, list)
        .await
}

/// Waits until a plan's list is imported.
pub(crate) async fn imported(records: &Records, plan: &setup::Plan) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        match records
            .store
            .progress(&plan.tenant, &plan.upload)
            .await?
            .map(|progress| progress.status)
        {
            Some(Status::Done) => return Ok(()),
            Some(Status::Failed { code }) => bail!("{} was not imported: {code}", plan.file),
            Some(Status::Running) | None if began.elapsed() < IMPORT_PATIENCE => {
                tokio::time::sleep(LOOK).await;
            }
            Some(Status::Running) | None => {
                bail!("{} is not imported after {IMPORT_PATIENCE:?}", plan.file)
            }
        }
    }
}
