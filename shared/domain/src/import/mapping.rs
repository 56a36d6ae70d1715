//! Columns of a list to fields of a lead, by the names in its header (HUB-2).
//! Case, spaces, punctuation and accents in a name do not count; an unknown name maps to nothing and is kept as extra.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock},
};

use strum::{EnumCount, IntoEnumIterator};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{
    field::Field,
    synonyms::{COMPANY_PREFIXES, CORPORATE, OTHER, PERSON_PREFIXES, PLAIN, Rank, SYNONYMS},
};

/// A column and what it fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The header, trimmed; a nameless column is `column_3`, the second `Phone` is `Phone (2)`.
    pub header: Arc<str>,
    /// The field; nothing if the column is kept as an extra field.
    pub field: Option<Field>,
    rank: Rank,
}

/// All columns of a list, and for each field the columns to look at, best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    columns: Vec<Column>,
    sources: [Vec<usize>; Field::COUNT],
}

impl Mapping {
    /// Maps the cells of a header.
    #[must_use]
    pub fn of(headers: &[String]) -> Self {
        let folded: Vec<String> = headers.iter().map(|header| fold(header)).collect();
        let connections = folded.iter().any(|name| name == "connectedon");
        let mut taken = HashSet::new();
        let columns: Vec<Column> = headers
            .iter()
            .zip(&folded)
            .enumerate()
            .map(|(at, (header, name))| {
                // LinkedIn's own export calls the profile just "URL"; elsewhere that is the web site.
                let target = match name.as_str() {
                    "url" if connections => Some((Field::Linkedin, PLAIN)),
                    name => lookup(name),
                };
                Column {
                    header: unique_name(header, at, &mut taken),
                    field: target.map(|(field, _)| field),
                    rank: target.map_or(0, |(_, rank)| rank),
                }
            })
            .collect();
        let sources = sources(&columns);
        Self { columns, sources }
    }

    /// All columns in the order of the file.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The columns that fill `field`, best first.
    #[must_use]
    pub fn sources(&self, field: Field) -> &[usize] {
        &self.sources[field as usize]
    }

    /// Whether the column at `index` is about the company and not the person.
    #[must_use]
    pub fn is_of_company(&self, index: usize) -> bool {
        self.columns
            .get(index)
            .is_some_and(|column| column.rank >= CORPORATE)
    }

    /// Whether the column at `index` is one that counts only where no better one is filled.
    #[must_use]
    pub fn is_last_resort(&self, index: usize) -> bool {
        self.columns
            .get(index)
            .is_some_and(|column| column.rank >= OTHER)
    }
}

/// Longest cell that is taken for a column name when the header is looked for; known names are far shorter.
const MAX_HEADER_BYTES: usize = 100;

/// How many different fields the cells of a record name, were it the header.
pub(super) fn known_columns(cells: &[String]) -> usize {
    let short = cells.iter().filter(|cell| cell.len() <= MAX_HEADER_BYTES);
    let fields = short.filter_map(|cell| lookup(&fold(cell)));
    fields.map(|(field, _)| field).collect::<HashSet<_>>().len()
}

fn sources(columns: &[Column]) -> [Vec<usize>; Field::COUNT] {
    let mut sources = [const { Vec::new() }; Field::COUNT];
    for field in Field::iter() {
        let of_field = |at: &usize| columns[*at].field == Some(field);
        let mut found: Vec<usize> = (0..columns.len()).filter(of_field).collect();
        found.sort_by_key(|at| columns[*at].rank);
        sources[field as usize] = found;
    }
    sources
}

fn unique_name(header: &str, at: usize, taken: &mut HashSet<String>) -> Arc<str> {
    let trimmed = header.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let base = if trimmed.is_empty() {
        format!("column_{}", at + 1)
    } else {
        trimmed.to_owned()
    };
    let mut name = base.clone();
    let mut copy = 1;
    while !taken.insert(name.clone()) {
        copy += 1;
        name = format!("{base} ({copy})");
    }
    name.into()
}

