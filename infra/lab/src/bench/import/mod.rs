//! `cargo lab bench import`: one large list through the real import-leads, killed on the way as often as asked, then
//! checked lead by lead. A lead that is lost, doubled or miscounted ends the run as a failure.

mod list;
mod on_stack;
mod runs;

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};
use touchline_domain::ids::TenantId;
use touchline_lambda_harness::{Answer, AwsStub};
use touchline_store::keys;

use super::{Profile, program, world};
use touchline_stack::args::Global;
use touchline_stack::error::CliError;
use touchline_stack::output::table;
use touchline_stack::progress::Progress;
use touchline_stack::workspace::Workspace;

const FUNCTION: &str = "import-leads";
/// The upload of the sample event.
const UPLOAD_KEY: &str = "team_acme/imports/2026-11-20-spring/leads.csv";
/// Rows of the file that the sample event names, by its size.
const SAMPLE_ROWS: u64 = 700;

/// How large, and how often killed.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
The list has about 175 bytes a row; of 100 rows two tell of somebody again and one of nobody. The \
function's process is killed --kills times at even distances, then stopped once by its deadline, and \
each time the event is delivered again. Afterwards every lead is looked up in what was written. \
Rows per CPU second are those of one core: the function's own time, without that of the stubs. \
Reads /proc: Linux only.

With --on-stack the list goes through the local stack instead, which has to be up: into the bucket, by \
the bucket's notification, into the emulator's tables. The time is that from the upload to the report \
that it is done. Every row becomes an enrichment job, which the stack works off meanwhile and afterwards.

Examples:
  cargo lab bench import --rows 1000000
  cargo lab bench import --rows 100000 --kills 5 --json
  cargo lab bench import --rows 1000 --profile dev
  cargo lab bench import --rows 20000 --on-stack")]
pub struct ImportArgs {
    /// Rows of the list.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub rows: u64,
    /// How often the process is killed.
    #[arg(long, default_value_t = 2)]
    pub kills: u32,
    /// What each call to AWS takes.
    #[arg(long, value_name = "MS", default_value_t = 5)]
    pub latency_ms: u64,
    /// How the function is compiled.
    #[arg(long, value_enum, default_value_t)]
    pub profile: Profile,
    /// Measure this program, built before, to compare builds.
    #[arg(long, value_name = "FILE")]
    pub program: Option<PathBuf>,
    /// Work on the local stack, with its emulator in place of the stubs.
    #[arg(long, conflicts_with_all = ["kills", "latency_ms", "profile", "program"])]
    pub on_stack: bool,
}

/// What the import came to.
#[derive(Debug, Serialize)]
struct Report {
    profile: &'static str,
    latency_ms: u64,
    rows: u64,
    file_bytes: u64,
    /// Times that the process was started, killed ones and stopped ones among them.
    runs: u32,
    kills: u32,
    wall_secs: f64,
    cpu_secs: f64,
    rows_per_second: f64,
    rows_per_cpu_second: f64,
    peak_rss_bytes: u64,
    created: u64,
    merged: u64,
    rejected: u64,
    lost: u64,
    doubled: u64,
    /// Items written, those written again after a kill among them.
    items_written: u64,
    /// Calls by operation.
    calls: Value,
}

/// Measures.
///
/// # Errors
/// [`CliError`]; also when a lead is lost, doubled or miscounted.
pub async fn run(global: &Global, args: &ImportArgs) -> Result<(), CliError> {
    if args.on_stack {
        return on_stack::run(global, args.rows).await;
    }
    let workspace = Workspace::find().await?;
    let progress = Progress::new(global.json);
    let path = match &args.program {
        Some(built) => built.clone(),
        None => {
            let programs = program::build(&workspace, &[FUNCTION], args.profile, &progress).await?;
            let path = programs.get(FUNCTION).context("cargo named no program")?;
            path.clone()
        }
    };
    let aws = AwsStub::start().await.map_err(anyhow::Error::new)?;
    let (tenant, _) = world::put_tenant(&aws, &world::store(&aws).await).await?;
    let list = Bytes::from(list::csv(args.rows));
    let file_bytes = list.len() as u64;
    aws.put_file(&world::name_of("BUCKET"), UPLOAD_KEY, list);
    aws.set_latency(Duration::from_millis(args.latency_ms));
    drop(aws.take_calls());

    let event = std::fs::read(workspace.sample_event(FUNCTION))?;
    let program = world::program(&aws, FUNCTION, &path, &program::folder(&workspace)?)?;
    let stage = progress.stage("importing");
    let began_puts = aws.tables().puts();
    let total = runs::until_done(&aws, &program, &event.into(), args.rows, args.kills).await?;
    drop(stage);

    let stage = progress.stage("checking every lead");
    let (lost, doubled) = compare(&aws, &tenant, args.rows);
    drop(stage);
    let (created, merged, rejected) = counted(&total.answer)?;
    let calls = aws
        .take_calls()
        .into_iter()
        .map(|(name, n)| (name, json!(n)));
    let rows = args.rows as f64;
    let report = Report {
        profile: args.profile.name(),
        latency_ms: args.latency_ms,
        rows: args.rows,
        file_bytes,
        runs: total.runs,
        kills: args.kills,
        wall_secs: total.wall.as_secs_f64(),
        cpu_secs: total.cpu.as_secs_f64(),
        rows_per_second: (rows / total.wall.as_secs_f64()).round(),
        rows_per_cpu_second: (rows / total.cpu.as_secs_f64()).round(),
        peak_rss_bytes: total.peak_rss_bytes,
        created,
        merged,
        rejected,
        lost,
        doubled,
        items_written: aws.tables().puts() - began_puts,
        calls: calls.collect::<serde_json::Map<_, _>>().into(),
    };
    global.format().print(&report, human)?;
    Ok(judge(&report)?)
}

