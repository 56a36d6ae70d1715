//! `cargo lab bench lambda`: each function's real program behind a local runtime API, handling its sample event again
//! and again while AWS and the providers are played by stubs. A function that fails its sample ends the run.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bytes::Bytes;
use clap::Args;
use serde::Serialize;
use serde_json::Value;
use touchline_domain::channel::Channel;
use touchline_lambda_harness::{Answer, AwsStub, Durations, Program, Sandbox};

use super::{Profile, import, program, world};
use touchline_stack::args::Global;
use touchline_stack::error::CliError;
use touchline_stack::local;
use touchline_stack::output::table;
use touchline_stack::progress::Progress;
use touchline_stack::workspace::Workspace;

/// What to measure, and how long.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
A cold start is the time from starting the process to its first answer, once with AWS answering at \
once ('cold 0') and once with --latency-ms; the median of --cold-starts runs. Warm figures are of one sandbox, \
which handles one event after the other, as Lambda has it. Calls are those to AWS and the providers \
for one warm event. Reads /proc: Linux only.

Examples:
  cargo lab bench lambda --function send-email
  cargo lab bench lambda --invocations 5000 --json > lambda.json
  cargo lab bench lambda --profile dev --function enqueue --invocations 20")]
pub struct LambdaArgs {
    /// The function by its crate name; may be given again. Without it all of the template's.
    #[arg(long, value_name = "NAME")]
    pub function: Vec<String>,
    /// Warm invocations of each function.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub invocations: u32,
    /// Cold starts of each function and latency.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub cold_starts: u32,
    /// What each call to AWS or a provider takes.
    #[arg(long, value_name = "MS", default_value_t = 5)]
    pub latency_ms: u64,
    /// How the functions are compiled.
    #[arg(long, value_enum, default_value_t)]
    pub profile: Profile,
}

/// The figures of all functions.
#[derive(Debug, Serialize)]
struct Report {
    profile: &'static str,
    latency_ms: u64,
    cold_starts: u32,
    invocations: u32,
    functions: Vec<Measured>,
}

/// The figures of one function.
#[derive(Debug, Serialize)]
struct Measured {
    function: String,
    /// Process start to first answer, AWS answering at once.
    cold_at_once_ms: f64,
    /// The same with the set latency.
    cold_ms: f64,
    /// Time on a CPU from process start to first answer: what a busy machine distorts least.
    cold_cpu_ms: f64,
    warm_p50_ms: f64,
    warm_p99_ms: f64,
    per_second: f64,
    /// Time on a CPU for one warm event.
    cpu_ms: f64,
    /// Calls to AWS and the providers for one warm event.
    calls: f64,
    peak_rss_bytes: u64,
    program_bytes: u64,
    archive_bytes: u64,
}

/// Measures.
///
/// # Errors
/// [`CliError`]; also when a function does not succeed with its sample event.
pub async fn run(global: &Global, args: &LambdaArgs) -> Result<(), CliError> {
    let workspace = Workspace::find().await?;
    let functions = chosen(&workspace, &args.function)?;
    let names: Vec<&str> = functions.iter().map(String::as_str).collect();
    let progress = Progress::new(global.json);
    let programs = program::build(&workspace, &names, args.profile, &progress).await?;
    let mut report = Report {
        profile: args.profile.name(),
        latency_ms: args.latency_ms,
        cold_starts: args.cold_starts,
        invocations: args.invocations,
        functions: Vec::new(),
    };
    let stage = progress.stage("measuring");
    for function in names {
        stage.detail(function);
        let path = programs.get(function).context("cargo named no program")?;
        report
            .functions
            .push(measure(&workspace, function, path, args).await?);
    }
    drop(stage);
    global.format().print(&report, human)
}

