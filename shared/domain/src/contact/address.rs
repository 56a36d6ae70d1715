//! Normalised addresses as types. Their `Debug` masks them, so that no log shows one.
//! Only the address itself is read here; a display name or a `mailto:` around it is refused.

use std::{fmt, str::FromStr};

use email_address::Options;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::{hash::AddressHash, linkedin::LinkedInId};

/// Longest e-mail address that SMTP can carry, in bytes (RFC 5321 4.5.3.1.3).
pub const EMAIL_MAX_BYTES: usize = 254;
/// Longest part before the `@`, in bytes (RFC 5321 4.5.3.1.1).
pub const EMAIL_LOCAL_MAX_BYTES: usize = 64;
/// Longest domain name in bytes.
const DOMAIN_MAX_BYTES: usize = 253;
/// Longest label of a domain name in bytes.
const LABEL_MAX_BYTES: usize = 63;

/// Why a text is not a normalised address.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
pub enum AddressError {
    /// Not `+` and 7 to 15 digits.
    #[error("'{0}' is not an E.164 number such as +61412345678")]
    NotE164(String),
    /// Not a usable e-mail address.
    #[error("'{0}' is not an e-mail address")]
    NotEmail(String),
    /// Neither a `LinkedIn` profile URL nor the public identifier of a person.
    #[error("'{0}' is not a LinkedIn profile such as linkedin.com/in/ana-smith")]
    NotLinkedIn(String),
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

/// An e-mail address that a mail provider accepts: lower case, plain ASCII, the domain in IDNA form.
/// A plus tag stays, since it is another mailbox to the server that reads it.
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
        normalised_email(text)
            .map(Self)
            .ok_or_else(|| AddressError::NotEmail(text.to_owned()))
    }
}

fn normalised_email(text: &str) -> Option<Box<str>> {
    let (local, domain) = trimmed(text).rsplit_once('@')?;
    let local = local.to_lowercase();
    // Non-ASCII and quoted local parts need SMTPUTF8 or quoting that no provider of ours sends.
    if !local.is_ascii() || local.contains('"') || local.len() > EMAIL_LOCAL_MAX_BYTES {
        return None;
    }
    let domain = ascii_domain(domain)?;
    let address = [local.as_str(), "@", domain.as_str()].concat();
    let options = Options::default()
        .with_required_tld()
        .without_domain_literal()
        .without_display_text();
    let usable = address.len() <= EMAIL_MAX_BYTES
        && (is_plain_local(&local)
            || email_address::EmailAddress::parse_with_options(&address, options).is_ok());
    usable.then(|| address.into())
}

/// Whether `local` is letters, digits, `_`, `-` and `+` with single dots between them, as nearly every one is: such a
/// one needs no grammar.
fn is_plain_local(local: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+');
    local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.bytes().all(is_plain))
}

/// Copied cells carry zero-width characters that `str::trim` leaves in place.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}'))
}

/// `domain` in lower-case IDNA form, if every label is letters, digits and inner hyphens and the last one
/// can be a top-level domain.
fn ascii_domain(domain: &str) -> Option<String> {
    let ascii = if is_plain_domain(domain) {
        domain.to_ascii_lowercase()
    } else {
        idna::domain_to_ascii(domain).ok()?
    };
    let (rest, tld) = ascii.rsplit_once('.')?;
    let valid = ascii.len() <= DOMAIN_MAX_BYTES && rest.split('.').all(is_label) && is_tld(tld);
    valid.then_some(ascii)
}

/// Whether IDNA does no more to `domain` than to lower its case: ASCII letters, digits and hyphens, nothing encoded.
fn is_plain_domain(domain: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    domain.bytes().all(is_plain) && !domain.contains("--")
}

fn is_label(label: &str) -> bool {
    (1..=LABEL_MAX_BYTES).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// No top-level domain has a digit but those in IDNA form, and none is a single letter.
fn is_tld(label: &str) -> bool {
    label.len() >= 2
        && is_label(label)
        && (label.starts_with("xn--") || label.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// Which kind of address it is. The name is part of the hash, so it never changes.
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
    IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum AddressKind {
    /// An e-mail address.
    Email,
    /// A telephone number, for calls and texts alike.
    Phone,
    /// A `LinkedIn` profile.
    Linkedin,
}

impl AddressKind {
    /// The wire name, for example `"email"`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Where a person can be reached, on whichever channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "lowercase")]
pub enum Address {
    /// An e-mail address.
    Email(EmailAddress),
    /// A telephone number.
    Phone(E164),
    /// A `LinkedIn` profile.
    Linkedin(LinkedInId),
}

impl Address {
    /// Which kind of address it is.
    #[must_use]
    pub fn kind(&self) -> AddressKind {
        match self {
            Self::Email(_) => AddressKind::Email,
            Self::Phone(_) => AddressKind::Phone,
            Self::Linkedin(_) => AddressKind::Linkedin,
        }
    }

    /// The normalised address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(phone) => phone.as_str(),
            Self::Linkedin(id) => id.as_str(),
        }
    }

    /// The key under which this address is suppressed (SUP-1).
    #[must_use]
    pub fn hash(&self) -> AddressHash {
        AddressHash::of(self.kind(), self.as_str())
    }
}

macro_rules! text_conversions {
    ($name:ident, $variant:ident) => {
        impl TryFrom<String> for $name {
            type Error = AddressError;

            fn try_from(text: String) -> Result<Self, AddressError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(address: $name) -> Self {
                address.as_str().to_owned()
            }
        }

        impl From<$name> for Address {
            fn from(address: $name) -> Self {
                Self::$variant(address)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let shown: String = self.as_str().chars().take(3).collect();
                write!(f, "{shown}***")
            }
        }
    };
}

text_conversions!(E164, Phone);
text_conversions!(EmailAddress, Email);
text_conversions!(LinkedInId, Linkedin);
