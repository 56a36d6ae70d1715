//! Many seeds of the real engine, none of which may break an invariant; and the promise that a seed is a seed.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use strum::IntoEnumIterator;
use touchline_simulation::{Config, DEFAULT_LEADS, Fault, run, simulate};

/// Seeds in an ordinary test run; `cargo lab simulate` runs as many as asked.
const SEEDS: u64 = 2_000;

#[test]
fn no_invariant_breaks_in_any_seed_and_every_fault_occurs() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let report = simulate(0..SEEDS, DEFAULT_LEADS, threads, |_| {});
    for violation in &report.violations {
        println!(
            "seed {}: {} - {}",
            violation.seed, violation.invariant, violation.detail
        );
        for line in &violation.trace {
            println!("    {line}");
        }
    }
    assert!(report.violations.is_empty());
    assert_eq!(report.seeds, SEEDS);
    assert!(
        report.fewest_touches >= 200,
        "a run ended only {} touches",
        report.fewest_touches
    );
    assert!(report.opt_outs_while_queued >= SEEDS / 10);
    for fault in Fault::iter() {
        let times = report.faults.get(&fault).copied().unwrap_or(0);
        assert!(
            times >= SEEDS,
            "{fault} occurred {times} times in {SEEDS} seeds"
        );
    }
}

#[test]
fn the_same_seed_gives_the_same_report() {
    for seed in [0, 1, 4_711] {
        assert_eq!(run(Config::of(seed)), run(Config::of(seed)));
    }
    assert_ne!(run(Config::of(0)).steps, run(Config::of(1)).steps);
}

#[test]
fn the_number_of_threads_does_not_change_the_report() {
    assert_eq!(
        simulate(10..22, 12, 1, |_| {}),
        simulate(10..22, 12, 3, |_| {})
    );
}

#[test]
fn a_report_names_its_faults_in_json() {
    let report = serde_json::to_value(simulate(0..12, 12, 2, |_| {})).unwrap();
    assert!(report["faults"]["crash"].is_u64());
    assert_eq!(report["violations"], serde_json::json!([]));
}
