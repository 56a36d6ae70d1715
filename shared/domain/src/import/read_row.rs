//! From the cells of a row to a lead (HUB-2..HUB-6), or to the reason why there is none (HUB-3).
//! A bad cell costs the row only if nothing else in it reaches the lead.

use std::sync::Arc;

use strum::EnumCount;

use super::{
    addresses::{self, LinkedInId},
    cells::{capped, content, one_line},
    entity::is_entity,
    field::Field,
    mapping::Mapping,
    names,
    phones::{PhoneCells, PhoneReader},
    places::{Place, PlaceCells, PlaceReader},
    reader::{EXCERPT_CHARS, Record},
    row::{
        LeadRow, MAX_EXTRA_BYTES, MAX_EXTRA_FIELDS, MAX_EXTRA_VALUE_BYTES, RejectCode, Rejected,
        Warning,
    },
    sectors::normalised_sic,
    titles::Role,
    values,
};
use crate::{contact::EmailAddress, country::Country};

/// What to assume where a list says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportDefaults {
    /// The country whose national phone numbers and states a row without a country means.
    pub region: Option<Country>,
}

/// Reads places and numbers together, since each tells something about the other.
struct Whereabouts {
    default: Option<Country>,
    places: PlaceReader,
    phones: PhoneReader,
}

impl Whereabouts {
    /// Where the lead is, and its numbers. A number with a country code tells the country of a row that states none;
    /// otherwise the country tells how to read the numbers.
    fn read(&mut self, row: &mut Cells<'_>) -> (Place, PhoneCells) {
        let cells = PlaceCells {
            city: row.chosen_text(Field::City),
            state: row.chosen_text(Field::State),
            postcode: row.chosen_text(Field::Postcode),
            country: row.chosen_text(Field::Country),
            location: row.chosen_text(Field::Location),
        };
        let default = self.default;
        let stateless = cells.country.is_empty() && cells.location.is_empty();
        let international = |phone: &(usize, &str)| phone.1.starts_with('+');
        let (mapping, record) = (row.mapping, row.record);
        let numbers = || {
            let sources = mapping.sources(Field::Phone).iter();
            sources
                .map(|at| (*at, content(record.cell(*at))))
                .filter(|(_, cell)| !cell.is_empty())
        };
        if stateless && numbers().any(|n| international(&n)) {
            let found = self.phones.read(numbers(), mapping, default);
            let country = found.country();
            let mut place = self.places.read(cells, country.or(default));
            place.country = place.country.or(country);
            return (place, found);
        }
        let mut place = self.places.read(cells, default);
        let found = self
            .phones
            .read(numbers(), mapping, place.country.or(default));
        place.country = place.country.or(found.country());
        (place, found)
    }
}

/// Reads the rows of one list.
pub(super) struct RowReader {
    mapping: Mapping,
    headers: Vec<String>,
    whereabouts: Whereabouts,
    /// Columns of fields that several columns fill.
    rivals: Vec<(Field, usize)>,
    unmapped: Vec<usize>,
}

impl RowReader {
    pub(super) fn new(headers: &[String], defaults: ImportDefaults) -> Self {
        let mapping = Mapping::of(headers);
        let columns = || mapping.columns().iter().enumerate();
        let is_rival = |field: &Field| *field != Field::Phone && mapping.sources(*field).len() > 1;
        let rivals = columns()
            .filter_map(|(at, column)| Some((column.field.filter(is_rival)?, at)))
            .collect();
        let unmapped = columns()
            .filter(|(_, column)| column.field.is_none())
            .map(|(at, _)| at)
            .collect();
        Self {
            headers: headers.to_vec(),
            whereabouts: Whereabouts {
                default: defaults.region,
                places: PlaceReader::default(),
                phones: PhoneReader::default(),
            },
            rivals,
            unmapped,
            mapping,
        }
    }

