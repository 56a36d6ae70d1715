//! The leads of the benchmark as entries of the due index, and what of them the queues got.

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use touchline_domain::ids::{LeadId, TenantId};
use touchline_engine::job::TouchJob;
use touchline_lambda_harness::{AwsStub, DueEntry};
use touchline_store::keys;

use super::super::world;

/// Whose leads they are.
const TENANT: &str = "acme";

/// Puts one lead for each due time into the due index.
///
/// # Errors
/// Never; the tenant's id is checked as all ids are.
pub fn put(aws: &AwsStub, due: impl Iterator<Item = DateTime<Utc>>) -> anyhow::Result<()> {
    let tenant: TenantId = TENANT.parse()?;
    let entries = due.enumerate().map(|(n, due_at)| {
        let lead = lead(&tenant, n);
        DueEntry {
            shard: keys::due_shard(&lead),
            due_at: keys::due_at(due_at),
            pk: keys::lead(&tenant, &lead),
            tenant: tenant.to_string(),
            channel: "email",
        }
    });
    aws.tables()
        .put_due(&world::name_of("LEADS_TABLE"), entries);
    Ok(())
}

fn lead(tenant: &TenantId, n: usize) -> LeadId {
    LeadId::derive(tenant, &format!("lead-{n}@redgum.example"))
}

/// What the queues got.
#[derive(Debug, Default)]
pub struct Got {
    times: HashMap<LeadId, u32>,
    /// Messages about leads that were not due yet.
    pub early: u32,
}

impl Got {
    /// Takes what has come since the last time; everything in it has to be due at `now`.
    ///
    /// # Errors
    /// A message is no touch.
    pub fn take(&mut self, aws: &AwsStub, now: DateTime<Utc>) -> anyhow::Result<()> {
        for body in aws.take_messages() {
            let job: TouchJob =
                serde_json::from_str(&body).context("a message that is no touch")?;
            let TouchJob::V1 { lead, due_at, .. } = job;
            self.early += u32::from(due_at > now);
            *self.times.entry(lead).or_default() += 1;
        }
        Ok(())
    }

    /// Different leads.
    #[must_use]
    pub fn leads(&self) -> usize {
        self.times.len()
    }

    /// Messages beyond the first of each lead.
    #[must_use]
    pub fn doubled(&self) -> u32 {
        self.times.values().map(|times| times - 1).sum()
    }
}
