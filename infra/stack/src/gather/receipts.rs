//! What the provider simulator received, read over HTTP as anybody could.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use touchline_domain::{
    channel::Channel,
    events::TouchRef,
    ids::{TenantId, TouchId},
};
use touchline_engine::audit::Receipt;

use crate::{simulator::Simulator, target::Target};

#[derive(Debug, Deserialize)]
struct Entry {
    virtual_time: DateTime<Utc>,
    channel: String,
    from: String,
    token: Option<String>,
    #[serde(default)]
    duplicate_of: Option<u64>,
}

/// The simulator's ledger.
#[derive(Debug, Default)]
pub struct Ledger(Vec<Receipt>);

impl Ledger {
    /// Reads the ledger of the stack's simulator; nothing where there is none.
    ///
    /// # Errors
    /// The simulator does not answer.
    pub async fn read(target: &Target) -> anyhow::Result<Option<Self>> {
        let Some(simulator) = Simulator::of(target) else {
            return Ok(None);
        };
        let entries: Vec<Entry> = simulator.get("ledger").await?;
        let mut receipts: BTreeMap<TouchId, Receipt> = BTreeMap::new();
        for entry in entries {
            let Ok(channel) = entry.channel.parse::<Channel>() else {
                continue;
            };
            let Some(reference) = entry.token.as_deref().and_then(TouchRef::from_token) else {
                continue;
            };
            // A replay under the same idempotency key is the same message.
            let new = u32::from(entry.duplicate_of.is_none());
            receipts
                .entry(reference.touch.clone())
                .and_modify(|receipt| receipt.times += new)
                .or_insert(Receipt {
                    reference,
                    channel,
                    from: entry.from,
                    at: entry.virtual_time,
                    times: new,
                });
        }
        Ok(Some(Self(receipts.into_values().collect())))
    }

    /// Everything that it received.
    pub fn all(&self) -> impl Iterator<Item = &Receipt> {
        self.0.iter()
    }

    /// What it received for a tenant.
    #[must_use]
    pub fn of(&self, tenant: &TenantId) -> Vec<Receipt> {
        self.0
            .iter()
            .filter(|receipt| receipt.reference.tenant == *tenant)
            .cloned()
            .collect()
    }
}