    pub(super) fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The lead that `record` describes.
    ///
    /// # Errors
    /// [`Rejected`] if the record repeats the header or gives no usable way to reach anyone.
    pub(super) fn read(&mut self, record: Record<'_>) -> Result<Box<LeadRow>, Rejected> {
        if self.is_header(record) {
            return Err(rejected(
                record,
                RejectCode::RepeatedHeader,
                None,
                &summary(record),
            ));
        }
        let mut row = Cells::new(&self.mapping, record);
        let mut warnings = Vec::new();
        let email = row.email(&mut warnings);
        let (place, found) = self.whereabouts.read(&mut row);
        let (phone, other_phones) = found.preferred(&mut warnings);
        let linkedin = row.linkedin(&mut warnings);
        if email.is_none() && phone.is_none() && linkedin.is_none() {
            return Err(unreachable_row(record, warnings));
        }
        let name = row.name();
        let title = row.title();
        let mut lead = Box::new(LeadRow {
            row: record.row,
            line: record.line,
            first_name: name.parts.first,
            last_name: name.parts.last,
            full_name: name.full,
            email,
            country: place.country,
            phone,
            other_phones,
            linkedin,
            company: row.text(Field::Company),
            role: title.as_deref().map_or(Role::Other, Role::of),
            title,
            street: row.text(Field::Street),
            city: place.city,
            county: row.text(Field::County),
            region: place.region,
            postcode: place.postcode,
            sic: row.parsed(Field::Sic, normalised_sic),
            entity: name.entity,
            domain: row.parsed(Field::Website, values::domain),
            industry: row.text(Field::Industry),
            employees: row.parsed(Field::Employees, values::employees),
            timezone: row.parsed(Field::Timezone, values::zone),
            extra: Vec::new(),
            warnings,
        });
        let chosen = row.chosen;
        lead.extra = self.extra(record, &chosen);
        Ok(lead)
    }

    fn is_header(&self, record: Record<'_>) -> bool {
        record.width() == self.headers.len()
            && (0..record.width()).all(|at| record.cell(at).trim() == self.headers[at].trim())
    }

    /// Everything that no field holds, within the limits.
    fn extra(&self, record: Record<'_>, chosen: &[usize; Field::COUNT]) -> Vec<(Arc<str>, String)> {
        let lost = self
            .rivals
            .iter()
            .filter(|(field, at)| chosen[*field as usize] != *at + 1)
            .map(|(_, at)| *at);
        let columns = self.mapping.columns();
        let beyond = columns.len()..record.width();
        let mut budget = MAX_EXTRA_BYTES;
        let mut extra = Vec::new();
        for at in self.unmapped.iter().copied().chain(lost).chain(beyond) {
            let value = capped(content(record.cell(at)), MAX_EXTRA_VALUE_BYTES);
            if value.is_empty() {
                continue;
            }
            let name = columns.get(at).map_or_else(
                || format!("column_{}", at + 1).into(),
                |column| Arc::clone(&column.header),
            );
            let size = name.len() + value.len();
            if extra.len() == MAX_EXTRA_FIELDS || size > budget {
                break;
            }
            budget -= size;
            extra.push((name, value.to_owned()));
        }
        extra
    }
}

/// The cells of one row by field, and which column each field was taken from (its index + 1; 0 is none).
struct Cells<'a> {
    mapping: &'a Mapping,
    record: Record<'a>,
    chosen: [usize; Field::COUNT],
}

struct Name {
    parts: names::Parts,
    full: Option<String>,
    entity: bool,
}

impl<'a> Cells<'a> {
    fn new(mapping: &'a Mapping, record: Record<'a>) -> Self {
        Self {
            mapping,
            record,
            chosen: [0; Field::COUNT],
        }
    }

