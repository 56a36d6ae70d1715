//! By what a lead is found. An e-mail address that a lead's id is derived from leads to it by that id; every other
//! address has a look-up item (decision 0011). An address therefore has up to two places, and all of them are looked at:
//! the lead that is named by its id goes first.

use touchline_domain::{
    contact::Address,
    ids::{LeadId, TenantId},
    sending::lead::Lead,
};

use crate::keys::{self, Key};

/// Every key under which a lead with this address may be found; the profile that the address names goes first.
pub(super) fn places(tenant: &TenantId, address: &Address) -> impl Iterator<Item = Key> {
    let profile = named(tenant, address).map(|lead| keys::profile(tenant, &lead));
    let link = keys::address_link(tenant, &address.hash());
    profile.into_iter().chain([link])
}

/// The look-ups that a lead needs: one for each address that does not name it.
pub(super) fn links(lead: &Lead) -> impl Iterator<Item = (Key, &LeadId)> {
    let addresses = lead.addresses().into_iter();
    addresses
        .filter(|address| named(&lead.tenant, address).is_none_or(|named| named != lead.id))
        .map(|address| (keys::address_link(&lead.tenant, &address.hash()), &lead.id))
}

/// The lead that an address names. Most leads have an e-mail address and are derived from it; for the others a second
/// read of each address would cost more than their look-ups do.
fn named(tenant: &TenantId, address: &Address) -> Option<LeadId> {
    match address {
        Address::Email(email) => Some(LeadId::derive(tenant, email.as_str())),
        Address::Phone(_) | Address::Linkedin(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// A table: the lead behind each key.
    type Rows = BTreeMap<Key, LeadId>;

    fn write(rows: &mut Rows, lead: &Lead) {
        rows.insert(keys::profile(&lead.tenant, &lead.id), lead.id.clone());
        rows.extend(links(lead).map(|(key, id)| (key, id.clone())));
    }

    fn found(rows: &Rows, tenant: &TenantId, address: &Address) -> Option<LeadId> {
        places(tenant, address).find_map(|key| rows.get(&key).cloned())
    }

    /// The lead of this number, with some of its addresses, derived from one of them or from none.
    fn lead(number: u8, has: (bool, bool, bool), derived_from: usize) -> Lead {
        let mut lead = crate::samples::lead("acme", &format!("p{number}@example.com"));
        lead.email = lead.email.filter(|_| has.0);
        let phone = format!("+614120000{number:02}");
        lead.phone = has.1.then(|| phone.parse().unwrap());
        lead.linkedin = has.2.then(|| format!("person-{number}"));
        lead.id = match lead.addresses().get(derived_from) {
            Some(address) => LeadId::derive(&lead.tenant, address.as_str()),
            None => LeadId::derive(&lead.tenant, &number.to_string()),
        };
        lead
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        /// Written in any order, before and after they got further addresses.
        #[test]
        fn hub_4_every_address_leads_to_its_lead_and_no_other(
            had in proptest::collection::vec((any::<(bool, bool, bool)>(), any::<(bool, bool, bool)>(), 0..4_usize), 1..6),
            order in any::<prop::sample::Index>(),
        ) {
            let mut rows = Rows::new();
            let mut leads = Vec::new();
            for (number, (first, then, derived_from)) in had.into_iter().enumerate() {
                let number = u8::try_from(number).unwrap();
                let before = lead(number, first, derived_from);
                let all = (first.0 || then.0, first.1 || then.1, first.2 || then.2);
                let after = Lead { id: before.id.clone(), ..lead(number, all, derived_from) };
                write(&mut rows, &before);
                leads.push(after);
            }
            let middle = order.index(leads.len());
            leads.rotate_left(middle);
            for lead in &leads {
                write(&mut rows, lead);
            }
            for lead in &leads {
                for address in lead.addresses() {
                    prop_assert_eq!(found(&rows, &lead.tenant, &address), Some(lead.id.clone()));
                }
            }
            let nobody = Address::Email("nobody@example.com".parse().unwrap());
            prop_assert_eq!(found(&rows, &leads[0].tenant, &nobody), None);
        }

        /// Two uploads at once may make two leads of one person. The answer does not hang on who wrote last.
        #[test]
        fn hub_4_of_two_leads_at_one_address_the_one_that_it_names_is_found(turned in any::<bool>()) {
            let named = lead(1, (true, true, false), 0);
            let other = Lead { id: LeadId::derive(&named.tenant, "other"), ..named.clone() };
            let mut order = [&named, &other];
            if turned {
                order.reverse();
            }
            let mut rows = Rows::new();
            for lead in order {
                write(&mut rows, lead);
            }
            let email = &named.addresses()[0];
            prop_assert_eq!(found(&rows, &named.tenant, email), Some(named.id.clone()));
        }
    }

    #[test]
    fn a_lead_needs_no_look_up_of_the_email_that_its_id_is_derived_from() {
        let lead = lead(1, (true, true, true), 0);
        assert_eq!(links(&lead).count(), 2);
        let by_phone = self::lead(2, (true, true, true), 1);
        assert_eq!(links(&by_phone).count(), 3);
    }
}
