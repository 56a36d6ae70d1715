//! Telephone numbers as people type them, read against the numbering plan of each country.
//! A number that no plan allots is refused; one that a spreadsheet has rounded is never repaired.

use std::borrow::Cow;

use rlibphonenumber::{
    NumberLengthType, ParseError, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region,
    ValidationError,
};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::{E164, phone_text};
use crate::country::Country;

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
    EnumIter,
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
    /// A pager.
    Pager,
    /// One number for a company with many offices.
    Uan,
    /// Access to a mailbox.
    Voicemail,
    /// Follows a person over several lines.
    PersonalNumber,
    /// Valid, of no kind that the plan names.
    Unknown,
}

impl PhoneKind {
    /// Whether a text message can arrive there, as far as the plan tells.
    #[must_use]
    pub fn can_receive_sms(self) -> bool {
        matches!(self, Self::Mobile | Self::FixedLineOrMobile)
    }
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
            PhoneNumberType::Pager => Self::Pager,
            PhoneNumberType::UAN => Self::Uan,
            PhoneNumberType::VoiceMail => Self::Voicemail,
            PhoneNumberType::PersonalNumber => Self::PersonalNumber,
            PhoneNumberType::Unknown => Self::Unknown,
        }
    }
}

/// A number that its country's plan allots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The number without its extension.
    pub e164: E164,
    /// The country that the number belongs to; none for numbers of no country, such as +800.
    pub country: Option<Country>,
    /// What it is used for.
    pub kind: PhoneKind,
    /// The extension that stood behind it. It is kept for people to see and never dialled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
}

/// Why a text is not a number, as a wire code.
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
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PhoneErrorCode {
    /// Nothing, or a word that stands for nothing.
    Empty,
    /// No number in it.
    NotANumber,
    /// A spreadsheet turned the number into `6.1412E+10`; the last digits are lost.
    ScientificNotation,
    /// A number by its length, but not one that the plan of the region allots; also a national number
    /// with no region to read it in.
    InvalidForRegion,
    /// Fewer digits than any number of the region has.
    TooShort,
    /// More digits than any number of the region has.
    TooLong,
}

impl PhoneErrorCode {
    fn meaning(self) -> &'static str {
        match self {
            Self::Empty => "is empty",
            Self::NotANumber => "is not a phone number",
            Self::ScientificNotation => "is in scientific notation, so its last digits are lost",
            Self::InvalidForRegion => "is not a number in use in its region",
            Self::TooShort => "has too few digits",
            Self::TooLong => "has too many digits",
        }
    }
}

/// The text is not a telephone number that can be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error("phone '{value}' {}", code.meaning())]
pub struct PhoneError {
    /// The fault, as a code.
    pub code: PhoneErrorCode,
    /// The text that was given.
    pub value: String,
}

/// Reads `raw`, a national number of `region` or an international one of any country.
///
/// Of several numbers in one cell the first valid one counts. An extension is split off.
///
/// # Errors
/// [`PhoneError`] with the code of the first number in the cell.
pub fn parse(raw: &str, region: Option<Country>) -> Result<Phone, PhoneError> {
    let fail = |code| PhoneError {
        code,
        value: raw.to_owned(),
    };
    let text = phone_text::cleaned(raw);
    if super::is_absent(&text) {
        return Err(fail(PhoneErrorCode::Empty));
    }
    if phone_text::is_scientific(&text) {
        return Err(fail(PhoneErrorCode::ScientificNotation));
    }
    let region = region.and_then(|country| Region::from_code(country.as_str()).ok());
    let mut first_fault = None;
    for part in phone_text::numbers_in(&text) {
        match read(part, region) {
            Ok(phone) => return Ok(phone),
            Err(code) => {
                first_fault.get_or_insert(code);
            }
        }
    }
    Err(fail(first_fault.unwrap_or(PhoneErrorCode::NotANumber)))
}

/// Tries the spellings of `part` in turn; the fault is that of the text as it stands.
fn read(part: &str, region: Option<Region>) -> Result<Phone, PhoneErrorCode> {
    let as_written = read_exactly(part, region);
    as_written.or_else(|fault| {
        phone_text::respellings(part)
            .into_iter()
            .flatten()
            .find_map(|spelling: Cow<'_, str>| read_exactly(&spelling, region).ok())
            .ok_or(fault)
    })
}

fn read_exactly(text: &str, region: Option<Region>) -> Result<Phone, PhoneErrorCode> {
    let plain = phone_text::digits_of(text);
    let number =
        PhoneNumber::parse(plain.as_deref().unwrap_or(text), region).map_err(
            |error| match error {
                // A number without a country code and no region to read it in.
                ParseError::InvalidCountryCode => PhoneErrorCode::InvalidForRegion,
                ParseError::NotANumber(_) => PhoneErrorCode::NotANumber,
                ParseError::TooShortAfterIdd | ParseError::TooShortNsn => PhoneErrorCode::TooShort,
                ParseError::TooLongNsn => PhoneErrorCode::TooLong,
            },
        )?;
    // A number has a kind if and only if the plan allots it; to ask for both would read the plan twice.
    let kind = number.get_type();
    if kind == PhoneNumberType::Unknown {
        return Err(invalid_because(&number));
    }
    let e164 = number
        .format_as(PhoneNumberFormat::E164)
        .parse()
        .map_err(|_| PhoneErrorCode::TooShort)?;
    Ok(Phone {
        e164,
        country: number
            .get_region_code()
            .and_then(|region| region.as_region_str().parse().ok()),
        kind: kind.into(),
        extension: number.extension.filter(|digits| !digits.is_empty()),
    })
}

fn invalid_because(number: &PhoneNumber) -> PhoneErrorCode {
    match number.is_possible_with_reason() {
        Ok(NumberLengthType::IsPossibleLocalOnly) | Err(ValidationError::TooShort) => {
            PhoneErrorCode::TooShort
        }
        Err(ValidationError::TooLong) => PhoneErrorCode::TooLong,
        Ok(NumberLengthType::IsPossible) | Err(_) => PhoneErrorCode::InvalidForRegion,
    }
}

/// The number grouped as people of its country write it abroad: `+61 2 9374 4000`.
#[must_use]
pub fn international(number: &E164) -> String {
    PhoneNumber::parse(number.as_str(), None).map_or_else(
        |_| number.as_str().to_owned(),
        |parsed| {
            parsed
                .format_as(PhoneNumberFormat::International)
                .into_owned()
        },
    )
}
