//! The one door through which the import reads phone numbers, profiles and words for nothing.
//! Whatever is not surely an address is refused.

use std::str::FromStr;

use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::{contact::E164, country::Country};

/// What a number is used for, by its numbering plan.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PhoneKind {
    /// A mobile.
    Mobile,
    /// A geographic number.
    FixedLine,
    /// The plan does not tell the two apart, as in the United States and Canada.
    FixedLineOrMobile,
    /// Free for the caller, such as 1800.
    TollFree,
    /// The called party pays a share, such as 13 and 1300.
    SharedCost,
    /// The caller pays more than for a call.
    Premium,
    /// Internet telephony.
    Voip,
    /// Any other use.
    Unknown,
}

impl From<PhoneNumberType> for PhoneKind {
    fn from(kind: PhoneNumberType) -> Self {
        match kind {
            PhoneNumberType::Mobile => Self::Mobile,
            PhoneNumberType::FixedLine => Self::FixedLine,
            PhoneNumberType::FixedLineOrMobile => Self::FixedLineOrMobile,
            PhoneNumberType::TollFree => Self::TollFree,
            PhoneNumberType::SharedCost => Self::SharedCost,
            PhoneNumberType::PremiumRate => Self::Premium,
            PhoneNumberType::VoIP => Self::Voip,
            _ => Self::Unknown,
        }
    }
}

/// A number that its country's plan allots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phone {
    pub(super) e164: E164,
    pub(super) country: Option<Country>,
    pub(super) kind: PhoneKind,
}

/// Reads `raw` as a national number of `region` or an international one.
pub(super) fn phone(raw: &str, region: Option<Country>) -> Option<Phone> {
    let region = region.and_then(|country| Region::from_code(country.as_str()).ok());
    let number = PhoneNumber::parse(raw, region).ok()?;
    if !number.is_valid() {
        return None;
    }
    Some(Phone {
        e164: number.format_as(PhoneNumberFormat::E164).parse().ok()?,
        country: number
            .get_region_code()
            .and_then(|region| region.as_region_str().parse().ok()),
        kind: number.get_type().into(),
    })
}

/// The member that a profile link or a bare public identifier names.
pub(super) fn linkedin(raw: &str) -> Option<LinkedInId> {
    raw.parse().ok()
}

/// The identity of a `LinkedIn` member.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkedInId(Box<str>);

impl LinkedInId {
    /// The identifier alone, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text names no member.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error("'{0}' is not a LinkedIn profile such as linkedin.com/in/ana-smith")]
pub struct LinkedInError(String);

impl FromStr for LinkedInId {
    type Err = LinkedInError;

    fn from_str(text: &str) -> Result<Self, LinkedInError> {
        let lower = text.trim().to_lowercase();
        let written = match lower.split_once("linkedin.com/in/") {
            Some((_, path)) => path.split(['/', '?', '#']).next().unwrap_or(""),
            None => &lower,
        };
        let valid = (3..=100).contains(&written.chars().count())
            && written
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '%'));
        if valid {
            Ok(Self(written.into()))
        } else {
            Err(LinkedInError(text.to_owned()))
        }
    }
}

/// Whether `value` stands for nothing: blank, no letter or digit, or a word such as `null` or `N/A`.
pub(super) fn is_absent(value: &str) -> bool {
    const NOTHING: &[&str] = &[
        "null",
        "none",
        "nil",
        "n/a",
        "#n/a",
        "#ref!",
        "undefined",
        "unknown",
        "not available",
    ];
    !value.chars().any(char::is_alphanumeric)
        || NOTHING.iter().any(|word| value.eq_ignore_ascii_case(word))
}
