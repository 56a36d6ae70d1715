//! What AWS charges, from its public price list for ap-southeast-2 (Sydney), on demand, without free tiers, discounts or
//! taxes. A bill is the only proof: compare these with the account's before relying on a sum of money.

use serde::Serialize;
use touchline_runtime::meter::Entry;

/// When the list was written down.
pub const AS_OF: &str = "2026-11-26";
/// Where it holds.
pub const REGION: &str = "ap-southeast-2";

/// DynamoDB, a million write request units, standard table class.
pub const DYNAMODB_WRITE_PER_MILLION: f64 = 0.7115;
/// DynamoDB, a million read request units.
pub const DYNAMODB_READ_PER_MILLION: f64 = 0.1423;
/// SQS, a million requests to standard queues; each 64 KB is one.
pub const SQS_PER_MILLION: f64 = 0.40;
/// EventBridge, a million custom events; each 64 KB is one.
pub const EVENTS_PER_MILLION: f64 = 1.00;
/// S3 Standard, a million PUT, COPY, POST and LIST requests.
pub const S3_PUT_PER_MILLION: f64 = 5.50;
/// S3 Standard, a million other requests.
pub const S3_GET_PER_MILLION: f64 = 0.44;
/// Lambda, a million requests.
pub const LAMBDA_REQUESTS_PER_MILLION: f64 = 0.20;
/// Lambda on arm64, a million gigabyte-seconds.
pub const LAMBDA_GB_SECONDS_PER_MILLION: f64 = 13.3334;
/// API Gateway, a million requests to an HTTP API; each 512 KB is one.
pub const HTTP_API_PER_MILLION: f64 = 1.29;
/// Secrets Manager, a million calls; made at cold starts.
pub const SECRETS_PER_MILLION: f64 = 5.00;
/// CloudWatch Logs, a gigabyte taken in.
pub const LOGS_PER_GB: f64 = 0.67;

const MILLION: f64 = 1e6;
const GIGABYTE: f64 = 1e9;
const MB_IN_GB: f64 = 1_024.0;

/// One line of the price list as it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Price {
    /// What is paid for.
    pub what: &'static str,
    /// USD.
    pub usd: f64,
    /// For how many of them.
    pub per: &'static str,
    /// What the sums take for granted.
    pub assumption: &'static str,
}

/// The price list.
pub const LIST: [Price; 11] = [
    Price {
        what: "DynamoDB write units",
        usd: DYNAMODB_WRITE_PER_MILLION,
        per: "million",
        assumption: "on demand, standard class; units as DynamoDB reports them",
    },
    Price {
        what: "DynamoDB read units",
        usd: DYNAMODB_READ_PER_MILLION,
        per: "million",
        assumption: "on demand; computed from item sizes, every read at its own consistency",
    },
    Price {
        what: "SQS requests",
        usd: SQS_PER_MILLION,
        per: "million",
        assumption: "two a batch for Lambda's receiving and deleting; empty receives left out",
    },
    Price {
        what: "EventBridge events",
        usd: EVENTS_PER_MILLION,
        per: "million",
        assumption: "custom events, each below 64 KB",
    },
    Price {
        what: "S3 PUT",
        usd: S3_PUT_PER_MILLION,
        per: "million",
        assumption: "one for each webhook; storage left out",
    },
    Price {
        what: "S3 GET",
        usd: S3_GET_PER_MILLION,
        per: "million",
        assumption: "Standard class",
    },
    Price {
        what: "Lambda requests",
        usd: LAMBDA_REQUESTS_PER_MILLION,
        per: "million",
        assumption: "batches as the local stack formed them",
    },
    Price {
        what: "Lambda GB-seconds",
        usd: LAMBDA_GB_SECONDS_PER_MILLION,
        per: "million",
        assumption: "arm64, the template's memory, times of this machine and the emulator",
    },
    Price {
        what: "HTTP API requests",
        usd: HTTP_API_PER_MILLION,
        per: "million",
        assumption: "one for each webhook",
    },
    Price {
        what: "Secrets Manager calls",
        usd: SECRETS_PER_MILLION,
        per: "million",
        assumption: "at cold starts",
    },
    Price {
        what: "CloudWatch Logs",
        usd: LOGS_PER_GB,
        per: "GB",
        assumption: "everything that functions print but the meter's own lines",
    },
];

