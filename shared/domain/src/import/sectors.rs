//! The sector of a lead by its company's SIC code (HUB-7).
//! A code that is not in the classification has no sector; nothing is guessed from words.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::region::State;

/// One of the 17 buckets (HUB-7).
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
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sector {
    /// Farming, forestry, fishing.
    Agriculture,
    /// Mining, oil and gas.
    Mining,
    /// Builders and trades.
    Construction,
    /// Makers of things.
    Manufacturing,
    /// Carriers, warehouses, travel agents.
    Transport,
    /// Publishing, broadcasting, telephone companies, advertising.
    MediaTelecom,
    /// Electricity, gas, water, waste.
    Utilities,
    /// Wholesalers.
    Wholesale,
    /// Shops, among them car dealers.
    Retail,
    /// Hotels, restaurants, bars.
    Hospitality,
    /// Banks, insurers, advisers, brokers.
    Finance,
    /// Agents, landlords, developers.
    RealEstate,
    /// Software, computers, data.
    Technology,
    /// Lawyers, accountants, engineers, consultants, business services.
    ProfessionalServices,
    /// Doctors, dentists, hospitals, vets.
    Health,
    /// Schools, charities, churches, government.
    EducationPublic,
    /// Hairdressers, garages, cleaners, gyms, entertainment.
    ConsumerServices,
}

/// Four-digit codes that belong elsewhere than their group.
const EXACT: &[(u16, u16, Sector)] = &[
    (741, 742, Sector::Health),
    (781, 783, Sector::ConsumerServices),
    (2711, 2741, Sector::MediaTelecom),
    (3571, 3579, Sector::Technology),
    (3661, 3669, Sector::Technology),
    (3672, 3674, Sector::Technology),
    (4724, 4725, Sector::ConsumerServices),
    (5045, 5045, Sector::Technology),
    (5734, 5734, Sector::Technology),
    (5511, 5511, Sector::Retail),
    (5812, 5813, Sector::Hospitality),
    (6552, 6552, Sector::RealEstate),
    (6798, 6798, Sector::RealEstate),
    (7217, 7217, Sector::ConsumerServices),
    (7311, 7319, Sector::MediaTelecom),
    (7334, 7338, Sector::ProfessionalServices),
    (7342, 7349, Sector::ConsumerServices),
    (7352, 7352, Sector::Health),
    (7371, 7379, Sector::Technology),
    (7812, 7829, Sector::MediaTelecom),
    (8231, 8231, Sector::EducationPublic),
    (8711, 8748, Sector::ProfessionalServices),
];

/// Two-digit groups, first to last.
const GROUPS: &[(u8, u8, Sector)] = &[
    (1, 9, Sector::Agriculture),
    (10, 14, Sector::Mining),
    (15, 17, Sector::Construction),
    (20, 39, Sector::Manufacturing),
    (40, 47, Sector::Transport),
    (48, 48, Sector::MediaTelecom),
    (49, 49, Sector::Utilities),
    (50, 51, Sector::Wholesale),
    (52, 57, Sector::Retail),
    (58, 58, Sector::Hospitality),
    (59, 59, Sector::Retail),
    (60, 64, Sector::Finance),
    (65, 65, Sector::RealEstate),
    (67, 67, Sector::Finance),
    (70, 70, Sector::Hospitality),
    (72, 72, Sector::ConsumerServices),
    (73, 73, Sector::ProfessionalServices),
    (75, 76, Sector::ConsumerServices),
    (78, 79, Sector::ConsumerServices),
    (80, 80, Sector::Health),
    (81, 81, Sector::ProfessionalServices),
    (82, 86, Sector::EducationPublic),
    (87, 87, Sector::ProfessionalServices),
    (88, 88, Sector::ConsumerServices),
    (89, 89, Sector::ProfessionalServices),
    (91, 97, Sector::EducationPublic),
];

impl Sector {
    /// The sector of a code of two to eight digits: exact code first, then two-digit prefix (HUB-7).
    ///
    /// Longer codes, as data vendors append to the classification, are read by their first four digits.
    #[must_use]
    pub fn of(sic: &str) -> Option<Self> {
        let code = normalised_sic(sic)?;
        let exact = code.get(..4).and_then(|four| four.parse::<u16>().ok());
        let group: u8 = code.get(..2)?.parse().ok()?;
        exact
            .and_then(|four| {
                EXACT
                    .iter()
                    .find(|(from, to, _)| (*from..=*to).contains(&four))
            })
            .map(|(_, _, sector)| *sector)
            .or_else(|| {
                GROUPS
                    .iter()
                    .find(|(from, to, _)| (*from..=*to).contains(&group))
                    .map(|(_, _, sector)| *sector)
            })
    }

