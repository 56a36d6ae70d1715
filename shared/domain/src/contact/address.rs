//! Normalised addresses as types. Their `Debug` masks them, so that no log shows one.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a text is not a normalised address.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
pub enum AddressError {
    /// Not `+` and 7 to 15 digits.
    #[error("'{0}' is not an E.164 number such as +61412345678")]
    NotE164(String),
    /// Not a usable e-mail address.
    #[error("'{0}' is not an e-mail address")]
    NotEmail(String),
}

/// A telephone number in E.164 form: `+61412345678`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct E164(Box<str>);

impl E164 {
    /// The number with its plus sign.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for E164 {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let digits = text.strip_prefix('+').unwrap_or("");
        let valid = (7..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if valid {
            Ok(Self(text.into()))
        } else {
            Err(AddressError::NotE164(text.to_owned()))
        }
    }
}

/// An e-mail address, lower case, domain in ASCII (IDNA).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct EmailAddress(Box<str>);

impl EmailAddress {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for EmailAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let lower = text.trim().to_lowercase();
        match lower.rsplit_once('@') {
            Some((local, domain)) if !local.is_empty() && domain.contains('.') => {
                Ok(Self(lower.into()))
            }
            _ => Err(AddressError::NotEmail(text.to_owned())),
        }
    }
}

macro_rules! text_conversions {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = AddressError;

            fn try_from(text: String) -> Result<Self, AddressError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(address: $name) -> Self {
                address.0.into()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let shown: String = self.0.chars().take(3).collect();
                write!(f, "{shown}***")
            }
        }
    };
}

text_conversions!(E164);
text_conversions!(EmailAddress);