/// What the calls of an entry cost, in USD.
#[must_use]
pub fn of_calls(entry: &Entry) -> f64 {
    let units = &entry.units;
    let billed = units.billed as f64;
    match (entry.kind.service.as_str(), entry.kind.operation.as_str()) {
        ("dynamodb", _) => {
            (units.write * DYNAMODB_WRITE_PER_MILLION + units.read * DYNAMODB_READ_PER_MILLION)
                / MILLION
        }
        ("sqs", _) => billed * SQS_PER_MILLION / MILLION,
        ("events", _) => billed * EVENTS_PER_MILLION / MILLION,
        ("s3", "PUT" | "POST") => billed * S3_PUT_PER_MILLION / MILLION,
        ("s3", _) => billed * S3_GET_PER_MILLION / MILLION,
        ("http-api", _) => billed * HTTP_API_PER_MILLION / MILLION,
        ("secretsmanager", _) => billed * SECRETS_PER_MILLION / MILLION,
        _ => 0.0,
    }
}

/// What so many invocations cost that took `gb_seconds` together, in USD.
#[must_use]
pub fn of_lambda(invocations: u64, gb_seconds: f64) -> f64 {
    let requests = invocations as f64 * LAMBDA_REQUESTS_PER_MILLION;
    (requests + gb_seconds * LAMBDA_GB_SECONDS_PER_MILLION) / MILLION
}

/// The gigabyte-seconds of an invocation; Lambda rounds up to whole milliseconds.
#[must_use]
pub fn gb_seconds(millis: f64, memory_mb: u64) -> f64 {
    millis.ceil() / 1_000.0 * memory_mb as f64 / MB_IN_GB
}

/// What logs of so many bytes cost, in USD.
#[must_use]
pub fn of_logs(bytes: u64) -> f64 {
    bytes as f64 / GIGABYTE * LOGS_PER_GB
}

#[cfg(test)]
mod tests {
    use touchline_runtime::meter::{Kind, Units};

    use super::*;

    fn entry(service: &str, operation: &str, units: Units) -> Entry {
        Entry {
            kind: Kind::new(service, operation, ""),
            units,
        }
    }

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-12
    }

    #[test]
    fn a_thousand_touches_of_seven_write_and_six_and_a_half_read_units_cost_about_half_a_cent() {
        let units = Units {
            write: 7_000.0,
            read: 6_500.0,
            ..Units::default()
        };
        let usd = of_calls(&entry("dynamodb", "PutItem", units));
        assert!(close(usd, 0.004_980_5 + 0.000_924_95), "{usd}");
    }

    #[test]
    fn requests_are_paid_for_by_what_is_billed_and_not_by_calls() {
        let units = Units {
            calls: 1,
            billed: 3,
            ..Units::default()
        };
        let usd = |service, operation| of_calls(&entry(service, operation, units));
        assert!(close(usd("sqs", "SendMessageBatch"), 1.2e-6));
        assert!(close(usd("events", "PutEvents"), 3e-6));
        assert!(close(usd("s3", "PUT"), 16.5e-6));
        assert!(close(usd("s3", "GET"), 1.32e-6));
        assert!(close(usd("http-api", "request"), 3.87e-6));
        assert!(close(usd("elsewhere", "Call"), 0.0));
    }

    #[test]
    fn lambda_is_paid_for_by_requests_and_by_memory_times_whole_milliseconds() {
        assert!(close(gb_seconds(99.2, 256), 0.025));
        assert!(close(of_lambda(1_000_000, 0.0), 0.20));
        assert!(close(of_lambda(0, 4.0), 4.0 * 13.3334e-6));
        assert!(close(of_logs(2_000_000_000), 1.34));
    }

    #[test]
    fn the_list_that_is_printed_is_the_one_that_is_reckoned_with() {
        let price = |what: &str| LIST.iter().find(|price| price.what == what).unwrap().usd;
        let million = |service, operation, units| of_calls(&entry(service, operation, units));
        let billed = Units {
            billed: 1_000_000,
            ..Units::default()
        };
        assert!(close(price("SQS requests"), million("sqs", "Send", billed)));
        assert!(close(price("S3 PUT"), million("s3", "PUT", billed)));
        assert!(close(
            price("HTTP API requests"),
            million("http-api", "request", billed)
        ));
        assert!(close(price("Lambda requests"), of_lambda(1_000_000, 0.0)));
    }
}
