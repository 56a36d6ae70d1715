//! The fields of a lead that a column of a list can fill.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumCount, EnumIter, EnumString, IntoStaticStr};

/// What a column says about a lead. The names are those of the mapping that people see and correct.
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
    EnumIter,
    EnumCount,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Field {
    /// Given name.
    FirstName,
    /// Family name.
    LastName,
    /// Whole name of the person or owner.
    FullName,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// Profile of the person, not of the company.
    Linkedin,
    /// Name of the company.
    Company,
    /// Job title.
    Title,
    /// Street and house number.
    Street,
    /// City or suburb.
    City,
    /// County.
    County,
    /// State, territory, province or region.
    State,
    /// Postcode or ZIP.
    Postcode,
    /// Country.
    Country,
    /// City, state and country in one cell.
    Location,
    /// Standard industrial classification.
    Sic,
    /// Industry in words.
    Industry,
    /// Number of employees, or a range of it.
    Employees,
    /// Web site or domain of the company.
    Website,
    /// Time zone by IANA name.
    Timezone,
}

impl Field {
    /// Whether a company has this as well as a person, so that `Company City` stands in for `City`.
    pub(super) fn is_of_places(self) -> bool {
        matches!(
            self,
            Self::Email
                | Self::Phone
                | Self::Street
                | Self::City
                | Self::County
                | Self::State
                | Self::Postcode
                | Self::Country
                | Self::Location
                | Self::Sic
                | Self::Industry
                | Self::Employees
                | Self::Website
        )
    }
}
