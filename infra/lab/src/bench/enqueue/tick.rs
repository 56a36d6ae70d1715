//! One tick over all shards, and what it read.

use std::path::Path;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use touchline_lambda_harness::{Answer, AwsStub, Program, Sandbox};
use touchline_runtime::meter::{Account, Line};

use super::{
    FUNCTION, LIMIT,
    leads::{self, Got},
};
use crate::bench::world;
use touchline_stack::invoke::scheduled_event;

/// What is due became so within this time before the tick.
const JUST_NOW_SECS: i64 = 50;
/// Over these days the other leads are spread.
const DAYS_AHEAD: i64 = 12;

/// What a tick came to.
#[derive(Debug, Serialize)]
pub struct Measured {
    /// Leads in the due index.
    pub enrolled: u32,
    /// Different leads that a queue got.
    pub queued: u32,
    /// Messages about leads that were not due.
    pub early: u32,
    /// Queries of the due index.
    pub queries: u64,
    /// DynamoDB's read units, watermarks included.
    pub read_units: f64,
    /// Writes: the watermarks, a unit each.
    pub writes: u64,
    /// Requests to SQS.
    pub sqs_calls: u64,
    /// From event to answer.
    pub millis: f64,
}

/// Measures one tick after another one that found nothing, as in every minute but the first.
///
/// # Errors
/// The function fails, or says nothing of its cost.
pub async fn measure(
    aws: &AwsStub,
    program: &Program,
    enrolled: u32,
    due: u32,
) -> anyhow::Result<Measured> {
    let now = world::now()?;
    let ahead_secs = TimeDelta::days(DAYS_AHEAD).num_seconds();
    leads::put(
        aws,
        (0..enrolled).map(|n| {
            let n64 = i64::from(n);
            if n < due {
                now - TimeDelta::seconds(n64 % JUST_NOW_SECS)
            } else {
                now + TimeDelta::hours(1) + TimeDelta::seconds(n64 % ahead_secs)
            }
        }),
    )?;
    let mut sandbox = Sandbox::start(program).await?;
    let mut got = Got::default();
    let before = now - TimeDelta::minutes(1);
    invoke(&mut sandbox, event(before)).await?;
    got.take(aws, before)?;
    if got.leads() > 0 {
        bail!("a tick queued {} leads before their time", got.leads());
    }
    invoke(&mut sandbox, event(now)).await?;
    got.take(aws, now)?;
    let cost = last_account(&program.log)?;
    let sum = |service: &str, operation: &str| {
        let of = cost.uses.iter().filter(|entry| {
            entry.kind.service == service && entry.kind.operation.starts_with(operation)
        });
        of.map(|entry| entry.units.calls).sum()
    };
    Ok(Measured {
        enrolled,
        queued: u32::try_from(got.leads())?,
        early: got.early,
        queries: sum("dynamodb", "Query"),
        read_units: cost.uses.iter().map(|entry| entry.units.read).sum(),
        writes: sum("dynamodb", "Put"),
        sqs_calls: sum("sqs", "Send"),
        millis: cost.millis,
    })
}

/// The event of a schedule.
pub fn event(at: DateTime<Utc>) -> Bytes {
    Bytes::from(scheduled_event(FUNCTION, at).to_string())
}

/// Has the function handle one event; what it answers.
///
/// # Errors
/// It fails, or takes longer than it may.
pub async fn invoke(sandbox: &mut Sandbox, event: Bytes) -> anyhow::Result<serde_json::Value> {
    match sandbox.invoke(event, LIMIT).await? {
        Answer::Response(body) => Ok(serde_json::from_slice(&body)?),
        error @ Answer::Error(_) => bail!("enqueue failed: {}", error.text()),
    }
}

/// What the last invocation said of its cost.
fn last_account(log: &Path) -> anyhow::Result<Account> {
    let text = std::fs::read_to_string(log)?;
    let accounts = text.lines().rev();
    let line = accounts
        .filter_map(|line| serde_json::from_str::<Line>(line).ok())
        .next();
    Ok(line.context("the function said nothing of its cost")?.cost)
}
