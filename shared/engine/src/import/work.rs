//! What becomes of a batch: its rows as leads, then merged with what is known, ready to be written. The batch before it
//! may still be on its way into the store; what that one writes counts as known already.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use touchline_domain::{
    contact::Address,
    ids::{LeadId, UploadId},
    import::{Checkpoint, LeadRow, PhoneKind, Region, Rejected},
    sending::{consent::Consent, lead::Lead, tenant::Tenant},
};

use super::{Counts, Known, source::Batch};

/// Rows as the leads that they describe; what is known of them is not asked yet.
#[derive(Default)]
pub(super) struct Read {
    leads: Vec<Lead>,
    /// The addresses of all leads, one lead after the other.
    pub addresses: Vec<Address>,
    /// How many of them each lead has.
    address_counts: Vec<usize>,
    rejects: Vec<Rejected>,
    place: Option<Checkpoint>,
}

/// Leads to be written.
#[derive(Default)]
pub(super) struct Merged {
    /// The counts, without the rejects.
    pub counts: Counts,
    /// The rows that are no leads.
    pub rejects: Vec<Rejected>,
    /// Where to go on once all is written.
    pub place: Option<Checkpoint>,
    /// The leads of the rows in their order, then those that were known before.
    pool: Vec<Lead>,
    /// Which of them are new or changed.
    touched: Vec<bool>,
    /// Where in the pool each address leads to.
    at: HashMap<Address, usize>,
    /// Where those are that were known before.
    known: HashMap<LeadId, usize>,
}

impl Read {
    pub fn new(tenant: &Tenant, upload: &UploadId, batch: Batch, now: DateTime<Utc>) -> Self {
        let rows = batch.rows.len();
        let mut read = Self {
            leads: Vec::with_capacity(rows),
            addresses: Vec::with_capacity(3 * rows),
            address_counts: Vec::with_capacity(rows),
            rejects: batch.rejects,
            place: batch.place,
        };
        let nobody = LeadId::derive(&tenant.id, "");
        for row in batch.rows {
            let mut lead = lead_of(nobody.clone(), tenant, upload, *row, now);
            let addresses = lead.addresses();
            // Every accepted row has an address.
            let Some(primary) = addresses.first() else {
                continue;
            };
            lead.id = LeadId::derive(&tenant.id, primary.as_str());
            read.address_counts.push(addresses.len());
            read.addresses.extend(addresses);
            read.leads.push(lead);
        }
        read
    }

    /// Merges the leads with what the store knows and with what is being written (HUB-4).
    pub fn merge(self, known: Known, under_way: &Merged) -> Merged {
        let mut merged = Merged {
            counts: Counts::default(),
            rejects: self.rejects,
            place: self.place,
            touched: Vec::new(),
            pool: self.leads,
            at: HashMap::with_capacity(self.addresses.len()),
            known: HashMap::new(),
        };
        merged.know(&self.addresses, known, under_way);
        merged.touched = vec![false; merged.pool.len()];
        let mut addresses = self.addresses.into_iter();
        for (row, its) in self.address_counts.into_iter().enumerate() {
            let mine = addresses.as_slice().iter().take(its);
            let place = merged.settle(row, mine);
            for address in addresses.by_ref().take(its) {
                merged.at.entry(address).or_insert(place);
            }
        }
        merged
    }
}

impl Merged {
    /// The leads that are new or changed. They are to be written and enriched.
    pub fn leads(&self) -> Vec<&Lead> {
        let all = self.pool.iter().zip(&self.touched);
        all.filter(|(_, touched)| **touched)
            .map(|(lead, _)| lead)
            .collect()
    }

    /// Takes in who is known at these addresses. What is being written is newer than what the store says.
    fn know(&mut self, addresses: &[Address], mut known: Known, under_way: &Self) {
        for address in addresses {
            if let Some(lead) = under_way.at(address) {
                let place = self.place_of(lead.id.clone(), || Some(lead.clone()));
                self.at.extend(place.map(|place| (address.clone(), place)));
            }
        }
        for (address, id) in known.leads {
            let stored = known.profiles.remove(&id);
            let newest = || under_way.by_id(&id).cloned().or(stored);
            let place = self.place_of(id.clone(), newest);
            // An address without a profile behind it is nobody's.
            if let Some(place) = place {
                self.at.entry(address).or_insert(place);
            }
        }
    }

    fn place_of(&mut self, id: LeadId, lead: impl FnOnce() -> Option<Lead>) -> Option<usize> {
        if let Some(place) = self.known.get(&id) {
            return Some(*place);
        }
        let place = self.pool.len();
        self.pool.push(lead()?);
        self.known.insert(id, place);
        Some(place)
    }

    /// Creates the lead of a row or merges it, and says where in the pool it is then.
    fn settle<'a>(
        &mut self,
        row: usize,
        mut addresses: impl Iterator<Item = &'a Address>,
    ) -> usize {
        self.counts.rows += 1;
        let existing = addresses.find_map(|address| self.at.get(address)).copied();
        let found = existing.and_then(|place| {
            let found = self.pool.get_disjoint_mut([place, row]).ok()?;
            Some((place, found))
        });
        let place = match found {
            None => {
                self.counts.created += 1;
                row
            }
            // The row that made this lead, read again.
            Some((place, [profile, lead]))
                if profile.upload == lead.upload && profile.upload_row == lead.upload_row =>
            {
                self.counts.created += 1;
                place
            }
            Some((place, [profile, lead])) => {
                self.counts.merged += 1;
                profile.fill_from(lead);
                place
            }
        };
        if let Some(touched) = self.touched.get_mut(place) {
            *touched = true;
        }
        place
    }

    fn at(&self, address: &Address) -> Option<&Lead> {
        self.written(*self.at.get(address)?)
    }

    fn by_id(&self, id: &LeadId) -> Option<&Lead> {
        self.written(*self.known.get(id)?)
    }

    fn written(&self, place: usize) -> Option<&Lead> {
        let touched = self.touched.get(place).copied().unwrap_or(false);
        self.pool.get(place).filter(|_| touched)
    }
}

/// The lead that a row describes.
fn lead_of(
    id: LeadId,
    tenant: &Tenant,
    upload: &UploadId,
    row: LeadRow,
    now: DateTime<Utc>,
) -> Lead {
    let phone_takes_sms = row.phone.as_ref().is_some_and(|p| {
        !p.shared && matches!(p.kind, PhoneKind::Mobile | PhoneKind::FixedLineOrMobile)
    });
    Lead {
        id,
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
        state: row.region.as_ref().and_then(Region::state),
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
            given_on: tenant.zone.local(now).date(),
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
    }
}
