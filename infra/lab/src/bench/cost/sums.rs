//! Adds the meter's lines up: by stage of a touch's way, and within it by operation and table.

use std::collections::BTreeMap;

use serde::Serialize;
use touchline_runtime::meter::{Account, Entry, Line, Units};

use super::prices;

/// A query that finds nothing costs so much; what a tick reads beyond it is what is due.
const EMPTY_QUERY_UNITS: f64 = 0.5;

/// A part of the way, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// From the file to leads.
    Import,
    /// Leads enriched, scored and enrolled; numbers washed.
    Enrol,
    /// What a tick costs whether or not anything is due.
    Tick,
    /// From the due index to a queue.
    Enqueue,
    /// From the queue to the provider.
    Send,
    /// The provider's webhooks, taken in.
    Webhook,
    /// What became of the message.
    Delivered,
    /// What the lead answered.
    Replied,
    /// Neither.
    Other,
}

impl Stage {
    /// The stage that a function's work belongs to.
    fn of(function: &str) -> Self {
        let ends = |name: &str| function.ends_with(name);
        if ends("import-leads") {
            Self::Import
        } else if ends("enrich-leads") || ends("dncr-rewash") {
            Self::Enrol
        } else if ends("enqueue") {
            Self::Enqueue
        } else if function.contains("-send-") {
            Self::Send
        } else if ends("webhook-intake") {
            Self::Webhook
        } else if ends("delivery-events") {
            Self::Delivered
        } else if ends("reply-classifier") {
            Self::Replied
        } else {
            Self::Other
        }
    }

    /// Whether it is part of a touch's way from enqueue to delivered and replied.
    #[must_use]
    pub fn is_of_a_touch(self) -> bool {
        matches!(
            self,
            Self::Enqueue | Self::Send | Self::Webhook | Self::Delivered | Self::Replied
        )
    }

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Enrol => "enrich, wash, enrol",
            Self::Tick => "tick",
            Self::Enqueue => "enqueue",
            Self::Send => "send",
            Self::Webhook => "webhook",
            Self::Delivered => "delivered",
            Self::Replied => "replied",
            Self::Other => "other",
        }
    }
}

/// What one stage came to.
#[derive(Debug, Default)]
pub struct Sum {
    /// Invocations.
    pub invocations: u64,
    /// Of Lambda.
    pub gb_seconds: f64,
    /// By service, operation and table.
    pub uses: BTreeMap<(String, String, String), Units>,
}

impl Sum {
    fn add(&mut self, entry: &Entry) {
        let kind = &entry.kind;
        let key = (
            kind.service.clone(),
            kind.operation.clone(),
            kind.on.clone(),
        );
        *self.uses.entry(key).or_default() += entry.units;
    }

    /// The uses as entries, the dearest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let entry =
            |((service, operation, on), units): (&(String, String, String), &Units)| Entry {
                kind: touchline_runtime::meter::Kind::new(service, operation, on),
                units: *units,
            };
        let mut entries: Vec<Entry> = self.uses.iter().map(entry).collect();
        entries.sort_by(|a, b| prices::of_calls(b).total_cmp(&prices::of_calls(a)));
        entries
    }

    /// All units together.
    #[must_use]
    pub fn units(&self) -> Units {
        let mut sum = Units::default();
        self.uses.values().for_each(|units| sum += *units);
        sum
    }

    /// In USD, logs left aside.
    #[must_use]
    pub fn usd(&self) -> f64 {
        let calls: f64 = self.entries().iter().map(prices::of_calls).sum();
        calls + prices::of_lambda(self.invocations, self.gb_seconds)
    }
}

/// Everything that was counted.
#[derive(Debug, Default)]
pub struct Sums {
    /// By stage.
    pub stages: BTreeMap<Stage, Sum>,
    /// Bytes of all other lines that functions printed.
    pub log_bytes: u64,
}

impl Sums {
    /// Takes a line that a function printed. `stack` is taken off the names of queues and tables.
    pub fn add_line(&mut self, line: &str, stack: &str) {
        // Lambda's own lines are no JSON, and not what a function prints.
        if !line.starts_with('{') {
            return;
        }
        match serde_json::from_str::<Line>(line) {
            Ok(Line { cost }) => self.add(&cost, stack),
            Err(_) => self.log_bytes += line.len() as u64 + 1,
        }
    }

