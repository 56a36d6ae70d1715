//! Jurisdictions whose hours and holidays may bind a touch.
//! A country counts as a whole only where its states are not distinguished or unknown.

use serde::{Deserialize, Serialize};

use crate::{country::Country, region::State};

/// A jurisdiction: a state of Australia or the United States, or a country as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// A country: one without states here, or the United States when the state is unknown.
    Country(Country),
    /// A state or territory.
    State(State),
}

impl Region {
    /// The country that it is, or lies in.
    #[must_use]
    pub fn country(self) -> Country {
        match self {
            Self::Country(country) => country,
            Self::State(state) => state.country(),
        }
    }
}