/// Lower-case letters and digits of `header`, without accents: `E-Mail Adresse *` is `emailadresse`.
fn fold(header: &str) -> String {
    header
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn lookup(name: &str) -> Option<(Field, Rank)> {
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number: Rank = name[bare.len()..].parse().unwrap_or(0);
    exact(name)
        .or_else(|| prefixed(name))
        // `Phone 2` comes after `Phone 1`; `Address 2` is another line of one address, not another address.
        .or_else(|| {
            exact(bare)
                .or_else(|| prefixed(bare))
                .filter(|(field, _)| *field != Field::Street && number <= 9)
                .map(|(field, rank)| (field, rank + number))
        })
}

fn exact(name: &str) -> Option<(Field, Rank)> {
    static BY_NAME: LazyLock<HashMap<&str, (Field, Rank)>> = LazyLock::new(|| {
        let groups = SYNONYMS.iter();
        groups
            .flat_map(|(field, rank, names)| names.split(' ').map(|name| (name, (*field, *rank))))
            .collect()
    });
    BY_NAME.get(name).copied()
}

fn prefixed(name: &str) -> Option<(Field, Rank)> {
    // "Lead Owner" and "Primary Contact" name users of the CRM or nobody, "Customer Name" names the person.
    let of_person = |rest: &str| {
        exact(rest).filter(|(field, _)| {
            *field != Field::FullName || rest.ends_with("name") && !rest.contains("owner")
        })
    };
    // "Company LinkedIn" is nobody's profile.
    let of_company = |rest: &str| {
        exact(rest)
            .filter(|(field, _)| field.is_of_places())
            .map(|(field, rank)| (field, rank.saturating_add(CORPORATE)))
    };
    behind(PERSON_PREFIXES, name)
        .find_map(of_person)
        .or_else(|| behind(COMPANY_PREFIXES, name).find_map(of_company))
}

/// What follows each of `prefixes` that `name` begins with.
fn behind<'a>(prefixes: &'static str, name: &'a str) -> impl Iterator<Item = &'a str> {
    prefixes
        .split(' ')
        .filter_map(move |prefix| name.strip_prefix(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field_of(header: &str) -> Option<Field> {
        Mapping::of(&[header.to_owned()]).columns()[0].field
    }

    #[test]
    fn a_name_maps_whatever_its_case_spaces_and_punctuation() {
        for name in [
            "Company Name",
            "COMPANY",
            "company_name",
            "Organization",
            " Company-Name* ",
            "\u{FEFF}company",
        ] {
            assert_eq!(field_of(name), Some(Field::Company), "{name}");
        }
        assert_eq!(field_of("E-mail"), Some(Field::Email));
        assert_eq!(field_of("Prénom"), Some(Field::FirstName));
        assert_eq!(field_of("# Employees"), Some(Field::Employees));
        assert_eq!(field_of("Mailing Zip/Postal Code"), Some(Field::Postcode));
    }

    #[test]
    fn names_that_only_look_like_a_field_stay_unmapped() {
        for name in [
            "Email Status",
            "Contact Owner",
            "Account Owner",
            "Lead Owner",
            "Lead Source",
            "Lead Status",
            "Company Linkedin Url",
            "Facebook Url",
            "Phone Type",
            "Fax",
            "Address 2",
            "Connected On",
            "Email Opt Out",
            "Record ID",
        ] {
            assert_eq!(field_of(name), None, "{name}");
        }
    }

    #[test]
    fn columns_of_one_field_are_tried_mobile_first_and_company_last() {
        let headers = [
            "Corporate Phone",
            "Other Phone",
            "Phone 2",
            "Phone 1",
            "Work Direct Phone",
            "Mobile Phone",
            "Company City",
            "City",
        ];
        let mapping = Mapping::of(&headers.map(str::to_owned));
        assert_eq!(mapping.sources(Field::Phone), [5, 4, 3, 2, 1, 0]);
        assert_eq!(mapping.sources(Field::City), [7, 6]);
        assert!(mapping.is_of_company(6) && !mapping.is_of_company(7));
    }

    #[test]
    fn a_url_is_a_profile_only_in_an_export_of_connections() {
        let map = |headers: &[&str]| {
            let headers: Vec<String> = headers.iter().map(|h| (*h).to_owned()).collect();
            Mapping::of(&headers).columns()[0].field
        };
        assert_eq!(map(&["URL", "Connected On"]), Some(Field::Linkedin));
        assert_eq!(map(&["URL", "Company"]), Some(Field::Website));
    }

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let headers = ["Phone", "", "Phone", ""].map(str::to_owned);
        let mapping = Mapping::of(&headers);
        let names: Vec<&str> = mapping.columns().iter().map(|c| &*c.header).collect();
        assert_eq!(names, ["Phone", "column_2", "Phone (2)", "column_4"]);
    }

    #[test]
    fn no_name_stands_for_two_fields() {
        let mut seen = HashSet::new();
        for name in SYNONYMS.iter().flat_map(|(_, _, names)| names.split(' ')) {
            assert!(seen.insert(name), "{name}");
        }
    }
}