fn chosen(workspace: &Workspace, wanted: &[String]) -> Result<Vec<String>, CliError> {
    let template = std::fs::read_to_string(workspace.template())?;
    let known = local::functions(&template);
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(&name.as_str())) {
        let known = known.join(", ");
        return Err(CliError::usage(format!(
            "--function {unknown}: the template has {known}"
        )));
    }
    Ok(if wanted.is_empty() {
        known.into_iter().map(str::to_owned).collect()
    } else {
        wanted.to_vec()
    })
}

async fn measure(
    workspace: &Workspace,
    function: &str,
    path: &Path,
    args: &LambdaArgs,
) -> anyhow::Result<Measured> {
    let aws = AwsStub::start().await?;
    let store = world::store(&aws).await;
    let channel = match function {
        "send-sms" => Channel::Sms,
        _ => Channel::Email,
    };
    world::put_samples(&aws, &store, channel).await?;
    if function == "import-leads" {
        import::put_sample(&aws);
    }
    aws.tables().freeze();
    let event = Bytes::from(
        std::fs::read(workspace.sample_event(function))
            .with_context(|| format!("the sample event of {function}"))?,
    );
    let program = world::program(&aws, function, path, &program::folder(workspace)?)?;
    let latency = Duration::from_millis(args.latency_ms);
    let cold_at_once = cold(&aws, &program, &event, args.cold_starts, Duration::ZERO).await?;
    let cold = cold(&aws, &program, &event, args.cold_starts, latency).await?;
    let warm = warm(&aws, &program, &event, args.invocations).await?;
    let runs = f64::from(args.invocations);
    Ok(Measured {
        function: function.to_owned(),
        cold_at_once_ms: ms(cold_at_once.times.percentile(50)),
        cold_ms: ms(cold.times.percentile(50)),
        cold_cpu_ms: ms(cold_at_once.cpu.percentile(50)),
        warm_p50_ms: ms(warm.times.percentile(50)),
        warm_p99_ms: ms(warm.times.percentile(99)),
        per_second: rounded(runs / warm.times.total().as_secs_f64()),
        cpu_ms: ms(warm.cpu / args.invocations),
        calls: rounded(warm.calls as f64 / runs),
        peak_rss_bytes: warm.peak_rss_bytes,
        program_bytes: std::fs::metadata(path)?.len(),
        archive_bytes: program::archive_bytes(path)?,
    })
}

/// From starting the process to its first answer.
struct Cold {
    times: Durations,
    cpu: Durations,
}

