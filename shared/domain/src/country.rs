//! Countries by ISO 3166-1 alpha-2 code.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An ISO 3166-1 alpha-2 country code, upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Country([u8; 2]);

impl Country {
    /// Australia, the first market.
    pub const AU: Self = Self(*b"AU");
    /// The United States, the second market.
    pub const US: Self = Self(*b"US");
    /// New Zealand.
    pub const NZ: Self = Self(*b"NZ");
    /// The United Kingdom.
    pub const GB: Self = Self(*b"GB");
    /// Singapore.
    pub const SG: Self = Self(*b"SG");
    /// Canada.
    pub const CA: Self = Self(*b"CA");

    /// The two-letter code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Construction admits ASCII letters only, so this never falls back.
        std::str::from_utf8(&self.0).unwrap_or("ZZ")
    }
}

/// The text is not a two-letter country code.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error("'{0}' is not an ISO 3166-1 alpha-2 country code such as AU or US")]
pub struct CountryError(String);

impl FromStr for Country {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(CountryError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Country {
    type Error = CountryError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.as_str().to_owned()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
