//! `cargo lab simulate`: many seeds of the simulation of the send path, and what went wrong in them (SEND-1, SEND-4).
//! It touches no stack, and runs the engine as it is: the broken builds of the simulation's tests cannot be asked for.

use std::{
    num::NonZeroUsize,
    ops::Range,
    thread,
    time::{Duration, Instant},
};

use clap::{Args, value_parser};
use serde::Serialize;
use tokio::sync::{oneshot, watch};
use touchline_simulation::{DEFAULT_LEADS, Report, Violation, simulate};

use touchline_stack::{args::Global, error::CliError, output::table, progress::Progress};

/// A table shows this many violations; the JSON document has what the simulation kept.
const SHOWN_VIOLATIONS: usize = 5;

const EXAMPLES: &str = "\
Examples:
  cargo lab simulate --seeds 10000           ten thousand runs on all cores
  cargo lab simulate --seeds 1 --from 4711   one run again, as a violation names it
  cargo lab simulate --seeds 500 --json      figures for a pipeline";

/// How much to simulate.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SimulateArgs {
    /// How many seeds; each is one run to the end of every sequence.
    #[arg(long, default_value_t = 1_000, value_parser = value_parser!(u64).range(1..))]
    pub seeds: u64,
    /// The first seed. The same seed with as many leads always runs the same way.
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub from: u64,
    /// Leads in each run; the default makes at least two hundred touches.
    #[arg(long, default_value_t = default_leads())]
    pub leads: NonZeroUsize,
    /// Runs at a time; one a core if not given. It does not change the result.
    #[arg(long)]
    pub threads: Option<NonZeroUsize>,
}

fn default_leads() -> NonZeroUsize {
    NonZeroUsize::new(DEFAULT_LEADS).unwrap_or(NonZeroUsize::MIN)
}

impl SimulateArgs {
    fn range(&self) -> Result<Range<u64>, CliError> {
        let end = self.from.checked_add(self.seeds).ok_or_else(|| {
            CliError::usage(format!(
                "--from {}: there are no {} seeds after it",
                self.from, self.seeds
            ))
        })?;
        Ok(self.from..end)
    }
}

#[derive(Debug, Serialize)]
struct Simulated {
    from: u64,
    leads: usize,
    took_ms: u128,
    #[serde(flatten)]
    report: Report,
}

