//! `cargo lab bench enqueue`: what a tick reads, by how many leads are enrolled, and how a back-log drains. The real
//! enqueue against a due index in memory; a lead that is queued early or not at all ends the run as a failure.

mod drain;
mod leads;
mod tick;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use serde::Serialize;
use touchline_lambda_harness::{AwsStub, Program};
use touchline_runtime::{meter, settings::name};

use super::{Profile, program, world};
use touchline_stack::args::Global;
use touchline_stack::error::CliError;
use touchline_stack::output::table;
use touchline_stack::progress::Progress;
use touchline_stack::workspace::Workspace;

const FUNCTION: &str = "enqueue";
/// Its timeout in the template.
const LIMIT: Duration = Duration::from_secs(50);

/// How many leads, how many of them due.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
For each number of enrolled leads the same --due of them became due in the last minute; the others are \
spread over the next twelve days. Shown is what one tick of all shards reads, writes and sends, in calls, \
and its reads in DynamoDB's units (computed from the entries' sizes). 'spread' is how far the read units of the \
sizes lie apart.

Then --backlog leads have become due while nothing ticked. Each minute has one tick; a shard that it has \
no time for gets an invocation of its own, one after the other here and all at once in AWS. Every lead is \
looked up in what the queues got: none may be missing, none may be there before its time.

Examples:
  cargo lab bench enqueue
  cargo lab bench enqueue --enrolled 1000 --enrolled 50000 --due 200 --backlog 20000 --json
  cargo lab bench enqueue --profile dev --backlog 0")]
pub struct EnqueueArgs {
    /// Enrolled leads; may be given again.
    #[arg(long, value_name = "N", default_values_t = [10_000, 100_000, 1_000_000])]
    pub enrolled: Vec<u32>,
    /// How many of them are due.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub due: u32,
    /// Leads of the back-log; 0 leaves it out.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub backlog: u32,
    /// What each call to AWS takes.
    #[arg(long, value_name = "MS", default_value_t = 5)]
    pub latency_ms: u64,
    /// How the function is compiled.
    #[arg(long, value_enum, default_value_t)]
    pub profile: Profile,
}

/// The figures.
#[derive(Debug, Serialize)]
struct Report {
    profile: &'static str,
    latency_ms: u64,
    due: u32,
    ticks: Vec<tick::Measured>,
    /// By how much the most read units exceed the fewest, in per cent.
    spread_percent: f64,
    backlog: Option<drain::Drained>,
}

/// Measures.
///
/// # Errors
/// [`CliError`]; also when a lead is queued early or not at all.
pub async fn run(global: &Global, args: &EnqueueArgs) -> Result<(), CliError> {
    if let Some(few) = args.enrolled.iter().find(|enrolled| **enrolled < args.due) {
        let due = args.due;
        return Err(CliError::usage(format!(
            "--enrolled {few}: no more can be due than are enrolled (--due {due})"
        )));
    }
    let workspace = Workspace::find().await?;
    let progress = Progress::new(global.json);
    let programs = program::build(&workspace, &[FUNCTION], args.profile, &progress).await?;
    let path = programs.get(FUNCTION).context("cargo named no program")?;
    let folder = program::folder(&workspace)?;
    let latency = Duration::from_millis(args.latency_ms);
    let mut ticks = Vec::new();
    for enrolled in &args.enrolled {
        let stage = progress.stage("a tick");
        stage.detail(&format!("{enrolled} leads enrolled"));
        let aws = stub(latency).await?;
        let program = program_of(&aws, path, &folder)?;
        ticks.push(tick::measure(&aws, &program, *enrolled, args.due).await?);
    }
    let backlog = if args.backlog > 0 {
        let stage = progress.stage("draining the back-log");
        let aws = stub(latency).await?;
        let program = program_of(&aws, path, &folder)?;
        let tell = |queued: usize| stage.detail(&format!("{queued} of {}", args.backlog));
        Some(drain::drain(&aws, &program, args.backlog, &tell).await?)
    } else {
        None
    };
    let report = Report {
        profile: args.profile.name(),
        latency_ms: args.latency_ms,
        due: args.due,
        spread_percent: spread(ticks.iter().map(|tick| tick.read_units)),
        ticks,
        backlog,
    };
    global.format().print(&report, human)?;
    Ok(judge(&report)?)
}

