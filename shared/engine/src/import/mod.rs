//! From rows of a list to leads (HUB-3, HUB-4): each row creates a lead, merges into one, or is rejected.
//!
//! Works through rows in batches. A batch that is done again, because the function died before its checkpoint was
//! written, comes to the same leads and the same counts: a lead's id is derived from its address, and it remembers the
//! row that made it. Reads no file and decides no row; the domain does.

pub mod run;

use std::{collections::HashMap, future::Future};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use touchline_domain::{
    contact::AddressHash,
    ids::{LeadId, TenantId, UploadId},
    import::{LeadRow, PhoneKind},
    sending::{consent::Consent, lead::Lead, tenant::Tenant},
};

use crate::ports::PortError;

/// Rows that are worked through at once. Enough that the calls of a batch fill every connection several times over, and
/// the wait for the last of them is shared by many rows; some three megabytes in memory.
pub const BATCH_ROWS: usize = 1_000;

/// Where leads are written.
pub trait LeadWriter: Sync {
    /// The leads that are known at these addresses.
    fn leads_at(
        &self,
        tenant: &TenantId,
        addresses: &[AddressHash],
    ) -> impl Future<Output = Result<HashMap<AddressHash, LeadId>, PortError>> + Send;

    /// The profiles of these leads.
    fn profiles(
        &self,
        tenant: &TenantId,
        leads: &[LeadId],
    ) -> impl Future<Output = Result<HashMap<LeadId, Lead>, PortError>> + Send;

    /// Writes profiles with their address look-ups. The same again changes nothing.
    fn put_profiles(
        &self,
        tenant: &TenantId,
        leads: &[Lead],
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// What a batch came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows read.
    pub rows: u64,
    /// Leads created.
    pub created: u64,
    /// Rows merged into a lead.
    pub merged: u64,
    /// Rows rejected.
    pub rejected: u64,
}

impl std::ops::AddAssign<&Self> for Counts {
    fn add_assign(&mut self, other: &Self) {
        self.rows += other.rows;
        self.created += other.created;
        self.merged += other.merged;
        self.rejected += other.rejected;
    }
}

/// Works through a batch of accepted rows. Answers the counts, and the leads that are new or were changed, which are to
/// be enriched.
///
/// # Errors
/// The store is not available; the batch can be done again.
pub async fn import_rows<W: LeadWriter>(
    writer: &W,
    tenant: &Tenant,
    upload: &UploadId,
    rows: Vec<LeadRow>,
    now: DateTime<Utc>,
) -> Result<(Counts, Vec<LeadId>), PortError> {
    let leads: Vec<(Lead, Vec<AddressHash>)> = rows
        .into_iter()
        .filter_map(|row| lead_of(tenant, upload, row, now))
        .map(|lead| {
            let hashes = lead
                .addresses()
                .iter()
                .map(touchline_domain::contact::Address::hash)
                .collect();
            (lead, hashes)
        })
        .collect();
    let all: Vec<AddressHash> = leads
        .iter()
        .flat_map(|(_, hashes)| hashes.iter().cloned())
        .collect();
    let mut known = writer.leads_at(&tenant.id, &all).await?;
    let mut wanted: Vec<LeadId> = known.values().cloned().collect();
    wanted.sort();
    wanted.dedup();
    let mut profiles = writer.profiles(&tenant.id, &wanted).await?;
    let mut counts = Counts::default();
    let mut touched: Vec<LeadId> = Vec::new();
    for (lead, hashes) in leads {
        counts.rows += 1;
        let existing = hashes.iter().find_map(|hash| known.get(hash)).cloned();
        let id = match existing.as_ref().and_then(|id| profiles.get_mut(id)) {
            Some(profile)
                if profile.upload == lead.upload && profile.upload_row == lead.upload_row =>
            {
                counts.created += 1;
                profile.id.clone()
            }
            Some(profile) => {
                counts.merged += 1;
                profile.fill_from(&lead);
                profile.id.clone()
            }
            None => {
                counts.created += 1;
                let id = lead.id.clone();
                profiles.insert(id.clone(), lead);
                id
            }
        };
        for hash in hashes {
            known.entry(hash).or_insert_with(|| id.clone());
        }
        touched.push(id);
    }
    touched.sort();
    touched.dedup();
    let written: Vec<Lead> = touched
        .iter()
        .filter_map(|id| profiles.remove(id))
        .collect();
    writer.put_profiles(&tenant.id, &written).await?;
    Ok((counts, touched))
}

/// The lead that a row describes; every accepted row has an address.
fn lead_of(tenant: &Tenant, upload: &UploadId, row: LeadRow, now: DateTime<Utc>) -> Option<Lead> {
    let phone_takes_sms = row.phone.as_ref().is_some_and(|p| {
        !p.shared && matches!(p.kind, PhoneKind::Mobile | PhoneKind::FixedLineOrMobile)
    });
    let mut lead = Lead {
        id: LeadId::derive(&tenant.id, ""),
        tenant: tenant.id.clone(),
        first_name: row.first_name,
        last_name: row.last_name,
        full_name: row.full_name,
        email: row.email,
        phone: row.phone.map(|p| p.e164),
        phone_takes_sms,
        linkedin: row.linkedin.map(|id| id.as_str().to_owned()),
        company: row.company,
        title: row.title,
        role_score: row.role.score(),
        city: row.city,
        state: row
            .region
            .as_ref()
            .and_then(touchline_domain::import::Region::state),
        postcode: row.postcode,
        country: row.country,
        timezone: row.timezone,
        domain: row.domain,
        industry: row.industry,
        employees: row.employees,
        sic: row.sic,
        entity: row.entity,
        als: None,
        consent: tenant.attested_consent.clone().map(|basis| Consent {
            given_on: now.with_timezone(&tenant.zone).date_naive(),
            basis,
        }),
        extra: row
            .extra
            .into_iter()
            .map(|(name, value)| (name.to_string(), value))
            .collect(),
        upload: Some(upload.clone()),
        upload_row: Some(row.row),
        created_at: now,
        enriched_at: None,
    };
    let primary = lead.addresses().into_iter().next()?;
    lead.id = LeadId::derive(&tenant.id, primary.as_str());
    Some(lead)
}
