//! Who a message is from: a person of the tenant, and the tenant as it presents itself.
//! What the law demands of every message (organisation and postal address, R9, R32) is not optional here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{line::Line, link::WebLink};
use crate::{
    contact::{AddressError, E164, EmailAddress},
    ids::PersonaId,
};

/// Longest prefix, which leaves a tag room in the 64 bytes that a mailbox name may have.
pub const PREFIX_MAX_CHARS: usize = 32;

/// The part before the `@` of a persona's mailboxes: `ana`, `ana.smith`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct EmailPrefix(Box<str>);

/// The text cannot begin an e-mail address.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error(
    "'{0}' is not an e-mail prefix: 1 to {PREFIX_MAX_CHARS} of a-z and 0-9, single . - or _ between them"
)]
pub struct EmailPrefixError(String);

impl FromStr for EmailPrefix {
    type Err = EmailPrefixError;

    fn from_str(text: &str) -> Result<Self, EmailPrefixError> {
        let prefix = text.trim().to_ascii_lowercase();
        let valid = prefix.len() <= PREFIX_MAX_CHARS
            && prefix
                .split(['.', '-', '_'])
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        if valid {
            Ok(Self(prefix.into()))
        } else {
            Err(EmailPrefixError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for EmailPrefix {
    type Error = EmailPrefixError;

    fn try_from(text: String) -> Result<Self, EmailPrefixError> {
        text.parse()
    }
}

impl From<EmailPrefix> for String {
    fn from(prefix: EmailPrefix) -> Self {
        prefix.0.into()
    }
}

impl fmt::Debug for EmailPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A sender identity of a tenant (ED-009).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    /// The id of the persona.
    pub id: PersonaId,
    /// The name that a message is signed with.
    pub first_name: Line,
    /// The family name.
    pub last_name: Line,
    /// The position, for example `Partnerships Manager`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Line>,
    /// The part before the `@` of its mailboxes.
    pub email_prefix: EmailPrefix,
    /// Where a lead can book a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_link: Option<WebLink>,
}

impl Persona {
    /// First and last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The name shown in the inbox: `Ana from Acme` (ED-011).
    #[must_use]
    pub fn display_name(&self, branding: &Branding) -> String {
        format!("{} from {}", self.first_name, branding.company)
    }

    /// Its mailbox at `domain`.
    ///
    /// # Errors
    /// [`AddressError::NotEmail`] if `domain` is no mail domain.
    pub fn mailbox_at(&self, domain: &str) -> Result<EmailAddress, AddressError> {
        format!("{}@{domain}", self.email_prefix.0).parse()
    }
}

/// How the tenant presents itself in every message (ED-010).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branding {
    /// The trading name.
    pub company: Line,
    /// The registered name, where it is another than the trading name (R9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<Line>,
    /// The Australian Business Number as it should be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abn: Option<Line>,
    /// The website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<WebLink>,
    /// A number that a person answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<E164>,
    /// A postal address that is valid for at least 30 days after sending (R9, R32).
    pub postal_address: Line,
}

impl Branding {
    /// The organisation that authorises the message, as the law wants it named (R9): registered name and ABN.
    #[must_use]
    pub fn identity(&self) -> String {
        let name = self.legal_name.as_ref().unwrap_or(&self.company);
        match &self.abn {
            Some(abn) => format!("{name}, ABN {abn}"),
            None => name.to_string(),
        }
    }
}