async fn cold(
    aws: &AwsStub,
    program: &Program,
    event: &Bytes,
    starts: u32,
    latency: Duration,
) -> anyhow::Result<Cold> {
    aws.set_latency(latency);
    let (mut times, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..starts {
        let began = Instant::now();
        let mut sandbox = Sandbox::start(program).await?;
        let answer = sandbox.invoke(event.clone(), world::LIMIT).await?;
        times.push(began.elapsed());
        succeeded(program, &answer)?;
        cpu.push(sandbox.kill().await.cpu);
    }
    Ok(Cold {
        times: times.into_iter().collect(),
        cpu: cpu.into_iter().collect(),
    })
}

struct Warm {
    times: Durations,
    cpu: Duration,
    calls: u64,
    peak_rss_bytes: u64,
}

async fn warm(
    aws: &AwsStub,
    program: &Program,
    event: &Bytes,
    invocations: u32,
) -> anyhow::Result<Warm> {
    let mut sandbox = Sandbox::start(program).await?;
    succeeded(program, &sandbox.invoke(event.clone(), world::LIMIT).await?)?;
    let before = sandbox.usage();
    // What the cold start called is not to be counted.
    drop(aws.take_calls());
    let mut times = Vec::new();
    for _ in 0..invocations {
        let began = Instant::now();
        let answer = sandbox.invoke(event.clone(), world::LIMIT).await?;
        times.push(began.elapsed());
        succeeded(program, &answer)?;
    }
    let after = sandbox.kill().await;
    Ok(Warm {
        times: times.into_iter().collect(),
        cpu: after.cpu.saturating_sub(before.cpu),
        calls: aws.take_calls().iter().map(|(_, count)| count).sum(),
        peak_rss_bytes: after.peak_rss_bytes,
    })
}

/// A measurement of a failure would mean nothing.
fn succeeded(program: &Program, answer: &Answer) -> anyhow::Result<()> {
    let log = program.log.display();
    let text = answer.text();
    let Answer::Response(body) = answer else {
        bail!("the sample event failed: {text} (log: {log})");
    };
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let failures = body["batchItemFailures"].as_array().map_or(0, Vec::len);
    let status = body["statusCode"].as_u64().unwrap_or(200);
    if failures > 0 || status >= 400 {
        bail!("the sample event was not accepted: {text} (log: {log})");
    }
    Ok(())
}

fn ms(time: Duration) -> f64 {
    rounded(time.as_secs_f64() * 1_000.0)
}

/// Two digits behind the point: the runs differ by more.
fn rounded(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}

fn human(report: &Report) -> String {
    let header = [
        "function",
        "cold\nms",
        "cold 0\nms",
        "cold\nCPU ms",
        "p50\nms",
        "p99\nms",
        "per s",
        "CPU\nms",
        "calls",
        "RSS\nMiB",
        "zip\nMB",
    ];
    let rows = report.functions.iter().map(|m| {
        vec![
            m.function.clone(),
            format!("{:.1}", m.cold_ms),
            format!("{:.1}", m.cold_at_once_ms),
            format!("{:.1}", m.cold_cpu_ms),
            format!("{:.1}", m.warm_p50_ms),
            format!("{:.1}", m.warm_p99_ms),
            format!("{:.0}", m.per_second),
            format!("{:.2}", m.cpu_ms),
            format!("{:.0}", m.calls),
            format!("{:.1}", m.peak_rss_bytes as f64 / f64::from(1024 * 1024)),
            format!("{:.2}", m.archive_bytes as f64 / 1e6),
        ]
    });
    let table = table(&header, rows);
    format!(
        "profile {}; each call to AWS or a provider takes {} ms (in the column 'cold 0': none)\n{table}",
        report.profile, report.latency_ms
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> Program {
        Program {
            path: "/code/bootstrap".into(),
            env: Vec::new(),
            log: "/tmp/enqueue.log".into(),
        }
    }

    #[test]
    fn an_answer_with_failed_messages_or_a_refusal_is_no_success() {
        let response = |text: &'static str| Answer::Response(Bytes::from_static(text.as_bytes()));
        let accepted = |answer: &Answer| succeeded(&program(), answer).is_ok();
        assert!(accepted(&response(r#"{"batchItemFailures":[]}"#)));
        assert!(accepted(&response(r#"{"statusCode":200}"#)));
        assert!(!accepted(&response(r#"{"statusCode":401}"#)));
        assert!(!accepted(&response(
            r#"{"batchItemFailures":[{"itemIdentifier":"1"}]}"#
        )));
        assert!(!accepted(&Answer::Error(Bytes::from_static(b"{}"))));
    }

    #[test]
    fn the_table_fits_a_hundred_columns() {
        let measured = Measured {
            function: "reply-classifier".into(),
            cold_at_once_ms: 1_234.5,
            cold_ms: 1_234.5,
            cold_cpu_ms: 123.4,
            warm_p50_ms: 1_234.5,
            warm_p99_ms: 1_234.5,
            per_second: 12_345.0,
            cpu_ms: 123.45,
            calls: 1_234.0,
            peak_rss_bytes: 1 << 30,
            program_bytes: 1 << 30,
            archive_bytes: 1 << 30,
        };
        let report = Report {
            profile: "release",
            latency_ms: 5,
            cold_starts: 10,
            invocations: 1_000,
            functions: vec![measured],
        };
        for line in human(&report).lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}
