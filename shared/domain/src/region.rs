//! States and territories of Australia and the United States, by abbreviation or name.
//! Other countries' regions are not modelled and parse to nothing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::country::Country;

const STATES: &[(&str, &str, &str)] = &[
    ("AU", "NSW", "New South Wales"),
    ("AU", "VIC", "Victoria"),
    ("AU", "QLD", "Queensland"),
    ("AU", "SA", "South Australia"),
    ("AU", "WA", "Western Australia"),
    ("AU", "TAS", "Tasmania"),
    ("AU", "ACT", "Australian Capital Territory"),
    ("AU", "NT", "Northern Territory"),
    ("US", "AL", "Alabama"),
    ("US", "AK", "Alaska"),
    ("US", "AZ", "Arizona"),
    ("US", "AR", "Arkansas"),
    ("US", "CA", "California"),
    ("US", "CO", "Colorado"),
    ("US", "CT", "Connecticut"),
    ("US", "DE", "Delaware"),
    ("US", "DC", "District of Columbia"),
    ("US", "FL", "Florida"),
    ("US", "GA", "Georgia"),
    ("US", "HI", "Hawaii"),
    ("US", "ID", "Idaho"),
    ("US", "IL", "Illinois"),
    ("US", "IN", "Indiana"),
    ("US", "IA", "Iowa"),
    ("US", "KS", "Kansas"),
    ("US", "KY", "Kentucky"),
    ("US", "LA", "Louisiana"),
    ("US", "ME", "Maine"),
    ("US", "MD", "Maryland"),
    ("US", "MA", "Massachusetts"),
    ("US", "MI", "Michigan"),
    ("US", "MN", "Minnesota"),
    ("US", "MS", "Mississippi"),
    ("US", "MO", "Missouri"),
    ("US", "MT", "Montana"),
    ("US", "NE", "Nebraska"),
    ("US", "NV", "Nevada"),
    ("US", "NH", "New Hampshire"),
    ("US", "NJ", "New Jersey"),
    ("US", "NM", "New Mexico"),
    ("US", "NY", "New York"),
    ("US", "NC", "North Carolina"),
    ("US", "ND", "North Dakota"),
    ("US", "OH", "Ohio"),
    ("US", "OK", "Oklahoma"),
    ("US", "OR", "Oregon"),
    ("US", "PA", "Pennsylvania"),
    ("US", "RI", "Rhode Island"),
    ("US", "SC", "South Carolina"),
    ("US", "SD", "South Dakota"),
    ("US", "TN", "Tennessee"),
    ("US", "TX", "Texas"),
    ("US", "UT", "Utah"),
    ("US", "VT", "Vermont"),
    ("US", "VA", "Virginia"),
    ("US", "WA", "Washington"),
    ("US", "WV", "West Virginia"),
    ("US", "WI", "Wisconsin"),
    ("US", "WY", "Wyoming"),
    ("US", "PR", "Puerto Rico"),
    ("US", "GU", "Guam"),
    ("US", "VI", "US Virgin Islands"),
    ("US", "AS", "American Samoa"),
    ("US", "MP", "Northern Mariana Islands"),
];

/// A state or territory. Its country is part of it: Western Australia and Washington are both `WA`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct State(u8);

impl State {
    /// The state that `text` names (abbreviation or full name, any case, dots ignored) in `country`;
    /// without a country, the state if only one of the two countries has it.
    #[must_use]
    pub fn parse(country: Option<Country>, text: &str) -> Option<Self> {
        let wanted = fold(text);
        let mut hits = STATES.iter().enumerate().filter(|(_, (of, short, name))| {
            country.is_none_or(|c| c.as_str() == *of)
                && (wanted == fold(short) || wanted == fold(name))
        });
        let first = hits.next()?;
        if hits.next().is_some() {
            return None;
        }
        u8::try_from(first.0).ok().map(Self)
    }

    /// Every state of `country`.
    pub fn all(country: Country) -> impl Iterator<Item = Self> {
        (0u8..)
            .zip(STATES)
            .filter(move |(_, row)| row.0 == country.as_str())
            .map(|(i, _)| Self(i))
    }

    /// The postal abbreviation: `NSW`, `TX`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        STATES[usize::from(self.0)].1
    }

    /// The country that this state belongs to.
    #[must_use]
    pub fn country(self) -> Country {
        if STATES[usize::from(self.0)].0 == "AU" {
            Country::AU
        } else {
            Country::US
        }
    }
}

fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The text names no state: the stored form is `AU-NSW` or `US-TX`.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error("'{0}' is not a state such as AU-NSW or US-TX")]
pub struct StateError(String);

impl TryFrom<String> for State {
    type Error = StateError;

    fn try_from(text: String) -> Result<Self, StateError> {
        text.split_once('-')
            .and_then(|(country, state)| Self::parse(Some(country.parse().ok()?), state))
            .ok_or(StateError(text))
    }
}

impl From<State> for String {
    fn from(state: State) -> Self {
        format!("{}-{}", state.country(), state.as_str())
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.country(), self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_known_by_abbreviation_or_name_within_its_country() {
        let parse = |country, text| State::parse(country, text).map(String::from);
        assert_eq!(parse(Some(Country::AU), "n.s.w."), Some("AU-NSW".into()));
        assert_eq!(parse(Some(Country::US), "texas"), Some("US-TX".into()));
        assert_eq!(parse(Some(Country::AU), "WA"), Some("AU-WA".into()));
        assert_eq!(parse(None, "WA"), None);
        assert_eq!(parse(None, "QLD"), Some("AU-QLD".into()));
    }
}
