//! Writing and finding many leads at once, for imports. Plain puts under derived keys: the same rows again write the
//! same items (HUB-3).

use std::collections::{BTreeSet, HashMap};

use touchline_domain::{
    contact::AddressHash,
    ids::{LeadId, TenantId},
    sending::lead::Lead,
};
use touchline_engine::ports::PortError;

use super::{Leads, linked_lead, names, profile_item};
use crate::{
    item::{decode, key_of, required_text, text},
    keys::{self, Key, PK},
    table::Read,
};

impl Leads {
    /// Writes profiles. Of two with one id the last one counts.
    ///
    /// # Errors
    /// [`PortError`]: some may be written; all of them again does no harm.
    pub async fn put_leads(&self, leads: &[Lead]) -> Result<(), PortError> {
        let latest: HashMap<&LeadId, &Lead> = leads.iter().map(|lead| (&lead.id, lead)).collect();
        self.table
            .batch_put("leads", latest.into_values().map(profile_item))
            .await
    }

    /// Writes the look-ups from addresses to leads of one tenant.
    ///
    /// # Errors
    /// [`PortError`]: some may be written; all of them again does no harm.
    pub async fn link_addresses(
        &self,
        tenant: &TenantId,
        links: &[(AddressHash, LeadId)],
    ) -> Result<(), PortError> {
        let links: HashMap<&AddressHash, &LeadId> = links
            .iter()
            .map(|(address, lead)| (address, lead))
            .collect();
        let items = links.into_iter().map(|(address, lead)| {
            let mut item = key_of(keys::address_link(tenant, address));
            item.insert(names::LINKED_LEAD.to_owned(), text(lead.as_str()));
            Ok(item)
        });
        self.table.batch_put("address look-ups", items).await
    }

    /// Which of these addresses a lead of the tenant has already (HUB-4).
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn existing_by_address(
        &self,
        tenant: &TenantId,
        addresses: &[AddressHash],
    ) -> Result<HashMap<AddressHash, LeadId>, PortError> {
        let mut by_pk: HashMap<String, &AddressHash> = HashMap::with_capacity(addresses.len());
        let mut keys: Vec<Key> = Vec::with_capacity(addresses.len());
        for address in addresses {
            let key = keys::address_link(tenant, address);
            if by_pk.insert(key.pk.clone(), address).is_none() {
                keys.push(key);
            }
        }
        let mut found = HashMap::new();
        for item in self
            .table
            .batch_get("address look-ups", keys, Read::Consistent)
            .await?
        {
            let pk = required_text("address look-up", &item, PK)?;
            if let Some(address) = by_pk.get(pk) {
                found.insert((*address).clone(), linked_lead(&item)?);
            }
        }
        Ok(found)
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
        let keys = wanted
            .into_iter()
            .map(|lead| keys::profile(tenant, lead))
            .collect();
        let items = self
            .table
            .batch_get("leads", keys, Read::Consistent)
            .await?;
        items.into_iter().map(|item| decode("lead", item)).collect()
    }
}
