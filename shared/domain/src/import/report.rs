//! What importing a list would do, as one report, without a tenant or a store (HUB-3).
//! It counts every row exactly once: `rows` = `accepted` + `duplicates` + rejected ones.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    dedupe::{Dedupe, Seen, merge},
    encoding::Encoding,
    field::Field,
    importer::{FileError, Importer, RowOutcome},
    read_row::ImportDefaults,
    row::{LeadRow, RejectCode, Rejected},
};

/// The report on one list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The encoding.
    pub encoding: Encoding,
    /// The character between cells.
    pub delimiter: &'static str,
    /// The physical line of the header, from 1.
    pub header_row: u64,
    /// Each column of the header and the field it fills, in the order of the file.
    #[serde(serialize_with = "as_map")]
    pub mapping: Vec<(String, Option<Field>)>,
    /// Records behind the header; blank ones do not count.
    pub rows: u64,
    /// Rows that would be leads of their own.
    pub accepted: u64,
    /// Rows that are the same person as an accepted row before them (HUB-4).
    pub duplicates: u64,
    /// Rows that cannot be used.
    pub rejected: Vec<RejectedLine>,
    /// The accepted rows in the order of the file, each with what its duplicates add; only if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads: Option<Vec<LeadLine>>,
}

fn as_map<S: Serializer>(
    mapping: &[(String, Option<Field>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(mapping.len()))?;
    for (header, field) in mapping {
        map.serialize_entry(header, field)?;
    }
    map.end()
}

/// A row that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejectedLine {
    /// Ordinal of the row, from 1 for the first behind the header.
    pub row: u64,
    /// Why it is rejected.
    pub code: RejectCode,
    /// The offending value.
    pub value: String,
}

impl From<Rejected> for RejectedLine {
    fn from(rejected: Rejected) -> Self {
        Self {
            row: rejected.row,
            code: rejected.code,
            value: rejected.value,
        }
    }
}

/// A lead as the report shows it; what the list does not say is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(
    missing_docs,
    reason = "the names are those of `LeadRow`, where each is explained"
)]
pub struct LeadLine {
    pub row: u64,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub full_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub linkedin: Option<String>,
    pub company: Option<String>,
    pub title: Option<String>,
    pub role_score: u8,
    pub city: Option<String>,
    pub state: Option<String>,
    pub postcode: Option<String>,
    pub country: Option<String>,
    pub sic: Option<String>,
    pub entity: bool,
}

impl From<LeadRow> for LeadLine {
    fn from(lead: LeadRow) -> Self {
        Self {
            row: lead.row,
            first_name: lead.first_name,
            last_name: lead.last_name,
            full_name: lead.full_name,
            email: lead.email.map(String::from),
            phone: lead.phone.map(|phone| phone.e164.into()),
            linkedin: lead.linkedin.map(|member| member.as_str().to_owned()),
            company: lead.company,
            title: lead.title,
            role_score: lead.role.score(),
            city: lead.city,
            state: lead.region.map(|region| region.as_str().to_owned()),
            postcode: lead.postcode,
            country: lead.country.map(String::from),
            sic: lead.sic,
            entity: lead.entity,
        }
    }
}

/// Whether the report lists the accepted rows, which must then be held in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Counts and rejections only.
    Counted,
    /// The accepted rows too.
    Listed,
}

/// Reads a list in chunks and builds the report.
pub struct Explainer {
    importer: Importer,
    tally: Tally,
}

struct Tally {
    listing: Rows,
    dedupe: Dedupe,
    accepted: u64,
    duplicates: u64,
    rejected: Vec<RejectedLine>,
    leads: Vec<LeadRow>,
}

impl Explainer {
    /// An explainer at the start of a file.
    #[must_use]
    pub fn new(defaults: ImportDefaults, listing: Rows) -> Self {
        Self {
            importer: Importer::new(defaults),
            tally: Tally {
                listing,
                dedupe: Dedupe::unbounded(),
                accepted: 0,
                duplicates: 0,
                rejected: Vec::new(),
                leads: Vec::new(),
            },
        }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// [`FileError`] if the file is no list.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), FileError> {
        let tally = &mut self.tally;
        self.importer
            .push(chunk, &mut |outcome| tally.count(outcome))
    }

    /// Ends the file and returns the report.
    ///
    /// # Errors
    /// [`FileError`] if the file is no list.
    pub fn finish(mut self) -> Result<Report, FileError> {
        let tally = &mut self.tally;
        self.importer.finish(&mut |outcome| tally.count(outcome))?;
        let (Some(format), Some(mapping), Some(encoding)) = (
            self.importer.format(),
            self.importer.mapping(),
            self.importer.encoding(),
        ) else {
            return Err(FileError::Empty);
        };
        let columns = mapping.columns().iter();
        let tally = self.tally;
        Ok(Report {
            encoding,
            delimiter: format.dialect.delimiter.as_str(),
            header_row: format.header_row,
            mapping: columns
                .map(|column| (column.header.as_ref().to_owned(), column.field))
                .collect(),
            rows: tally.accepted + tally.duplicates + tally.rejected.len() as u64,
            accepted: tally.accepted,
            duplicates: tally.duplicates,
            rejected: tally.rejected,
            leads: (tally.listing == Rows::Listed)
                .then(|| tally.leads.into_iter().map(LeadLine::from).collect()),
        })
    }
}

impl Tally {
    fn count(&mut self, outcome: RowOutcome) {
        match outcome {
            RowOutcome::Rejected(rejected) => self.rejected.push(rejected.into()),
            RowOutcome::Lead(lead) => match self.dedupe.check(&lead) {
                Seen::First => {
                    self.accepted += 1;
                    if self.listing == Rows::Listed {
                        self.leads.push(*lead);
                    }
                }
                Seen::Duplicate { of } => {
                    self.duplicates += 1;
                    if let Ok(at) = self.leads.binary_search_by_key(&of, |known| known.row) {
                        merge(&mut self.leads[at], *lead);
                    }
                }
            },
        }
    }
}
