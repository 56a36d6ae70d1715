//! One large list through the whole local stack: bucket, notification, function, tables. Its time is bound by the
//! emulator, so it says what a row costs in items more than what the function can do.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use aws_sdk_s3::primitives::ByteStream;
use serde::Serialize;
use touchline_domain::{
    country::Country,
    ids::{TenantId, UploadId},
    sending::{consent::Basis, tenant::Tenant},
};
use touchline_engine::import::run::ImportPorts as _;
use touchline_engine::import::{Counts, run::Status};

use super::list;
use touchline_stack::{
    args::Global, error::CliError, output::table, progress::Progress, records::Records,
    setup::Setup, target::Target,
};

/// Between two looks at the progress.
const LOOK: Duration = Duration::from_millis(100);
/// An import that shows nothing new for so long stands still.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the import came to.
#[derive(Debug, Serialize)]
struct Report {
    rows: u64,
    wall_secs: f64,
    rows_per_second: f64,
    created: u64,
    merged: u64,
    rejected: u64,
    /// Items that the leads' table has more than before.
    items: i64,
    items_per_row: f64,
    items_per_second: f64,
}

/// Measures on the stack that is up.
///
/// # Errors
/// No stack is up, the import stands still, or its counts are not those of the list.
pub async fn run(global: &Global, rows: u64) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let (tenant, upload) = begin(&target, &records).await?;
    let before = items(&target, &records).await?;
    let progress = Progress::new(global.json);
    let stage = progress.stage("importing");
    let began = Instant::now();
    let file = ByteStream::from(list::csv(rows).into_bytes());
    Setup::new(&records.store, "bench")
        .list(&tenant, &upload, "leads.csv", file)
        .await?;
    let counts = done(&records, &tenant, &upload).await?;
    let wall = began.elapsed().as_secs_f64();
    drop(stage);
    let items = items(&target, &records).await? - before;
    let report = Report {
        rows,
        wall_secs: wall,
        rows_per_second: (rows as f64 / wall).round(),
        created: counts.created,
        merged: counts.merged,
        rejected: counts.rejected,
        items,
        items_per_row: items as f64 / rows as f64,
        items_per_second: (items as f64 / wall).round(),
    };
    global.format().print(&report, human)?;
    let (counted, wanted) = (
        (report.created, report.merged, report.rejected),
        list::counts(rows),
    );
    if counted != wanted {
        return Err(CliError::Failed(anyhow::anyhow!(
            "counted (created, merged, rejected) {counted:?}, and the list has {wanted:?}"
        )));
    }
    Ok(())
}

/// A tenant of its own for each run, so that no lead is known before.
async fn begin(target: &Target, records: &Records) -> Result<(TenantId, UploadId), CliError> {
    let run = target.now()?.timestamp_millis();
    let id: TenantId = format!("bench-{run}").parse().map_err(anyhow::Error::new)?;
    let zone = "Australia/Sydney".parse().map_err(anyhow::Error::new)?;
    let tenant = Tenant {
        attested_consent: Some(Basis::Inferred),
        ..Tenant::new(id.clone(), "Benchmark".to_owned(), Country::AU, zone)
    };
    Setup::new(&records.store, "bench")
        .tenant(tenant, None)
        .await?;
    let upload = "list".parse().map_err(anyhow::Error::new)?;
    Ok((id, upload))
}

/// Follows the import to its end.
async fn done(records: &Records, tenant: &TenantId, upload: &UploadId) -> anyhow::Result<Counts> {
    let (mut known, mut since) = (Counts::default(), Instant::now());
    loop {
        if let Some(state) = records.store.progress(tenant, upload).await? {
            match state.status {
                Status::Done => return Ok(state.counts),
                Status::Failed { code } => bail!("the list is no list: {code}"),
                Status::Running => {}
            }
            if state.counts != known {
                (known, since) = (state.counts, Instant::now());
            }
        }
        if since.elapsed() > PATIENCE {
            bail!("the import stands still after {} rows", known.rows);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Items of the leads' table, as the emulator counts them.
async fn items(target: &Target, records: &Records) -> anyhow::Result<i64> {
    let table = aws_sdk_dynamodb::Client::new(target.config())
        .describe_table()
        .table_name(&records.leads_table)
        .send()
        .await
        .context("describing the table of leads")?;
    Ok(table.table.and_then(|t| t.item_count).unwrap_or(0))
}

fn human(report: &Report) -> String {
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let rows = [
        row("rows", report.rows.to_string()),
        row(
            "rows/s",
            format!("{:.0} ({:.1} s)", report.rows_per_second, report.wall_secs),
        ),
        row(
            "created, merged, rejected",
            format!("{}, {}, {}", report.created, report.merged, report.rejected),
        ),
        row(
            "items",
            format!("{} ({:.2} a row)", report.items, report.items_per_row),
        ),
        row("items/s", format!("{:.0}", report.items_per_second)),
    ];
    table(&["import on the stack", "figure"], rows)
}
