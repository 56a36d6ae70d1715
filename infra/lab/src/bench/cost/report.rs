//! What the benchmark prints: units and USD for a touch by stage, and what they are made of.

use anyhow::bail;
use serde::Serialize;
use touchline_engine::enqueue::SHARDS;

use super::{
    prices::{self, LIST, Price},
    sums::{Stage, Sum, Sums},
};
use crate::demo::DemoReport;
use touchline_stack::output::table;

/// Most write units of a touch, from enqueue to delivered.
const TARGET_WRITE_UNITS: f64 = 8.0;
/// Most read units of a touch, from enqueue to delivered.
const TARGET_READ_UNITS: f64 = 8.0;
/// Of a thousand touches, engine cost alone.
const TARGET_USD_PER_1000: f64 = 0.02;
/// Ticks of a day.
const TICKS_A_DAY: f64 = 1_440.0;
/// What a shard's tick reads at least: its watermark, and a query that finds nothing.
const SHARD_TICK_READ_UNITS: f64 = 1.5;
/// What a shard's tick writes at most: its watermark, if anything was due.
const SHARD_TICK_WRITE_UNITS: f64 = 1.0;
/// Uses that cost less of a thousand touches are not worth a line for people.
const WORTH_A_LINE_USD: f64 = 0.000_02;

/// The figures.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Touches that ended: sent, or left out for a reason.
    pub touches: usize,
    /// Those of them that a provider accepted.
    pub sent: usize,
    /// Answers of leads.
    pub replies: usize,
    /// Leads that the lists came to.
    pub leads: u64,
    /// From the due index to the signals of what became of the message.
    pub to_delivered: Figures,
    /// The same with what leads answered.
    pub to_replied: Figures,
    /// The same again, all of it borne by the touches that were sent.
    pub by_sent: Figures,
    /// What is aimed at.
    pub targets: Targets,
    /// The parts.
    pub stages: Vec<StageReport>,
    /// Of a day of ticks, at least (nothing due) and at most (every shard busy every minute), Lambda left aside.
    pub ticks_a_day_usd: [f64; 2],
    /// The price list.
    pub prices: Prices,
}

/// What a touch comes to on average.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Figures {
    /// DynamoDB's write units.
    pub write_units: f64,
    /// Its read units.
    pub read_units: f64,
    /// USD for a thousand touches, logs included.
    pub usd_per_1000: f64,
}

/// What is aimed at.
#[derive(Debug, Serialize)]
pub struct Targets {
    write_units: f64,
    read_units: f64,
    usd_per_1000: f64,
}

/// The price list with its date.
#[derive(Debug, Serialize)]
pub struct Prices {
    region: &'static str,
    as_of: &'static str,
    note: &'static str,
    usd: [Price; LIST.len()],
}

/// One stage.
#[derive(Debug, Serialize)]
pub struct StageReport {
    stage: Stage,
    /// A touch's, or a lead's in the stages before there are touches.
    per: &'static str,
    invocations: u64,
    lambda_gb_seconds: f64,
    write_units: f64,
    read_units: f64,
    usd_per_1000: f64,
    uses: Vec<UseReport>,
}

/// One operation on one table or queue within a stage.
#[derive(Debug, Serialize)]
pub struct UseReport {
    service: String,
    operation: String,
    on: String,
    calls: f64,
    billed: f64,
    write_units: f64,
    read_units: f64,
    usd_per_1000: f64,
}

impl Report {
    /// Divides what was counted by what was done.
    ///
    /// # Errors
    /// No touch was sent.
    pub fn of(played: &DemoReport, sums: &Sums) -> anyhow::Result<Self> {
        let sent = |counts: &std::collections::BTreeMap<String, usize>| {
            counts.get("sent").copied().unwrap_or_default()
        };
        let tenants = || played.tenants.iter();
        let channels = || tenants().flat_map(|tenant| tenant.touches.values());
        let touches = channels().flat_map(|counts| counts.values()).sum();
        let sent: usize = channels().map(sent).sum();
        let replies = tenants().flat_map(|tenant| tenant.replies.values()).sum();
        let leads = tenants().map(|tenant| tenant.leads_created).sum();
        if sent == 0 {
            bail!("no touch was sent, so there is nothing to divide by");
        }
        Ok(Self::with((touches, sent), replies, leads, sums))
    }

