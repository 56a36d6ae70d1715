//! What the journey prints.

use std::time::Duration;

use serde::Serialize;

use super::processes::Cpu;
use touchline_stack::output::table;

/// What is aimed at for ten thousand leads on an idle machine.
const TARGET_SECS: f64 = 60.0;

/// The figures.
#[derive(Debug, Serialize)]
pub struct Report {
    rows: u32,
    tenants: usize,
    /// Leads that the lists came to.
    leads: usize,
    /// Leads whose first touch a provider accepted; the others' was left out for a reason.
    accepted: usize,
    /// Moments to which the clock was moved.
    ticks: u32,
    latency_ms: u64,
    secs: f64,
    target_secs_for_10000: f64,
    /// The same speed at ten thousand leads.
    secs_for_10000: f64,
    stages: Vec<StageReport>,
}

/// One stage.
#[derive(Debug, Serialize)]
pub struct StageReport {
    stage: &'static str,
    leads: usize,
    secs: f64,
    per_second: f64,
    emulator_cpu_secs: f64,
    /// How much of the wall clock the emulator's process was on a CPU.
    emulator_percent: f64,
    dynamodb_cpu_secs: f64,
    functions_cpu_secs: f64,
}

impl StageReport {
    /// A stage that so many leads went through.
    #[must_use]
    pub fn of(stage: &'static str, leads: usize, took: Duration, cpu: Cpu) -> Self {
        let secs = took.as_secs_f64();
        Self {
            stage,
            leads,
            secs: tenth(secs),
            per_second: tenth(leads as f64 / secs),
            emulator_cpu_secs: tenth(cpu.emulator.as_secs_f64()),
            emulator_percent: (cpu.emulator.as_secs_f64() / secs * 100.0).round(),
            dynamodb_cpu_secs: tenth(cpu.dynamodb.as_secs_f64()),
            functions_cpu_secs: tenth(cpu.functions.as_secs_f64()),
        }
    }
}

impl Report {
    /// Of the stages.
    #[must_use]
    pub fn of(
        rows: u32,
        tenants: usize,
        leads: usize,
        accepted: usize,
        ticks: u32,
        latency: Duration,
        stages: Vec<StageReport>,
    ) -> Self {
        let secs: f64 = stages.iter().map(|stage| stage.secs).sum();
        Self {
            rows,
            tenants,
            leads,
            accepted,
            ticks,
            latency_ms: u64::try_from(latency.as_millis()).unwrap_or(u64::MAX),
            secs: tenth(secs),
            target_secs_for_10000: TARGET_SECS,
            secs_for_10000: tenth(secs / f64::from(rows) * 10_000.0),
            stages,
        }
    }
}

fn tenth(figure: f64) -> f64 {
    (figure * 10.0).round() / 10.0
}

/// For people.
#[must_use]
pub fn human(report: &Report) -> String {
    let rows = report.stages.iter().map(|stage| {
        vec![
            stage.stage.to_owned(),
            stage.leads.to_string(),
            format!("{:.1}", stage.secs),
            format!("{:.1}", stage.per_second),
            format!("{:.1}", stage.emulator_cpu_secs),
            format!("{:.0} %", stage.emulator_percent),
            format!("{:.1}", stage.dynamodb_cpu_secs),
            format!("{:.1}", stage.functions_cpu_secs),
        ]
    });
    let header = [
        "stage",
        "leads",
        "s",
        "leads/s",
        "emulator CPU s",
        "of the time",
        "DynamoDB CPU s",
        "functions CPU s",
    ];
    format!(
        "{} rows in {} lists, {} leads, {} first touches accepted, {} ticks; providers take {} ms\n{}\n\
         together {:.1} s; at this speed 10,000 rows take {:.0} s (target {:.0} s, idle machine)",
        report.rows,
        report.tenants,
        report.leads,
        report.accepted,
        report.ticks,
        report.latency_ms,
        table(&header, rows),
        report.secs,
        report.secs_for_10000,
        report.target_secs_for_10000,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_of_the_stages_and_the_table_fits_a_hundred_columns() {
        let cpu = Cpu {
            emulator: Duration::from_secs(19),
            dynamodb: Duration::from_secs(9),
            functions: Duration::from_secs(12),
        };
        let stage = |name| StageReport::of(name, 9_700, Duration::from_secs(20), cpu);
        let stages = vec![stage("import"), stage("enrol"), stage("send")];
        let latency = Duration::from_millis(100);
        let report = Report::of(5_000, 42, 9_700, 9_600, 12, latency, stages);
        assert_eq!((report.secs, report.secs_for_10000), (60.0, 120.0));
        assert_eq!(report.stages[0].emulator_percent, 95.0);
        for line in human(&report).lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}