async fn stub(latency: Duration) -> anyhow::Result<AwsStub> {
    let aws = AwsStub::start().await?;
    aws.set_latency(latency);
    aws.keep_messages();
    Ok(aws)
}

fn program_of(aws: &AwsStub, path: &Path, folder: &Path) -> anyhow::Result<Program> {
    let mut program = world::program(aws, FUNCTION, path, folder)?;
    program
        .env
        .push((name::COST_METER.to_owned(), meter::ON.to_owned()));
    Ok(program)
}

/// By how much the largest exceeds the smallest, in per cent.
fn spread(figures: impl Iterator<Item = f64> + Clone) -> f64 {
    let least = figures.clone().fold(f64::INFINITY, f64::min);
    let most = figures.fold(0.0, f64::max);
    if least > 0.0 && least.is_finite() {
        ((most / least - 1.0) * 1_000.0).round() / 10.0
    } else {
        0.0
    }
}

/// Times are the reader's to judge; a lead that is lost or early is not.
fn judge(report: &Report) -> anyhow::Result<()> {
    for tick in &report.ticks {
        if tick.queued != report.due || tick.early > 0 {
            bail!(
                "of {} leads that were due {} were queued, and {} early",
                report.due,
                tick.queued,
                tick.early
            );
        }
    }
    match &report.backlog {
        Some(drained) if drained.lost > 0 || drained.early > 0 => bail!(
            "{} leads of the back-log were lost and {} queued early",
            drained.lost,
            drained.early
        ),
        _ => Ok(()),
    }
}

fn human(report: &Report) -> String {
    let header = [
        "enrolled",
        "due",
        "queued",
        "queries",
        "read\nunits",
        "writes",
        "SQS\ncalls",
        "ms",
    ];
    let rows = report.ticks.iter().map(|tick| {
        vec![
            tick.enrolled.to_string(),
            report.due.to_string(),
            tick.queued.to_string(),
            tick.queries.to_string(),
            format!("{:.1}", tick.read_units),
            tick.writes.to_string(),
            tick.sqs_calls.to_string(),
            format!("{:.0}", tick.millis),
        ]
    });
    let mut text = format!(
        "profile {}; each call to AWS takes {} ms\n{}\nread units: spread {:.1} %\n",
        report.profile,
        report.latency_ms,
        table(&header, rows),
        report.spread_percent
    );
    if let Some(drained) = &report.backlog {
        text.push('\n');
        text.push_str(&drained.to_table());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(enrolled: u32, read_units: f64) -> tick::Measured {
        tick::Measured {
            enrolled,
            queued: 1_000,
            early: 0,
            queries: 32,
            read_units,
            writes: 16,
            sqs_calls: 100,
            millis: 1_234.5,
        }
    }

    fn report() -> Report {
        Report {
            profile: "release",
            latency_ms: 5,
            due: 1_000,
            ticks: vec![tick(10_000, 40.0), tick(1_000_000, 41.0)],
            spread_percent: 2.5,
            backlog: Some(drain::Drained {
                backlog: 1_000_000,
                ticks: 2,
                invocations: 18,
                handed_over: 16,
                queued: 1_000_000,
                doubled: 0,
                lost: 0,
                early: 0,
                wall_secs: 123.4,
                cpu_secs: 100.0,
                per_cpu_second: 10_000.0,
                peak_rss_bytes: 20 << 20,
            }),
        }
    }

    #[test]
    fn the_spread_is_of_the_most_over_the_fewest() {
        assert_eq!(spread([40.0, 44.0, 42.0].into_iter()), 10.0);
        assert_eq!(spread([40.0].into_iter()), 0.0);
        assert_eq!(spread(std::iter::empty()), 0.0);
    }

    #[test]
    fn a_lost_or_an_early_lead_is_a_failure() {
        assert!(judge(&report()).is_ok());
        let mut lost = report();
        lost.ticks[1].queued = 999;
        assert!(judge(&lost).is_err());
        let mut early = report();
        early.backlog.as_mut().unwrap().early = 1;
        assert!(judge(&early).is_err());
    }

    #[test]
    fn the_tables_fit_a_hundred_columns() {
        for line in human(&report()).lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}