    fn add(&mut self, account: &Account, stack: &str) {
        let stage = Stage::of(&account.function);
        for entry in &account.uses {
            let mut entry = entry.clone();
            entry.kind.on = short(&entry.kind.on, stack);
            for (stage, entry) in split(stage, entry) {
                self.stages.entry(stage).or_default().add(&entry);
            }
        }
        // A tick is invoked whether or not anything is due.
        let stage = if stage == Stage::Enqueue {
            Stage::Tick
        } else {
            stage
        };
        let sum = self.stages.entry(stage).or_default();
        sum.invocations += 1;
        sum.gb_seconds += prices::gb_seconds(account.millis, account.memory_mb);
    }
}

/// Of what enqueue does, the watermarks and the least that a query costs belong to the tick, the rest to what is due.
fn split(stage: Stage, entry: Entry) -> Vec<(Stage, Entry)> {
    if stage != Stage::Enqueue || entry.kind.service != "dynamodb" {
        return vec![(stage, entry)];
    }
    if entry.kind.operation != "Query" {
        return vec![(Stage::Tick, entry)];
    }
    let (mut idle, mut due) = (entry.clone(), entry);
    idle.units.read = (idle.units.calls as f64 * EMPTY_QUERY_UNITS).min(idle.units.read);
    due.units.read -= idle.units.read;
    due.units.calls = 0;
    vec![(Stage::Tick, idle), (Stage::Enqueue, due)]
}

/// A name without what its deployment puts around it: `stack-LeadsTable-1X2Y3Z/due` is `LeadsTable/due`.
fn short(name: &str, stack: &str) -> String {
    let (name, index) = name
        .split_once('/')
        .map_or((name, None), |(n, i)| (n, Some(i)));
    let own = name
        .strip_prefix(stack)
        .and_then(|rest| rest.strip_prefix('-'))
        .unwrap_or(name);
    let own = match own.rsplit_once('-') {
        Some((logical, _)) if logical.ends_with("Table") => logical,
        _ => own,
    };
    match index {
        Some(index) => format!("{own}/{index}"),
        None => own.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use touchline_runtime::meter::Kind;

    use super::*;

    fn added(lines: &[String]) -> Sums {
        let mut sums = Sums::default();
        lines.iter().for_each(|line| sums.add_line(line, "s"));
        sums
    }

    fn line(function: &str, uses: &[(&str, &str, f64, f64, u64)]) -> String {
        let uses = uses
            .iter()
            .map(|(service, operation, write, read, calls)| Entry {
                kind: Kind::new(service, operation, "s-LeadsTable-1A2B"),
                units: Units {
                    calls: *calls,
                    billed: 0,
                    write: *write,
                    read: *read,
                },
            });
        let cost = Account {
            function: function.to_owned(),
            memory_mb: 256,
            millis: 40.0,
            uses: uses.collect(),
        };
        serde_json::to_string(&Line { cost }).unwrap()
    }

    #[test]
    fn lines_are_added_up_by_stage_and_all_others_are_log() {
        let sums = added(&[
            line("s-send-email", &[("dynamodb", "PutItem", 3.0, 0.0, 1)]),
            "END RequestId: 1".to_owned(),
            "{\"level\":\"INFO\"}".to_owned(),
            line("s-send-sms", &[("dynamodb", "PutItem", 1.0, 0.0, 1)]),
            line("s-import-leads", &[]),
        ]);
        let send = &sums.stages[&Stage::Send];
        assert_eq!((send.invocations, send.units().write), (2, 4.0));
        assert_eq!(send.entries()[0].kind.on, "LeadsTable");
        assert_eq!(sums.stages[&Stage::Import].invocations, 1);
        assert_eq!(sums.log_bytes, 17);
    }

    #[test]
    fn a_tick_pays_for_its_empty_queries_and_what_is_due_for_the_rest() {
        let uses = [
            ("dynamodb", "GetItem", 0.0, 16.0, 16),
            ("dynamodb", "Query", 0.0, 20.0, 16),
            ("dynamodb", "PutItem", 16.0, 0.0, 16),
        ];
        let sums = added(&[line("s-enqueue", &uses)]);
        let (tick, due) = (&sums.stages[&Stage::Tick], &sums.stages[&Stage::Enqueue]);
        assert_eq!((tick.units().read, tick.units().write), (24.0, 16.0));
        assert_eq!((due.units().read, due.units().write), (12.0, 0.0));
        assert_eq!((tick.invocations, due.invocations), (1, 0));
    }

    #[test]
    fn names_lose_what_the_stack_puts_around_them() {
        assert_eq!(
            short("bench-cost-LeadsTable-1A2B/due", "bench-cost"),
            "LeadsTable/due"
        );
        assert_eq!(short("bench-cost-email", "bench-cost"), "email");
        assert_eq!(short("", "bench-cost"), "");
    }
}
