//! Finds the rows of one list that are the same person (HUB-4): by e-mail, `LinkedIn` member and phone number.
//! A number that people share proves nothing by itself: two colleagues behind one switchboard stay two leads.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::row::{LeadPhone, LeadRow};

/// Whether a lead was seen earlier in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It was not seen before.
    First,
    /// It is the same person as the accepted row `of`.
    Duplicate {
        /// Ordinal of the row that was seen first.
        of: u64,
    },
}

/// What is remembered of a key: 8 bytes, so that a million leads with three addresses each take some 70 MB unbounded.
#[derive(Clone, Copy)]
struct Owner {
    row: u32,
    /// Hash of the name in the upper bits, 0 for none; the lowest bit says whether the lead has an e-mail address.
    person: u32,
}

/// The addresses seen so far, as hashes of 64 bits. Two of a million rows collide by chance in about one of a million
/// lists.
///
/// Rows are duplicates if they share
/// - the e-mail address or the `LinkedIn` member;
/// - a mobile number outside the company's columns;
/// - any number and the name;
/// - any number, where one of them has no name and not both have an e-mail address.
pub struct Dedupe {
    recent: HashMap<u64, Owner>,
    older: HashMap<u64, Owner>,
    keys_per_half: usize,
}

impl Dedupe {
    /// Remembers every address of the list.
    #[must_use]
    pub fn unbounded() -> Self {
        Self::bounded(usize::MAX)
    }

    /// Remembers at least the last `max_keys / 2` addresses and never more than `max_keys` (about 20 bytes each).
    /// Duplicates further apart are left to the tenant's stored leads, which are compared anyway (HUB-4).
    #[must_use]
    pub fn bounded(max_keys: usize) -> Self {
        Self {
            recent: HashMap::new(),
            older: HashMap::new(),
            keys_per_half: (max_keys / 2).max(1),
        }
    }

    /// Looks `lead` up and remembers its addresses.
    pub fn check(&mut self, lead: &LeadRow) -> Seen {
        let person = person_of(lead);
        let found = self.owner(lead, person);
        let row = found.map_or_else(|| u32::try_from(lead.row).unwrap_or(u32::MAX), |o| o.row);
        self.remember(lead, Owner { row, person });
        found.map_or(Seen::First, |owner| Seen::Duplicate {
            of: u64::from(owner.row),
        })
    }

    fn owner(&self, lead: &LeadRow, person: u32) -> Option<Owner> {
        own_keys(lead)
            .find_map(|key| self.get(key))
            .or_else(|| phones(lead).find_map(|phone| self.owner_of_phone(phone, person)))
    }

    fn owner_of_phone(&self, phone: &LeadPhone, person: u32) -> Option<Owner> {
        let named =
            (name_in(person) != 0).then(|| key("named", (phone.e164.as_str(), name_in(person))));
        named.and_then(|key| self.get(key)).or_else(|| {
            self.get(key("phone", phone.e164.as_str()))
                .filter(|owner| may_be_same(owner.person, person))
        })
    }

    fn remember(&mut self, lead: &LeadRow, owner: Owner) {
        for key in own_keys(lead) {
            self.insert(key, owner);
        }
        for phone in phones(lead) {
            if !phone.is_personal() {
                self.insert(key("phone", phone.e164.as_str()), owner);
                if name_in(owner.person) != 0 {
                    self.insert(
                        key("named", (phone.e164.as_str(), name_in(owner.person))),
                        owner,
                    );
                }
            }
        }
    }

    fn get(&self, key: u64) -> Option<Owner> {
        self.recent
            .get(&key)
            .or_else(|| self.older.get(&key))
            .copied()
    }

    fn insert(&mut self, key: u64, owner: Owner) {
        if self.get(key).is_some() {
            return;
        }
        self.recent.insert(key, owner);
        if self.recent.len() >= self.keys_per_half {
            self.older = std::mem::take(&mut self.recent);
        }
    }
}

