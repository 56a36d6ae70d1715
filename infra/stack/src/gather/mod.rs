//! Gathers a tenant's records for the audit and the reports: every lead with its journey, touches and suppressions, the
//! due index, and what the providers received.

mod receipts;
mod table;

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use touchline_domain::ids::{LeadId, TenantId};
use touchline_engine::desk::inbox::{Conversations as _, Timeline as _};
use touchline_engine::{
    audit::{Evidence, LeadRecord},
    channel,
    enqueue::SHARDS,
    facts,
    ports::{DueIndex as _, Facts as _, Journeys as _},
};

use crate::{error::CliError, records::Records, target::Target};

pub use receipts::Ledger;
pub use table::table;

/// Leads that are read at once.
const AT_ONCE: usize = 32;
/// Entries of an index page.
const PAGE: u32 = 1_000;

/// Everything about one tenant.
///
/// # Errors
/// There is no such tenant, or something cannot be read.
pub async fn evidence(
    target: &Target,
    records: &Records,
    tenant: &TenantId,
    ledger: Option<&Ledger>,
) -> Result<Evidence, CliError> {
    let store = &records.store;
    let settings = records.tenant(tenant).await?;
    let now = target.now()?;
    let due = due_entries(records, tenant, now).await?;
    let ids = store.leads.ids(tenant).await?;
    let leads = stream::iter(ids)
        .map(|id| lead_record(records, tenant, id, &due))
        .buffer_unordered(AT_ONCE)
        .try_filter_map(|record| async move { Ok(record) })
        .try_collect()
        .await?;
    let uploads = store.tenants.uploads(tenant).await?;
    let campaigns = store.tenants.campaigns(tenant).await?;
    Ok(Evidence {
        tenant: settings,
        campaigns: campaigns.into_iter().map(|c| (c.id.clone(), c)).collect(),
        resources: store.pool.of_tenant(tenant).await?,
        uploads: uploads.into_iter().map(Into::into).collect(),
        leads,
        receipts: ledger.map(|ledger| ledger.of(tenant)),
        now,
    })
}

async fn lead_record(
    records: &Records,
    tenant: &TenantId,
    id: LeadId,
    due: &HashMap<LeadId, DateTime<Utc>>,
) -> anyhow::Result<Option<LeadRecord>> {
    let store = &records.store;
    let Some((lead, journey)) = store.load(tenant, &id).await? else {
        return Ok(None);
    };
    let touches = store.leads.touches_of(tenant, &id).await?;
    let mut suppressions = Vec::new();
    for channel in channel::built() {
        if let Some(address) = facts::address_of(&lead, channel) {
            let found = store.address(tenant, &address.hash(), None).await?;
            suppressions.extend(found.suppressions.into_iter().map(|s| (channel, s)));
        }
    }
    Ok(Some(LeadRecord {
        indexed_at: due.get(&id).copied(),
        lead,
        journey,
        touches,
        suppressions,
    }))
}

/// The whole due index of a tenant. Only the audit reads what is not due.
async fn due_entries(
    records: &Records,
    tenant: &TenantId,
    now: DateTime<Utc>,
) -> Result<HashMap<LeadId, DateTime<Utc>>, CliError> {
    let far = now + TimeDelta::days(3_650);
    let shards = stream::iter(0..SHARDS)
        .map(|shard| async move {
            let mut found = Vec::new();
            let mut page = None;
            loop {
                let (items, next) = records.store.due(shard, None, far, page, PAGE).await?;
                found.extend(items);
                match next {
                    Some(next) => page = Some(next),
                    None => return anyhow::Ok(found),
                }
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<_>>()
        .await
        .context("reading the due index")?;
    Ok(shards
        .into_iter()
        .flatten()
        .filter(|item| item.tenant == *tenant)
        .map(|item| (item.lead, item.due_at))
        .collect())
}

/// Counts by name, in order.
pub type Counts = BTreeMap<String, usize>;

/// Replies by intent.
///
/// # Errors
/// The inbox cannot be read.
pub async fn replies(records: &Records, evidence: &Evidence) -> anyhow::Result<Counts> {
    let replied = evidence
        .leads
        .iter()
        .filter(|record| !record.journey.events.is_empty());
    let ids: Vec<LeadId> = replied.map(|record| record.lead.id.clone()).collect();
    let messages = stream::iter(ids)
        .map(|id| async move { records.store.inbox.messages(&evidence.tenant.id, &id).await })
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<_>>()
        .await?;
    let mut counts = Counts::new();
    for message in messages.into_iter().flatten() {
        *counts.entry(message.intent).or_default() += 1;
    }
    Ok(counts)
}