    fn with((touches, sent): (usize, usize), replies: usize, leads: u64, sums: &Sums) -> Self {
        let figures = |touches: usize, wanted: &dyn Fn(Stage) -> bool| {
            let mut figures = Figures {
                write_units: 0.0,
                read_units: 0.0,
                usd_per_1000: per_1000(prices::of_logs(sums.log_bytes), touches),
            };
            for (_, sum) in sums.stages.iter().filter(|(stage, _)| wanted(**stage)) {
                let units = sum.units();
                figures.write_units += units.write / touches as f64;
                figures.read_units += units.read / touches as f64;
                figures.usd_per_1000 += per_1000(sum.usd(), touches);
            }
            figures
        };
        let stage = |(stage, sum): (&Stage, &Sum)| {
            let (count, per) = match stage {
                Stage::Import | Stage::Enrol => (usize::try_from(leads).unwrap_or(0), "lead"),
                _ => (touches, "touch"),
            };
            stage_report(*stage, sum, count.max(1), per)
        };
        let shards = f64::from(SHARDS);
        let day = |write: f64| {
            let read = SHARD_TICK_READ_UNITS * prices::DYNAMODB_READ_PER_MILLION;
            (write * prices::DYNAMODB_WRITE_PER_MILLION + read) * shards * TICKS_A_DAY / 1e6
        };
        Self {
            touches,
            replies,
            leads,
            sent,
            to_delivered: figures(touches, &|stage| {
                stage.is_of_a_touch() && stage != Stage::Replied
            }),
            to_replied: figures(touches, &|stage| stage.is_of_a_touch()),
            by_sent: figures(sent, &|stage| stage.is_of_a_touch()),
            targets: Targets {
                write_units: TARGET_WRITE_UNITS,
                read_units: TARGET_READ_UNITS,
                usd_per_1000: TARGET_USD_PER_1000,
            },
            stages: sums.stages.iter().map(stage).collect(),
            ticks_a_day_usd: [day(0.0), day(SHARD_TICK_WRITE_UNITS)],
            prices: Prices {
                region: prices::REGION,
                as_of: prices::AS_OF,
                note: "public list, on demand; no free tier, discount or tax; compare with the account's bill",
                usd: LIST,
            },
        }
    }
}

fn per_1000(usd: f64, count: usize) -> f64 {
    usd / count as f64 * 1_000.0
}

fn stage_report(stage: Stage, sum: &Sum, count: usize, per: &'static str) -> StageReport {
    let each = |figure: f64| figure / count as f64;
    let uses = sum.entries().into_iter().map(|entry| UseReport {
        calls: each(entry.units.calls as f64),
        billed: each(entry.units.billed as f64),
        write_units: each(entry.units.write),
        read_units: each(entry.units.read),
        usd_per_1000: per_1000(prices::of_calls(&entry), count),
        service: entry.kind.service,
        operation: entry.kind.operation,
        on: entry.kind.on,
    });
    let units = sum.units();
    StageReport {
        stage,
        per,
        invocations: sum.invocations,
        lambda_gb_seconds: sum.gb_seconds,
        write_units: each(units.write),
        read_units: each(units.read),
        usd_per_1000: per_1000(sum.usd(), count),
        uses: uses.collect(),
    }
}

/// For people: the sum, the stages, and the uses that are worth a line.
#[must_use]
pub fn human(report: &Report) -> String {
    let summary = |name: &str, figures: &Figures| {
        vec![
            name.to_owned(),
            format!("{:.2}", figures.write_units),
            format!("{:.2}", figures.read_units),
            format!("{:.4}", figures.usd_per_1000),
        ]
    };
    let targets = Figures {
        write_units: report.targets.write_units,
        read_units: report.targets.read_units,
        usd_per_1000: report.targets.usd_per_1000,
    };
    let sums = table(
        &["a touch", "write units", "read units", "USD per 1,000"],
        [
            summary("enqueue to delivered", &report.to_delivered),
            summary("enqueue to replied", &report.to_replied),
            summary("the same, by those sent", &report.by_sent),
            summary("target", &targets),
        ],
    );
    let stages = report.stages.iter().map(|stage| {
        vec![
            stage.stage.name().to_owned(),
            stage.per.to_owned(),
            stage.invocations.to_string(),
            format!("{:.2}", stage.write_units),
            format!("{:.2}", stage.read_units),
            format!("{:.4}", stage.usd_per_1000),
        ]
    });
    let stages = table(
        &[
            "stage",
            "per",
            "invocations",
            "write units",
            "read units",
            "USD per 1,000",
        ],
        stages,
    );
    let [idle, busy] = report.ticks_a_day_usd;
    let prices = report.prices.usd.iter().map(|price| {
        vec![
            price.what.to_owned(),
            format!("{} a {}", price.usd, price.per),
            price.assumption.to_owned(),
        ]
    });
    format!(
        "{} touches, {} of them sent, {} replies, {} leads\n{sums}\n\n{stages}\n\n{}\n\na day of ticks: USD {idle:.4} \
         with nothing due, at most {busy:.4}\n\nprices of {} as of {}:\n{}\n{}",
        report.touches,
        report.sent,
        report.replies,
        report.leads,
        uses(report),
        report.prices.region,
        report.prices.as_of,
        report.prices.note,
        table(&["price", "USD", "taken for granted"], prices),
    )
}

