//! One signal about a place, and how two of them combine (R24).
//! Nothing here drops a zone except agreement of an address with a phone number.

use std::sync::LazyLock;

use super::world::COUNTRIES;
use crate::{
    calendar::{civil::Zone, region::Region},
    country::Country,
    region::State,
};

/// An Australian mobile tells nothing about its place (R4); these zones hold nearly all people and every mainland
/// clock.
const AU_ZONES: [&str; 5] = [
    "Australia/Sydney",
    "Australia/Brisbane",
    "Australia/Adelaide",
    "Australia/Darwin",
    "Australia/Perth",
];

static AUSTRALIA: LazyLock<Signal> =
    LazyLock::new(|| Signal::new(AU_ZONES, State::all(Country::AU).map(Region::State)));

/// The clocks of the fifty states, that of most people first.
const US_ZONES: [&str; 8] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Adak",
    "Pacific/Honolulu",
];

/// The postcode of the Chatham Islands.
const CHATHAM_POSTCODE: &str = "8942";

/// Zones and regions that one signal leaves possible, both ascending, and the likeliest zone.
#[derive(Clone, Debug, Default)]
pub(super) struct Signal {
    pub zones: Vec<Zone>,
    pub regions: Vec<Region>,
    pub main: Option<Zone>,
}

impl Signal {
    /// From zone names, the likeliest first. A name that the database does not have is left out; a test shows
    /// that the tables hold none.
    pub fn new<'a>(
        zones: impl IntoIterator<Item = &'a str>,
        regions: impl IntoIterator<Item = Region>,
    ) -> Self {
        let mut zones: Vec<Zone> = zones.into_iter().filter_map(|z| z.parse().ok()).collect();
        let main = zones.first().copied();
        zones.sort_unstable();
        zones.dedup();
        let mut regions: Vec<Region> = regions.into_iter().collect();
        regions.sort_unstable();
        regions.dedup();
        Self {
            zones,
            regions,
            main,
        }
    }

    /// Everything that either leaves possible; the likeliest zone stays that of `self`.
    pub fn union(mut self, other: &Self) -> Self {
        self.zones.extend(&other.zones);
        self.zones.sort_unstable();
        self.zones.dedup();
        self.regions.extend(&other.regions);
        self.regions.sort_unstable();
        self.regions.dedup();
        self.main = self.main.or(other.main);
        self
    }

    /// The union with `other`, if there is one.
    pub fn or_union(self, other: Option<Self>) -> Self {
        match other {
            Some(other) => self.union(&other),
            None => self,
        }
    }

    pub fn is_in(&self, country: Country) -> bool {
        self.regions
            .iter()
            .any(|region| region.country() == country)
    }

    pub fn shares_country(&self, other: &Self) -> bool {
        self.regions
            .iter()
            .any(|region| other.is_in(region.country()))
    }

    /// Whether a phone number's place supports this address (R24): one state at least is common, and one zone.
    /// An Australian prefix spans the odd zones of its states without naming them, so there the state suffices.
    pub fn agrees_with(&self, phone: &Self) -> bool {
        let region = self.regions.iter().any(|r| phone.regions.contains(r));
        let zone = self.zones.iter().any(|z| phone.zones.contains(z));
        region && (zone || self.is_in(Country::AU))
    }

    fn keeps_clocks_of(&self, other: &Self) -> bool {
        self.zones
            .iter()
            .all(|mine| other.zones.iter().any(|z| z.same_clock(*mine)))
    }

    /// The likeliest zone becomes `name`, if it is possible at all.
    pub fn prefer(mut self, name: &str) -> Self {
        let found = self.zones.iter().find(|zone| zone.name() == name);
        self.main = found.copied().or(self.main);
        self
    }
}

/// The state with this abbreviation, as the tables spell it.
pub(super) fn state_of(country: Country, code: &str) -> Option<State> {
    State::all(country).find(|state| state.as_str() == code)
}

/// All that a country alone says; none for one without a row in the table.
pub(super) fn of_country(country: Country) -> Option<Signal> {
    match country {
        Country::AU => Some(AUSTRALIA.clone()),
        Country::US => Some(Signal::new(US_ZONES, [Region::Country(country)])),
        _ => {
            let row = COUNTRIES
                .binary_search_by_key(&country.as_str(), |(code, _)| code)
                .ok()?;
            Some(Signal::new(
                COUNTRIES[row].1.split(' '),
                [Region::Country(country)],
            ))
        }
    }
}

/// All that a telephone code of several countries says, the largest first. A country on the clocks of those before it
/// adds nothing: `+44` is Britain, whatever the Channel Islands call their zone.
pub(super) fn of_countries(list: &[Country]) -> Option<Signal> {
    list.iter()
        .filter_map(|country| of_country(*country))
        .reduce(|all, next| {
            if next.keeps_clocks_of(&all) {
                all
            } else {
                all.union(&next)
            }
        })
}

/// New Zealand: one clock but for the Chatham Islands. None if it is not a postcode.
pub(super) fn nz_address(postcode: &str) -> Option<Signal> {
    let valid = postcode.len() == 4 && postcode.bytes().all(|b| b.is_ascii_digit());
    let zone = if postcode == CHATHAM_POSTCODE {
        "Pacific/Chatham"
    } else {
        "Pacific/Auckland"
    };
    valid.then(|| Signal::new([zone], [Region::Country(Country::NZ)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::zones::dialling::{CALLING_CODES, OTHER_AREA_CODES};

    #[test]
    fn every_country_has_its_zones_and_a_likeliest_one_among_them() {
        let codes = COUNTRIES.iter().map(|(code, _)| *code).chain(["AU", "US"]);
        for code in codes {
            let signal = of_country(code.parse().unwrap()).unwrap();
            assert!(signal.zones.contains(&signal.main.unwrap()), "{code}");
            let listed = COUNTRIES.iter().find(|(c, _)| *c == code);
            if let Some((_, zones)) = listed {
                assert_eq!(signal.zones.len(), zones.split(' ').count(), "{code}");
            }
        }
        assert!(COUNTRIES.is_sorted_by_key(|(code, _)| code));
    }

    #[test]
    fn every_telephone_code_leads_to_a_country_with_zones() {
        let codes = CALLING_CODES.iter().map(|(_, list)| *list);
        for list in codes.chain(OTHER_AREA_CODES.iter().map(|(country, _)| *country)) {
            for country in list.split(' ') {
                assert!(of_country(country.parse().unwrap()).is_some(), "{country}");
            }
        }
        assert!(CALLING_CODES.is_sorted_by_key(|(code, _)| code));
    }

    #[test]
    fn a_country_without_a_row_says_nothing() {
        assert!(of_country("ZZ".parse().unwrap()).is_none());
    }
}
