//! Metrics in CloudWatch's embedded format: a JSON line on standard output that CloudWatch turns into metrics.
//! Costs no call. Takes no address, body or secret: dimensions are named by constants, values are numbers.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use chrono::{DateTime, Utc};
use serde::Serialize;

/// Under which CloudWatch files everything.
const NAMESPACE: &str = "Touchline";

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Things.
    Count,
    /// Seconds.
    Seconds,
    /// Thousandths of a second.
    Milliseconds,
    /// Per cent.
    Percent,
    /// No unit, such as money.
    None,
}

/// Metrics of one thing that happened, with the dimensions by which they are told apart.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    dimensions: BTreeMap<&'static str, String>,
    values: BTreeMap<&'static str, (Unit, f64)>,
    properties: BTreeMap<&'static str, String>,
}

impl Metrics {
    /// No metric yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a dimension. Each combination of values is a metric that is paid for: channels and outcomes, never ids.
    #[must_use]
    pub fn dimension(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.dimensions.insert(name, value.into());
        self
    }

    /// Adds a field that can be searched for and is no dimension: tenant, campaign.
    #[must_use]
    pub fn property(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.properties.insert(name, value.into());
        self
    }

    /// Adds a number. A second one of the same name replaces the first.
    #[must_use]
    pub fn value(mut self, name: &'static str, unit: Unit, value: f64) -> Self {
        self.values.insert(name, (unit, value));
        self
    }

    /// Adds a count.
    #[must_use]
    pub fn count(self, name: &'static str, count: u32) -> Self {
        self.value(name, Unit::Count, f64::from(count))
    }

    /// Writes the line. A closed standard output loses it, as it would lose a log line.
    pub fn emit(&self, now: DateTime<Utc>) {
        if self.values.is_empty() {
            return;
        }
        if let Ok(line) = serde_json::to_string(&self.document(now)) {
            let written = writeln!(io::stdout().lock(), "{line}");
            drop(written);
        }
    }

    fn document(&self, now: DateTime<Utc>) -> Document<'_> {
        let metrics = self
            .values
            .iter()
            .map(|(name, (unit, _))| MetricName { name, unit: *unit });
        Document {
            aws: Directive {
                timestamp: now.timestamp_millis(),
                cloud_watch_metrics: [Definition {
                    namespace: NAMESPACE,
                    dimensions: [self.dimensions.keys().copied().collect()],
                    metrics: metrics.collect(),
                }],
            },
            dimensions: &self.dimensions,
            properties: &self.properties,
            values: self
                .values
                .iter()
                .map(|(name, (_, value))| (*name, *value))
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "_aws")]
    aws: Directive,
    #[serde(flatten)]
    dimensions: &'a BTreeMap<&'static str, String>,
    #[serde(flatten)]
    properties: &'a BTreeMap<&'static str, String>,
    #[serde(flatten)]
    values: BTreeMap<&'static str, f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    timestamp: i64,
    cloud_watch_metrics: [Definition; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    namespace: &'static str,
    dimensions: [Vec<&'static str>; 1],
    metrics: Vec<MetricName>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricName {
    name: &'static str,
    unit: Unit,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_what_cloudwatch_extracts_metrics_from() {
        let metrics = Metrics::new()
            .dimension("Channel", "email")
            .dimension("Outcome", "sent")
            .property("tenant_id", "acme")
            .count("Touches", 1)
            .value("SendLatency", Unit::Milliseconds, 41.5);
        let now = DateTime::from_timestamp_millis(1_795_212_840_000).unwrap();
        let expected = serde_json::json!({
            "_aws": {
                "Timestamp": 1_795_212_840_000_i64,
                "CloudWatchMetrics": [{
                    "Namespace": "Touchline",
                    "Dimensions": [["Channel", "Outcome"]],
                    "Metrics": [
                        {"Name": "SendLatency", "Unit": "Milliseconds"},
                        {"Name": "Touches", "Unit": "Count"},
                    ],
                }],
            },
            "Channel": "email",
            "Outcome": "sent",
            "tenant_id": "acme",
            "Touches": 1.0,
            "SendLatency": 41.5,
        });
        assert_eq!(
            serde_json::to_value(metrics.document(now)).unwrap(),
            expected
        );
    }
}