/// The keys that prove a person by themselves.
fn own_keys(lead: &LeadRow) -> impl Iterator<Item = u64> {
    let email = lead.email.as_ref().map(|e| key("email", e.as_str()));
    let linkedin = lead.linkedin.as_ref().map(|l| key("linkedin", l.as_str()));
    let mobiles = phones(lead)
        .filter(|phone| phone.is_personal())
        .map(|phone| key("mobile", phone.e164.as_str()));
    email.into_iter().chain(linkedin).chain(mobiles)
}

fn phones(lead: &LeadRow) -> impl Iterator<Item = &LeadPhone> {
    lead.phone.iter().chain(&lead.other_phones)
}

fn may_be_same(known: u32, person: u32) -> bool {
    let one_is_nameless = name_in(known) == 0 || name_in(person) == 0;
    let both_have_email = known & person & 1 == 1;
    one_is_nameless && !both_have_email
}

fn person_of(lead: &LeadRow) -> u32 {
    // A middle name or a degree makes nobody another person.
    let parts = match (&lead.first_name, &lead.last_name) {
        (Some(first), Some(last)) => Some((first.as_str(), last.as_str())),
        _ => lead.full_name.as_deref().map(|full| (full, "")),
    };
    let name = parts.map_or(0, |(first, last)| {
        let mut hasher = DefaultHasher::new();
        first
            .chars()
            .chain(last.chars())
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .for_each(|c| c.hash(&mut hasher));
        // The lowest bit is reserved, and 0 means no name.
        (hasher.finish() as u32 | 2) & !1
    });
    name | u32::from(lead.email.is_some())
}

fn name_in(person: u32) -> u32 {
    person & !1
}

fn key(kind: &str, value: impl Hash) -> u64 {
    // Without random keys: the same list gives the same answer on every machine.
    let mut hasher = DefaultHasher::new();
    (kind, value).hash(&mut hasher);
    hasher.finish()
}

/// Fills what `into` lacks from its duplicate `from`. Where both have a value, the first one wins.
pub fn merge(into: &mut LeadRow, from: LeadRow) {
    if into.full_name.is_none() {
        into.full_name = from.full_name;
        into.first_name = from.first_name;
        into.last_name = from.last_name;
        into.entity = from.entity;
    }
    if into.title.is_none() {
        into.title = from.title;
        into.role = from.role;
    }
    for phone in from.phone.into_iter().chain(from.other_phones) {
        let known = |p: &LeadPhone| p.e164 == phone.e164;
        if into.phone.is_none() {
            into.phone = Some(phone);
        } else if !into.phone.iter().chain(&into.other_phones).any(known) {
            into.other_phones.push(phone);
        }
    }
    for (name, value) in from.extra {
        if into.extra.iter().all(|(known, _)| *known != name) {
            into.extra.push((name, value));
        }
    }
    fill(&mut into.email, from.email);
    fill(&mut into.linkedin, from.linkedin);
    fill(&mut into.company, from.company);
    fill(&mut into.street, from.street);
    fill(&mut into.city, from.city);
    fill(&mut into.county, from.county);
    fill(&mut into.region, from.region);
    fill(&mut into.postcode, from.postcode);
    fill(&mut into.country, from.country);
    fill(&mut into.sic, from.sic);
    fill(&mut into.domain, from.domain);
    fill(&mut into.industry, from.industry);
    fill(&mut into.employees, from.employees);
    fill(&mut into.timezone, from.timezone);
}