fn uses(report: &Report) -> String {
    let rows = report.stages.iter().flat_map(|stage| {
        let worth = |used: &&UseReport| used.usd_per_1000 >= WORTH_A_LINE_USD;
        stage.uses.iter().filter(worth).map(|used| {
            vec![
                stage.stage.name().to_owned(),
                format!("{} {}", used.service, used.operation),
                used.on.clone(),
                format!("{:.2}", used.calls),
                format!("{:.2}", used.write_units),
                format!("{:.2}", used.read_units),
                format!("{:.5}", used.usd_per_1000),
            ]
        })
    });
    let header = [
        "stage",
        "operation",
        "on",
        "calls",
        "write",
        "read",
        "USD/1,000",
    ];
    table(&header, rows)
}

#[cfg(test)]
mod tests {
    use touchline_runtime::meter::Units;

    use super::*;

    fn sums() -> Sums {
        let mut sums = Sums::default();
        let mut put = |stage, service: &str, operation: &str, units| {
            let sum: &mut Sum = sums.stages.entry(stage).or_default();
            let key = (
                service.to_owned(),
                operation.to_owned(),
                "LeadsTable".to_owned(),
            );
            sum.uses.insert(key, units);
        };
        let dynamodb = |write, read| Units {
            calls: 100,
            billed: 0,
            write,
            read,
        };
        put(
            Stage::Send,
            "dynamodb",
            "TransactWriteItems",
            dynamodb(600.0, 550.0),
        );
        put(
            Stage::Delivered,
            "dynamodb",
            "UpdateItem",
            dynamodb(100.0, 100.0),
        );
        put(
            Stage::Replied,
            "dynamodb",
            "UpdateItem",
            dynamodb(40.0, 30.0),
        );
        put(
            Stage::Import,
            "dynamodb",
            "BatchWriteItem",
            dynamodb(900.0, 0.0),
        );
        sums
    }

    #[test]
    fn a_touch_is_the_sum_of_its_stages_and_of_no_others() {
        let report = Report::with((100, 80), 10, 50, &sums());
        assert_eq!(
            (
                report.to_delivered.write_units,
                report.to_delivered.read_units
            ),
            (7.0, 6.5)
        );
        let usd = 7.0 * 0.000_711_5 + 6.5 * 0.000_142_3;
        assert!((report.to_delivered.usd_per_1000 - usd).abs() < 1e-9);
        assert!((report.to_replied.write_units - 7.4).abs() < 1e-9);
        assert!((report.by_sent.write_units - 7.4 / 0.8).abs() < 1e-9);
        let import = report
            .stages
            .iter()
            .find(|s| s.stage == Stage::Import)
            .unwrap();
        assert_eq!((import.per, import.write_units), ("lead", 18.0));
    }

    #[test]
    fn a_day_of_ticks_costs_the_same_however_many_touches_there_are() {
        let [idle, busy] = Report::with((100, 100), 0, 1, &Sums::default()).ticks_a_day_usd;
        assert!((idle - 16.0 * 1_440.0 * 1.5 * 0.1423e-6).abs() < 1e-9);
        assert!((busy - idle - 16.0 * 1_440.0 * 0.7115e-6).abs() < 1e-9);
    }

    #[test]
    fn the_tables_fit_a_hundred_columns() {
        for line in human(&Report::with((100, 80), 10, 50, &sums())).lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}