    /// The wire name, for example `"real_estate"`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The digits of a SIC cell: `1711-0000`, `1711.0` and `1711 Plumbing` are read, and a three-digit code gets back the zero that a
/// spreadsheet took off.
#[must_use]
pub fn normalised_sic(cell: &str) -> Option<String> {
    let cell = cell.trim();
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    let head = cell.split([' ', ',', ';', '|', ':']).next().unwrap_or("");
    let digits: String = head.chars().filter(|c| *c != '-').collect();
    let valid = (2..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let padded = if matches!(digits.len(), 3 | 5 | 7) {
        format!("0{digits}")
    } else {
        digits
    };
    valid.then_some(padded)
}

/// A counter of a sector bucket.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Counter {
    /// All leads of the sector.
    All,
    /// Those of one state.
    State(State),
    /// Those of one county, as the list names it, in lower case.
    County(State, String),
    /// Those of one city, in lower case.
    City(State, String),
    /// Those with one SIC code.
    Sic(String),
}

/// The facts of a lead that decide its sector and counters.
#[derive(Clone, Copy, Debug)]
pub struct SectorFacts<'a> {
    /// The SIC code.
    pub sic: &'a str,
    /// The state.
    pub state: Option<State>,
    /// The county.
    pub county: Option<&'a str>,
    /// The city.
    pub city: Option<&'a str>,
}

/// The bucket of a lead and the counters to raise in it (HUB-7); nothing if its code has no sector.
#[must_use]
pub fn counters(lead: SectorFacts<'_>) -> Option<(Sector, Vec<Counter>)> {
    let sector = Sector::of(lead.sic)?;
    let mut counters = vec![Counter::All];
    if let Some(state) = lead.state {
        counters.push(Counter::State(state));
        counters.extend(
            lead.county
                .map(|name| Counter::County(state, name.to_lowercase())),
        );
        counters.extend(
            lead.city
                .map(|name| Counter::City(state, name.to_lowercase())),
        );
    }
    counters.extend(normalised_sic(lead.sic).map(Counter::Sic));
    Some((sector, counters))
}

impl std::fmt::Display for Counter {
    /// The key of the counter inside its bucket: `all`, `state:US-TX`, `city:US-TX:austin`, `sic:1711`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::State(state) => write!(f, "state:{state:?}"),
            Self::County(state, county) => write!(f, "county:{state:?}:{county}"),
            Self::City(state, city) => write!(f, "city:{state:?}:{city}"),
            Self::Sic(code) => write!(f, "sic:{code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::country::Country;

    #[test]
    fn the_exact_code_decides_before_the_two_digit_prefix_hub_7() {
        assert_eq!(Sector::of("7372"), Some(Sector::Technology));
        assert_eq!(Sector::of("7389"), Some(Sector::ProfessionalServices));
        assert_eq!(Sector::of("1711"), Some(Sector::Construction));
        assert_eq!(Sector::of("17110204"), Some(Sector::Construction));
        assert_eq!(Sector::of("0742"), Some(Sector::Health));
        assert_eq!(Sector::of("742"), Some(Sector::Health));
        assert_eq!(Sector::of("58"), Some(Sector::Hospitality));
        assert_eq!(Sector::of("1800"), None);
        assert_eq!(Sector::of("plumber"), None);
    }

    #[test]
    fn there_are_17_sectors_and_each_is_reached_hub_7() {
        assert_eq!(Sector::iter().count(), 17);
        let reached: HashSet<Sector> = (100..=9999)
            .filter_map(|code| Sector::of(&format!("{code:04}")))
            .collect();
        assert_eq!(reached.len(), 17);
    }

    #[test]
    fn a_bucket_counts_by_state_county_city_and_code_hub_7() {
        let lead = SectorFacts {
            sic: "1711",
            state: State::parse(Some(Country::US), "TX"),
            county: Some("Travis"),
            city: Some("AUSTIN"),
        };
        let (sector, counters) = counters(lead).unwrap();
        let keys: Vec<String> = counters.iter().map(Counter::to_string).collect();
        assert_eq!(sector, Sector::Construction);
        assert_eq!(
            keys,
            [
                "all",
                "state:US-TX",
                "county:US-TX:travis",
                "city:US-TX:austin",
                "sic:1711"
            ]
        );
    }
}