fn fill<T>(into: &mut Option<T>, from: Option<T>) {
    if into.is_none() {
        *into = from;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        importer::{Importer, RowOutcome},
        read_row::ImportDefaults,
    };
    use super::*;
    use crate::country::Country;

    fn leads(rows: &str) -> Vec<LeadRow> {
        let file = format!("Name,Email,Mobile,Phone,Company Phone,LinkedIn,City\n{rows}");
        let mut importer = Importer::new(ImportDefaults {
            region: Some(Country::AU),
        });
        let mut leads = Vec::new();
        let mut keep = |outcome| match outcome {
            RowOutcome::Lead(lead) => leads.push(*lead),
            RowOutcome::Rejected(rejected) => panic!("{rejected:?}"),
        };
        importer.push(file.as_bytes(), &mut keep).unwrap();
        importer.finish(&mut keep).unwrap();
        leads
    }

    /// For each row, the row it is a duplicate of; 0 for none.
    fn duplicates(rows: &str, mut dedupe: Dedupe) -> Vec<u64> {
        let of = |lead: &LeadRow| match dedupe.check(lead) {
            Seen::First => 0,
            Seen::Duplicate { of } => of,
        };
        leads(rows).iter().map(of).collect()
    }

    fn check(rows: &str, wanted: &[u64]) {
        assert_eq!(duplicates(rows, Dedupe::unbounded()), wanted, "{rows}");
    }

    #[test]
    fn one_address_makes_one_person_however_it_is_written_hub_4() {
        check("Ana,a@b.example,,,,,\nAna D,A@B.Example,,,,,\n", &[0, 1]);
        check(
            "Ana,,0491 570 156,,,,\nBo,b@c.example,+61491570156,,,,\n",
            &[0, 1],
        );
        check(
            "Ana,,,,,linkedin.com/in/ana-d,\nA,a@b.example,,,,https://www.linkedin.com/in/Ana-D/,\n",
            &[0, 1],
        );
    }

    #[test]
    fn addresses_of_a_duplicate_lead_to_the_first_row_too_hub_4() {
        check(
            "Ana,a@b.example,,,,,\nAna,a@b.example,0491 570 156,,,,\nX,,0491570156,,,,\n",
            &[0, 1, 1],
        );
    }

    #[test]
    fn a_shared_number_makes_one_person_only_with_the_name_hub_4() {
        let number = "(02) 9374 4000";
        check(
            &format!("Ana Diaz,a@b.example,,{number},,,\nBo Li,b@b.example,,{number},,,\n"),
            &[0, 0],
        );
        check(
            &format!("Ana Diaz,a@b.example,,{number},,,\n\"Diaz, Ana\",x@y.example,,{number},,,\n"),
            &[0, 1],
        );
        check(
            &format!(",,,{number},,,\n,,,{number},,,\nBo Li,,,{number},,,\n"),
            &[0, 1, 1],
        );
        check(
            "Ana,a@b.example,,,0491 570 156,,\nBo,b@b.example,,,0491 570 156,,\n",
            &[0, 0],
        );
    }

    #[test]
    fn a_bounded_memory_forgets_the_oldest_rows_first() {
        let mut rows = String::new();
        for n in 0..40 {
            rows.push_str(&format!("P,p{n}@b.example,,,,,\n"));
        }
        rows.push_str("P,p39@b.example,,,,,\nP,p0@b.example,,,,,\n");
        let found = duplicates(&rows, Dedupe::bounded(20));
        assert_eq!(found[40..], [40, 0]);
    }

    #[test]
    fn a_duplicate_fills_what_the_first_row_lacks_and_changes_nothing_else() {
        let mut rows = leads(
            "Ana,a@b.example,,,,,\nAnn,a@b.example,0491 570 156,,02 9374 4000,linkedin.com/in/ana-d,Perth\n",
        );
        let second = rows.pop().unwrap();
        let mut first = rows.pop().unwrap();
        merge(&mut first, second);
        assert_eq!(first.full_name.as_deref(), Some("Ana"));
        assert_eq!(first.city.as_deref(), Some("Perth"));
        assert_eq!(first.phone.unwrap().e164.as_str(), "+61491570156");
        assert_eq!(first.other_phones.len(), 1);
        assert_eq!(first.linkedin.unwrap().as_str(), "ana-d");
    }
}
