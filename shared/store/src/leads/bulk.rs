//! Writing and finding many leads at once, for imports. Plain puts under derived keys: the same rows again write the
//! same items (HUB-3).

use std::collections::{BTreeSet, HashMap, HashSet};

use touchline_domain::{
    contact::Address,
    ids::{LeadId, TenantId},
    sending::lead::Lead,
};
use touchline_engine::{import::Known, ports::PortError};

use super::{Leads, addresses, linked_lead, names};
use crate::{
    attribute_json::{NotWritten, write_more, write_texts},
    item::{decode, required_text},
    keys::{self, Key, PK, PROFILE, SK},
    table::Read,
};

impl Leads {
    /// Writes profiles. Of two with one id the last one counts.
    ///
    /// # Errors
    /// [`PortError`]: some may be written; all of them again does no harm.
    pub async fn put_leads(&self, leads: &[&Lead]) -> Result<(), PortError> {
        let latest: HashMap<&LeadId, &Lead> = leads.iter().map(|lead| (&lead.id, *lead)).collect();
        let items = latest
            .into_values()
            .map(|lead| move |out: &mut Vec<u8>| write_profile(out, lead));
        self.table.batch_put("leads", items).await
    }

    /// Writes the look-ups from the addresses of these leads to them, as far as they are not found without.
    ///
    /// # Errors
    /// [`PortError`]: some may be written; all of them again does no harm.
    pub async fn link_addresses(&self, leads: &[&Lead]) -> Result<(), PortError> {
        let mut links: HashMap<Key, &LeadId> = HashMap::with_capacity(2 * leads.len());
        for lead in leads {
            links.extend(addresses::links(lead));
        }
        let items = links.into_iter().map(|(key, lead)| {
            move |out: &mut Vec<u8>| {
                let link = (names::LINKED_LEAD, lead.as_str());
                write_texts(out, &[(PK, &key.pk), (SK, &key.sk), link])
            }
        });
        self.table.batch_put("address look-ups", items).await
    }

    /// Which of these addresses a lead of the tenant has already, with the profiles of these leads (HUB-4).
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn known(
        &self,
        tenant: &TenantId,
        addresses: &[Address],
    ) -> Result<Known, PortError> {
        let distinct: HashSet<&Address> = addresses.iter().collect();
        let most = 2 * distinct.len();
        let (mut keys, mut asked) = (Vec::with_capacity(most), Vec::with_capacity(most));
        for address in distinct {
            for key in addresses::places(tenant, address) {
                keys.push(key);
                asked.push(address);
            }
        }
        let found = self
            .table
            .batch_get("leads at addresses", &keys, Read::Consistent)
            .await?;
        let mut known = Known::default();
        if found.is_empty() {
            return Ok(known);
        }
        let pks = keys.iter().map(|key| key.pk.as_str());
        let by_pk: HashMap<&str, &Address> = pks.zip(asked).collect();
        let mut linked = Vec::new();
        for item in found {
            let pk = required_text("lead at an address", &item, PK)?;
            let Some(&address) = by_pk.get(pk) else {
                continue;
            };
            if required_text("lead at an address", &item, SK)? == PROFILE {
                let lead: Lead = decode("lead", item)?;
                known.leads.insert(address.clone(), lead.id.clone());
                known.profiles.insert(lead.id.clone(), lead);
            } else {
                linked.push((address, linked_lead(&item)?));
            }
        }
        let missing: Vec<LeadId> = linked
            .iter()
            .filter(|(_, lead)| !known.profiles.contains_key(lead))
            .map(|(_, lead)| lead.clone())
            .collect();
        for lead in self.profiles(tenant, &missing).await? {
            known.profiles.insert(lead.id.clone(), lead);
        }
        for (address, lead) in linked {
            // The lead that is named by its id goes first, as everywhere.
            known.leads.entry(address.clone()).or_insert(lead);
        }
        Ok(known)
    }

    /// The profiles of these leads, in no order; leads that do not exist are left out.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn profiles(
        &self,
        tenant: &TenantId,
        leads: &[LeadId],
    ) -> Result<Vec<Lead>, PortError> {
        let wanted: BTreeSet<&LeadId> = leads.iter().collect();
        let keys: Vec<Key> = wanted
            .into_iter()
            .map(|lead| keys::profile(tenant, lead))
            .collect();
        let items = self
            .table
            .batch_get("leads", &keys, Read::Consistent)
            .await?;
        items.into_iter().map(|item| decode("lead", item)).collect()
    }
}

/// A profile with its key and its place in the tenant's listing, as [`profile_item`](super::profile_item) has it.
fn write_profile(out: &mut Vec<u8>, lead: &Lead) -> Result<(), NotWritten> {
    let key = keys::profile(&lead.tenant, &lead.id);
    let listing = keys::listing_of(&lead.tenant, &lead.id);
    let texts = [
        (PK, key.pk.as_str()),
        (SK, &key.sk),
        (names::LIST_PK, &listing),
        (names::LIST_SK, lead.id.as_str()),
    ];
    write_texts(out, &texts)?;
    write_more(out, lead)
}