    /// The non-empty cells of `field`, best column first.
    fn candidates(&self, field: Field) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        let record = self.record;
        let sources = self.mapping.sources(field).iter();
        sources
            .map(move |at| (*at, content(record.cell(*at))))
            .filter(|(_, cell)| !cell.is_empty())
    }

    /// What `read` makes of the best cell of `field` that it accepts.
    fn parsed<T>(&mut self, field: Field, read: impl Fn(&'a str) -> Option<T>) -> Option<T> {
        let (at, value) = self
            .candidates(field)
            .find_map(|(at, cell)| Some((at, read(cell)?)))?;
        self.chosen[field as usize] = at + 1;
        Some(value)
    }

    fn chosen_text(&mut self, field: Field) -> &'a str {
        self.parsed(field, Some).unwrap_or("")
    }

    fn text(&mut self, field: Field) -> Option<String> {
        self.parsed(field, |cell| Some(one_line(cell).into_owned()))
    }

    fn email(&mut self, warnings: &mut Vec<Warning>) -> Option<EmailAddress> {
        let found = self.parsed(Field::Email, values::email);
        if found.is_none() {
            let bad = self.candidates(Field::Email);
            warnings
                .extend(bad.map(|(_, cell)| warning(Field::Email, RejectCode::InvalidEmail, cell)));
        }
        found
    }

    fn linkedin(&mut self, warnings: &mut Vec<Warning>) -> Option<LinkedInId> {
        let found = self.parsed(Field::Linkedin, addresses::linkedin);
        if found.is_none() {
            let bad = self.candidates(Field::Linkedin);
            warnings.extend(
                bad.map(|(_, cell)| warning(Field::Linkedin, RejectCode::InvalidLinkedin, cell)),
            );
        }
        // Lists put profiles where they have room, and no company's web site is a person's profile.
        found.or_else(|| {
            self.candidates(Field::Website)
                .filter(|(_, cell)| cell.contains("linkedin.com/in/"))
                .find_map(|(_, cell)| addresses::linkedin(cell))
        })
    }

    /// A column `Title` may mean the form of address.
    fn title(&mut self) -> Option<String> {
        self.parsed(Field::Title, |cell| {
            (!names::is_honorific(cell)).then(|| one_line(cell).into_owned())
        })
    }

    /// First, last and full name, each from its own column or from the others. An owner's name counts only where the
    /// list names no person, and an organisation's is not taken apart.
    fn name(&mut self) -> Name {
        let first = self.chosen_text(Field::FirstName);
        let last = self.chosen_text(Field::LastName);
        let mut parts = names::tidy_parts(first, last);
        let joined = names::join(parts.first.as_deref(), parts.last.as_deref());
        let mapping = self.mapping;
        let whole = self
            .candidates(Field::FullName)
            .find(|(at, _)| joined.is_none() || !mapping.is_last_resort(*at));
        let mut full = match whole {
            Some((at, cell)) => {
                self.chosen[Field::FullName as usize] = at + 1;
                Some(names::tidy(cell))
            }
            None => joined,
        };
        let entity = full.as_deref().is_some_and(is_entity);
        if let (None, None, Some(whole), false) = (&parts.first, &parts.last, &full, entity) {
            parts = names::split(whole);
            if names::is_reversed(whole) {
                full = names::join(parts.first.as_deref(), parts.last.as_deref());
            }
        }
        Name {
            parts,
            full,
            entity,
        }
    }
}

pub(super) fn warning(field: Field, code: RejectCode, cell: &str) -> Warning {
    Warning {
        field,
        code,
        value: cell.chars().take(EXCERPT_CHARS).collect(),
    }
}

/// The rejection of a row without a usable address: names its first bad address, or says that there is none.
fn unreachable_row(record: Record<'_>, warnings: Vec<Warning>) -> Rejected {
    match warnings.into_iter().next() {
        Some(bad) => rejected(record, bad.code, Some(bad.field), &bad.value),
        None => rejected(record, RejectCode::NoContact, None, &summary(record)),
    }
}

fn rejected(record: Record<'_>, code: RejectCode, field: Option<Field>, value: &str) -> Rejected {
    Rejected {
        row: record.row,
        line: record.line,
        code,
        field,
        value: value.chars().take(EXCERPT_CHARS).collect(),
    }
}

/// What the row does say, so that a person can recognise it.
fn summary(record: Record<'_>) -> String {
    let cells = (0..record.width()).map(|at| content(record.cell(at)));
    let filled: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
    filled.join(", ")
}