/// Puts a file where the sample event names one.
pub fn put_sample(aws: &AwsStub) {
    let list = Bytes::from(list::csv(SAMPLE_ROWS));
    aws.put_file(&world::name_of("BUCKET"), UPLOAD_KEY, list);
}

/// Leads that should have been written and were not, and leads that were written and should not have been.
fn compare(aws: &AwsStub, tenant: &TenantId, rows: u64) -> (u64, u64) {
    let profile_of = |lead| keys::profile(tenant, &lead).pk;
    let mut written: HashSet<String> = HashSet::new();
    let profile_sk = list::leads(tenant, 1)
        .next()
        .map(|lead| keys::profile(tenant, &lead).sk);
    let leads_table = world::name_of("LEADS_TABLE");
    aws.tables().each(&leads_table, |pk, sk, _| {
        if Some(sk) == profile_sk.as_deref() {
            written.insert(pk.to_owned());
        }
    });
    let lost = list::leads(tenant, rows)
        .map(profile_of)
        .filter(|pk| !written.remove(pk))
        .count();
    (lost as u64, written.len() as u64)
}

/// Created, merged and rejected, as the function reports them.
fn counted(answer: &Answer) -> anyhow::Result<(u64, u64, u64)> {
    let Answer::Response(body) = answer else {
        bail!("the import failed: {}", answer.text());
    };
    let body: Value = serde_json::from_slice(body).context("reading the function's report")?;
    let counts = &body["uploads"][0]["counts"];
    let count = |name: &str| {
        counts[name]
            .as_u64()
            .with_context(|| format!("the function's report has no count {name}: {body}"))
    };
    Ok((count("created")?, count("merged")?, count("rejected")?))
}

fn judge(report: &Report) -> anyhow::Result<()> {
    let wanted = list::counts(report.rows);
    let counted = (report.created, report.merged, report.rejected);
    if counted != wanted {
        bail!("counted (created, merged, rejected) {counted:?}, and the list has {wanted:?}");
    }
    if (report.lost, report.doubled) != (0, 0) {
        bail!("{} leads lost, {} doubled", report.lost, report.doubled);
    }
    Ok(())
}

fn human(report: &Report) -> String {
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let mib = report.peak_rss_bytes as f64 / f64::from(1024 * 1024);
    let rows = [
        row("rows", report.rows.to_string()),
        row("file", format!("{:.1} MB", report.file_bytes as f64 / 1e6)),
        row(
            "runs",
            format!("{}, of them killed: {}", report.runs, report.kills),
        ),
        row(
            "rows/s",
            format!("{:.0} ({:.1} s)", report.rows_per_second, report.wall_secs),
        ),
        row(
            "rows per CPU second",
            format!(
                "{:.0} ({:.1} s)",
                report.rows_per_cpu_second, report.cpu_secs
            ),
        ),
        row("peak RSS", format!("{mib:.1} MiB")),
        row(
            "created, merged, rejected",
            format!("{}, {}, {}", report.created, report.merged, report.rejected),
        ),
        row(
            "lost, doubled",
            format!("{}, {}", report.lost, report.doubled),
        ),
        row("items written", report.items_written.to_string()),
        row("calls", report.calls.to_string().replace(',', ", ")),
    ];
    let table = table(&["import", "figure"], rows);
    format!(
        "profile {}; each call to AWS takes {} ms\n{table}",
        report.profile, report.latency_ms
    )
}
