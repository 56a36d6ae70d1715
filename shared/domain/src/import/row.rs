//! What a row of a list becomes: a lead's facts, or a rejection that names the value (HUB-3).
//! Types only; `read_row` reads rows.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use super::{
    addresses::{LinkedInId, PhoneKind},
    field::Field,
    places::Region,
    titles::Role,
};
use crate::{
    calendar::Zone,
    contact::{E164, EmailAddress},
    country::Country,
};

/// Most extra fields that a lead keeps (HUB-2).
pub const MAX_EXTRA_FIELDS: usize = 100;
/// Longest value of an extra field in bytes; the rest is cut off.
pub const MAX_EXTRA_VALUE_BYTES: usize = 1024;
/// Most bytes that all extra fields of a lead take together, names included.
pub const MAX_EXTRA_BYTES: usize = 32 * 1024;

/// A telephone number of a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadPhone {
    /// The number.
    pub e164: E164,
    /// What it is used for, by its numbering plan.
    pub kind: PhoneKind,
    /// Whether its column is one for numbers of the company, which many people share.
    pub shared: bool,
}

impl LeadPhone {
    /// Whether the number is one person's own: a mobile outside the company's columns.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.kind == PhoneKind::Mobile && !self.shared
    }
}

/// A row that became a lead. At least one of `email`, `phone` and `linkedin` is there.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadRow {
    /// Ordinal of the record, from 1 for the first behind the header; blank records do not count.
    pub row: u64,
    /// Physical line on which the record begins, from 1.
    pub line: u64,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Whole name of the person or owner.
    pub full_name: Option<String>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// The number to use: a mobile if there is one, then direct, other and corporate numbers.
    pub phone: Option<LeadPhone>,
    /// Further numbers in the same order.
    pub other_phones: Vec<LeadPhone>,
    /// `LinkedIn` member.
    pub linkedin: Option<LinkedInId>,
    /// Company.
    pub company: Option<String>,
    /// Job title as written.
    pub title: Option<String>,
    /// Rank that the title names; [`Role::Other`] without one (HUB-6).
    pub role: Role,
    /// Street and house number.
    pub street: Option<String>,
    /// City or suburb.
    pub city: Option<String>,
    /// County.
    pub county: Option<String>,
    /// State or region.
    pub region: Option<Region>,
    /// Postcode or ZIP.
    pub postcode: Option<String>,
    /// Country.
    pub country: Option<Country>,
    /// SIC code, digits only.
    pub sic: Option<String>,
    /// The name is an organisation's, not a person's (HUB-5).
    pub entity: bool,
    /// Domain of the company's web site, without `www.`.
    pub domain: Option<String>,
    /// Industry in words.
    pub industry: Option<String>,
    /// Number of employees; of a range the lower end.
    pub employees: Option<u32>,
    /// Time zone, where the list states it.
    pub timezone: Option<Zone>,
    /// Columns that are mapped to no field, or lost to a better column of the same field, by header.
    pub extra: Vec<(Arc<str>, String)>,
    /// Cells that could not be used.
    pub warnings: Vec<Warning>,
}

/// A cell of an accepted row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The field that the cell was meant for.
    pub field: Field,
    /// What is wrong with it.
    pub code: RejectCode,
    /// The cell.
    pub value: String,
}

/// Why a row, or a cell of it, is not used. The names are wire names.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RejectCode {
    /// No e-mail address, phone number or profile is given.
    NoContact,
    /// The e-mail address cannot be used.
    InvalidEmail,
    /// The phone number cannot be used.
    InvalidPhone,
    /// The profile is not a person's.
    InvalidLinkedin,
    /// A quote is opened and never closed.
    UnclosedQuote,
    /// The record is longer than the limit.
    RecordTooLarge,
    /// The header again, as in files put together from several exports.
    RepeatedHeader,
}

/// A row that became no lead (HUB-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Ordinal of the record, from 1 for the first behind the header; blank records do not count.
    pub row: u64,
    /// Physical line on which the record begins, from 1.
    pub line: u64,
    /// Why it is rejected.
    pub code: RejectCode,
    /// The field at fault; none if the row as a whole is.
    pub field: Option<Field>,
    /// The offending value; for [`RejectCode::NoContact`] whatever the row does say.
    pub value: String,
}
