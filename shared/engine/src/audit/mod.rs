//! The audit: does what is stored hang together, and does it agree with what the providers saw? (SEND-4)
//!
//! Pure: whoever calls it gathers the records. It trusts no counter; it counts records.

mod limits;
mod people;
mod provider;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use touchline_domain::{
    channel::Channel,
    events::TouchRef,
    ids::{CampaignId, TenantId, UploadId},
    sending::{
        campaign::Campaign, journey::Journey, lead::Lead, resource::Resource,
        suppression::Suppression, tenant::Tenant, touch::Touch,
    },
};

/// How one upload ended (HUB-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UploadCount {
    /// Which upload.
    pub upload: UploadId,
    /// Rows read.
    pub rows: u64,
    /// Leads created.
    pub created: u64,
    /// Rows merged into a lead.
    pub merged: u64,
    /// Rows rejected.
    pub rejected: u64,
}

/// One lead with everything that is stored about it.
#[derive(Clone, Debug)]
pub struct LeadRecord {
    /// The profile.
    pub lead: Lead,
    /// The journey.
    pub journey: Journey,
    /// The touches.
    pub touches: Vec<Touch>,
    /// The tenant's and global suppressions of its addresses.
    pub suppressions: Vec<(Channel, Suppression)>,
    /// When the due index has it, if it does.
    pub indexed_at: Option<DateTime<Utc>>,
}

/// One message that a provider accepted, from the provider's side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The touch that it named.
    pub reference: TouchRef,
    /// On which channel.
    pub channel: Channel,
    /// From which of our addresses.
    pub from: String,
    /// When, by the clock that the functions use.
    pub at: DateTime<Utc>,
    /// How often the provider accepted a new message for this same touch; replays under one idempotency key count
    /// once.
    pub times: u32,
}

/// Everything that one tenant's audit looks at.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The tenant.
    pub tenant: Tenant,
    /// Its campaigns.
    pub campaigns: BTreeMap<CampaignId, Campaign>,
    /// Its resources.
    pub resources: Vec<Resource>,
    /// Its uploads.
    pub uploads: Vec<UploadCount>,
    /// Its leads.
    pub leads: Vec<LeadRecord>,
    /// What providers received for it; `None` where nobody can tell (in AWS the providers keep that).
    pub receipts: Option<Vec<Receipt>>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// One rule, and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What is claimed, as a sentence.
    pub claim: &'static str,
    /// How many records were looked at.
    pub looked_at: usize,
    /// What contradicts it; empty when it holds. At most [`SHOWN`] are kept.
    pub contradictions: Vec<String>,
    /// How many contradict it.
    pub failed: usize,
}

/// Contradictions shown for each check.
pub const SHOWN: usize = 20;

impl Check {
    fn of<T>(
        claim: &'static str,
        records: impl IntoIterator<Item = T>,
        wrong: impl Fn(T) -> Option<String>,
    ) -> Self {
        let mut check = Self {
            claim,
            looked_at: 0,
            contradictions: Vec::new(),
            failed: 0,
        };
        for record in records {
            check.looked_at += 1;
            if let Some(contradiction) = wrong(record) {
                check.failed += 1;
                if check.contradictions.len() < SHOWN {
                    check.contradictions.push(contradiction);
                }
            }
        }
        check
    }

    /// Whether the claim holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.failed == 0
    }
}

/// The audit of one tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// Whose.
    pub tenant: TenantId,
    /// What was checked.
    pub checks: Vec<Check>,
}

impl Audit {
    /// Whether every claim holds.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.checks.iter().all(Check::holds)
    }
}

/// Audits one tenant.
#[must_use]
pub fn audit(evidence: &Evidence) -> Audit {
    let mut checks = vec![
        people::rows_add_up(evidence),
        people::due_index_agrees(evidence),
        people::nothing_is_forgotten(evidence),
        people::touches_have_reasons(evidence),
        people::steps_have_touches(evidence),
        people::stopped_leads_wait_for_nothing(evidence),
    ];
    if let Some(receipts) = &evidence.receipts {
        checks.push(provider::no_touch_twice(receipts));
        checks.push(provider::every_receipt_is_recorded(evidence, receipts));
        checks.push(provider::every_sent_touch_was_received(evidence, receipts));
        checks.push(provider::nothing_after_an_opt_out(evidence, receipts));
        checks.push(provider::inside_the_window(evidence, receipts));
        checks.push(limits::within_daily_limits(evidence, receipts));
    }
    Audit {
        tenant: evidence.tenant.id.clone(),
        checks,
    }
}