/// Simulates, and ends with status 1 if an invariant broke.
///
/// # Errors
/// An invariant broke, or `--from` leaves no room for the seeds.
pub async fn run(global: &Global, args: &SimulateArgs) -> Result<(), CliError> {
    let (seeds, leads) = (args.range()?, args.leads.get());
    let threads = args.threads.map_or_else(cores, NonZeroUsize::get);
    let began = Instant::now();
    let report = watched(seeds, leads, threads, &Progress::new(global.json)).await?;
    let simulated = Simulated {
        from: args.from,
        leads,
        took_ms: began.elapsed().as_millis(),
        report,
    };
    global.format().print(&simulated, human)?;
    match simulated.report.violations.len() {
        0 => Ok(()),
        found => Err(CliError::Failed(anyhow::anyhow!(
            "{found} violations in {} seeds",
            args.seeds
        ))),
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Runs the seeds on threads of their own, so that Ctrl-C ends the command at once, and shows how far they are.
async fn watched(
    seeds: Range<u64>,
    leads: usize,
    threads: usize,
    progress: &Progress,
) -> Result<Report, CliError> {
    let stage = progress.stage("simulating");
    let total = seeds.end - seeds.start;
    let (told, mut done) = watch::channel(0);
    let (finished, mut report) = oneshot::channel();
    thread::spawn(move || {
        let tell = |seeds| {
            told.send_replace(seeds);
        };
        // Nobody waits any more for a report that cannot be delivered.
        let _ = finished.send(simulate(seeds, leads, threads, tell));
    });
    loop {
        tokio::select! {
            Ok(()) = done.changed() => {
                stage.detail(&format!("{} of {total} seeds", *done.borrow_and_update()));
            }
            report = &mut report => {
                return report.map_err(|error| CliError::Failed(anyhow::Error::new(error)));
            }
        }
    }
}

fn human(simulated: &Simulated) -> String {
    let report = &simulated.report;
    let figures = [
        ("seeds", report.seeds),
        ("steps", report.steps),
        ("touches that ended", report.touches),
        ("least touches of a run", report.fewest_touches),
        ("touches that a provider took", report.taken),
        ("opt-outs acknowledged", report.opt_outs),
        ("... while a touch was queued", report.opt_outs_while_queued),
        ("messages in a dead-letter queue", report.dead_letters),
        ("violations", report.violations.len() as u64),
    ];
    let faults = report
        .faults
        .iter()
        .map(|(fault, times)| vec![fault.to_string(), times.to_string()]);
    let mut text = table(&["simulated", ""], figures.map(row));
    text.push_str("\n\n");
    text.push_str(&table(&["faults injected", ""], faults));
    let took = Duration::from_millis(u64::try_from(simulated.took_ms).unwrap_or(u64::MAX));
    text.push_str(&format!("\n\ntook {:.1} s", took.as_secs_f64()));
    text.push_str(&violations(simulated));
    text
}

fn row((name, count): (&str, u64)) -> Vec<String> {
    vec![name.to_owned(), count.to_string()]
}

fn violations(simulated: &Simulated) -> String {
    let found = &simulated.report.violations;
    let mut text: String = found.iter().take(SHOWN_VIOLATIONS).map(story).collect();
    if found.len() > SHOWN_VIOLATIONS {
        let more = found.len() - SHOWN_VIOLATIONS;
        text.push_str(&format!("\n\n{more} more; --json shows them"));
    }
    if let Some(first) = found.first() {
        text.push_str(&format!(
            "\n\nagain: cargo lab simulate --seeds 1 --from {} --leads {}",
            first.seed, simulated.leads
        ));
    }
    text
}

fn story(violation: &Violation) -> String {
    let mut text = format!(
        "\n\nseed {}: {}: {}",
        violation.seed, violation.invariant, violation.detail
    );
    for line in &violation.trace {
        text.push_str("\n  ");
        text.push_str(line);
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use touchline_simulation::Invariant;

    use super::*;
    use crate::args::{Command, Lab};

    fn parse(line: &str) -> Result<SimulateArgs, String> {
        match Lab::try_parse_from(format!("touchline-lab {line}").split(' ')) {
            Ok(Lab {
                command: Command::Simulate(args),
                ..
            }) => Ok(args),
            Ok(_) => panic!("another command"),
            Err(error) => Err(error.to_string()),
        }
    }

    fn simulated(seeds: &[u64]) -> Simulated {
        let violation = |seed: &u64| Violation {
            invariant: Invariant::AtMostOnce,
            seed: *seed,
            detail: "touch_1 was taken 2 times".into(),
            trace: vec!["7 11-21 09:00:00.000 task 3: provider took the touch".into()],
        };
        Simulated {
            from: 0,
            leads: 12,
            took_ms: 1_500,
            report: Report {
                seeds: 100,
                violations: seeds.iter().map(violation).collect(),
                ..Report::default()
            },
        }
    }

    #[test]
    fn nothing_to_simulate_is_refused() {
        for zero in ["--seeds 0", "--leads 0", "--threads 0"] {
            assert!(parse(&format!("simulate {zero}")).is_err());
        }
        let last = parse(&format!("simulate --seeds 2 --from {}", u64::MAX)).unwrap();
        assert!(matches!(last.range(), Err(CliError::Usage(_))));
        let plain = parse("simulate").unwrap();
        assert_eq!(
            (plain.range().unwrap(), plain.leads.get()),
            (0..1_000, DEFAULT_LEADS)
        );
    }

    #[test]
    fn a_violation_is_told_with_its_seed_its_trace_and_how_to_see_it_again() {
        let text = human(&simulated(&[41, 42, 43, 44, 45, 46, 47]));
        assert!(text.contains("seed 41: at_most_once: touch_1 was taken 2 times\n  7 11-21"));
        assert!(text.contains("2 more"));
        assert!(text.contains("cargo lab simulate --seeds 1 --from 41 --leads 12"));
        assert!(!human(&simulated(&[])).contains("again:"));
    }

    #[tokio::test]
    async fn seeds_run_to_a_report_that_names_what_was_injected() {
        let report = watched(3..6, 4, 2, &Progress::new(true)).await.unwrap();
        assert_eq!(report.seeds, 3);
        let document = serde_json::to_value(Simulated {
            from: 3,
            leads: 4,
            took_ms: 1,
            report,
        })
        .unwrap();
        assert_eq!(document["from"], 3);
        let faults = document["faults"].as_object().unwrap();
        assert!(!faults.is_empty() && faults.values().all(serde_json::Value::is_u64));
        assert_eq!(document["violations"], serde_json::json!([]));
    }
}
