//! The place of a lead: country, state, city and postcode, each from its own cell or inferred from the others. What
//! nothing proves stays absent.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{cells::one_line, countries};
use crate::{country::Country, region::State};

/// How many spellings of countries and states are cached. Lists repeat a few dozen.
const MEMO_ENTRIES: usize = 4096;

/// The part of a country that a lead is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Region {
    /// A state or territory of Australia or the United States.
    State(State),
    /// As the list writes it; other countries' regions are not modelled.
    Other(Box<str>),
}

impl Region {
    /// The abbreviation of a state (`NSW`), or the list's own words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::State(state) => state.as_str(),
            Self::Other(text) => text,
        }
    }

    /// The state, if it is one that is modelled.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        match self {
            Self::State(state) => Some(*state),
            Self::Other(_) => None,
        }
    }
}

/// The cells of a row that say where its lead is; absent ones are empty.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PlaceCells<'a> {
    pub(super) city: &'a str,
    pub(super) state: &'a str,
    pub(super) postcode: &'a str,
    pub(super) country: &'a str,
    /// City, state and country in one cell, divided by commas.
    pub(super) location: &'a str,
}

/// The place of a lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) city: Option<String>,
    pub(super) region: Option<Region>,
    pub(super) postcode: Option<String>,
    pub(super) country: Option<Country>,
}

/// Reads places and caches the spellings it has seen: looking one up costs more than everything else in a row.
#[derive(Default)]
pub(super) struct PlaceReader {
    countries: HashMap<String, Option<Country>>,
    states: HashMap<Option<Country>, HashMap<String, Option<State>>>,
}

impl PlaceReader {
    /// The place that `cells` describe. `default` breaks a tie, such as whether `WA` is in Australia.
    pub(super) fn read(&mut self, cells: PlaceCells<'_>, default: Option<Country>) -> Place {
        let split = self.split_location(cells.location);
        let city = either(cells.city, split.city);
        let state = either(cells.state, split.state);
        let stated = self.country(either(cells.country, split.country));
        let country = stated.or_else(|| self.inferred(state, cells.postcode, default));
        let region = self.region(country, state);
        let postcode = postcode(cells.postcode, country);
        Place {
            city: (!city.is_empty()).then(|| one_line(city).into_owned()),
            country,
            region,
            postcode,
        }
    }

    /// `Sydney, New South Wales, Australia`, or fewer parts of it from either end.
    fn split_location<'a>(&mut self, location: &'a str) -> PlaceCells<'a> {
        if location.is_empty() {
            return PlaceCells::default();
        }
        let mut parts: Vec<&str> = location
            .split(',')
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .collect();
        let mut cells = PlaceCells::default();
        if let Some(last) = parts.last().copied()
            && self.state(None, last).is_none()
            && countries::named(last).is_some()
        {
            cells.country = last;
            parts.pop();
        }
        let country = self.country(cells.country);
        if let Some(last) = parts.last().copied()
            && (parts.len() > 1 || self.state(country, last).is_some())
        {
            cells.state = last;
            parts.pop();
        }
        cells.city = parts.first().copied().unwrap_or("");
        cells
    }

    fn country(&mut self, text: &str) -> Option<Country> {
        if text.is_empty() {
            return None;
        }
        if let Some(known) = self.countries.get(text) {
            return *known;
        }
        let found = countries::stated(text);
        if self.countries.len() < MEMO_ENTRIES {
            self.countries.insert(text.to_owned(), found);
        }
        found
    }

    fn state(&mut self, country: Option<Country>, text: &str) -> Option<State> {
        if country.is_some_and(|c| c != Country::AU && c != Country::US) {
            return None;
        }
        let known = self.states.entry(country).or_default();
        if let Some(state) = known.get(text) {
            return *state;
        }
        let found = State::parse(country, text);
        if known.len() < MEMO_ENTRIES {
            known.insert(text.to_owned(), found);
        }
        found
    }

    /// The country that state and postcode prove together: a state that only one country has, or a state of two whose
    /// postcode fits one; without a state the default, if the postcode has its form.
    fn inferred(
        &mut self,
        state: &str,
        postcode: &str,
        default: Option<Country>,
    ) -> Option<Country> {
        let form = postcode_form(postcode);
        if state.is_empty() {
            return form
                .filter(|country| default.is_some_and(|d| d == *country) || is_zip4(postcode));
        }
        if let Some(only) = self.state(None, state) {
            return Some(only.country());
        }
        let candidates = [form, default];
        candidates
            .into_iter()
            .flatten()
            .find(|country| self.state(Some(*country), state).is_some())
    }

    fn region(&mut self, country: Option<Country>, text: &str) -> Option<Region> {
        if text.is_empty() {
            return None;
        }
        // "NSW, Australia" and "New South Wales (NSW)" name the state first.
        let head = text.split([',', '(']).next().unwrap_or(text).trim();
        let state = self
            .state(country, text)
            .or_else(|| self.state(country, head));
        Some(state.map_or_else(|| Region::Other(text.into()), Region::State))
    }
}

fn either<'a>(own: &'a str, other: &'a str) -> &'a str {
    if own.is_empty() { other } else { own }
}

/// Which of the two served countries writes its postcodes like this: four digits or five.
fn postcode_form(postcode: &str) -> Option<Country> {
    let digits = postcode.bytes().filter(u8::is_ascii_digit).count();
    let plain = postcode.bytes().all(|b| b.is_ascii_digit());
    match digits {
        4 if plain => Some(Country::AU),
        5 if plain => Some(Country::US),
        9 if is_zip4(postcode) => Some(Country::US),
        _ => None,
    }
}

fn is_zip4(postcode: &str) -> bool {
    matches!(postcode.split_once('-'), Some((zip, four)) if zip.len() == 5 && four.len() == 4)
        && postcode.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// `text` as `country` writes its postcodes, with the zeros that a spreadsheet took off the front put back; a ZIP+4 is
/// cut to its ZIP.
pub(super) fn postcode(text: &str, country: Option<Country>) -> Option<String> {
    let text = text.strip_suffix(".0").unwrap_or(text).trim();
    if text.is_empty() {
        return None;
    }
    let (zip, four) = text.split_once('-').unwrap_or((text, ""));
    let plain = !zip.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    Some(match country {
        Some(Country::AU) if plain && text.len() == 3 => format!("0{text}"),
        Some(Country::US) if plain => match (zip.len(), four.len()) {
            (3..=5, 0 | 4) => format!("{zip:0>5}"),
            (7..=9, 0) => format!("{zip:0>9}")[..5].to_owned(),
            _ => text.to_owned(),
        },
        None if is_zip4(text) => zip.to_owned(),
        _ => text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: PlaceCells<'_>, default: Option<Country>) -> Place {
        PlaceReader::default().read(cells, default)
    }

    fn of_state(state: &str, postcode: &str, default: Option<Country>) -> Option<String> {
        let cells = PlaceCells {
            state,
            postcode,
            ..PlaceCells::default()
        };
        let place = read(cells, default);
        let state = place.region.and_then(|region| region.state())?;
        assert_eq!(place.country, Some(state.country()));
        Some(state.into())
    }

    #[test]
    fn a_state_proves_its_country_alone_or_with_a_postcode() {
        assert_eq!(of_state("NSW", "", None).unwrap(), "AU-NSW");
        assert_eq!(of_state("Texas", "", Some(Country::AU)).unwrap(), "US-TX");
        assert_eq!(of_state("WA", "98101", Some(Country::AU)).unwrap(), "US-WA");
        assert_eq!(of_state("WA", "6000", None).unwrap(), "AU-WA");
        assert_eq!(of_state("WA", "", Some(Country::AU)).unwrap(), "AU-WA");
        let unknown = read(
            PlaceCells {
                state: "WA",
                ..PlaceCells::default()
            },
            None,
        );
        assert_eq!(
            (unknown.country, unknown.region),
            (None, Some(Region::Other("WA".into())))
        );
    }

    #[test]
    fn a_region_of_another_country_stays_as_written() {
        let cells = PlaceCells {
            state: "Ontario",
            country: "Canada",
            ..PlaceCells::default()
        };
        let place = read(cells, Some(Country::AU));
        assert_eq!(place.country, Some(Country::CA));
        assert_eq!(place.region.unwrap().as_str(), "Ontario");
    }

    #[test]
    fn a_location_comes_apart_from_the_right() {
        let check = |location: &str, wanted: [&str; 3]| {
            let cells = PlaceCells {
                location,
                ..PlaceCells::default()
            };
            let place = read(cells, None);
            let found = [
                place.city.unwrap_or_default(),
                place
                    .region
                    .map(|r| r.as_str().to_owned())
                    .unwrap_or_default(),
                place.country.map(String::from).unwrap_or_default(),
            ];
            assert_eq!(found, wanted.map(str::to_owned), "{location}");
        };
        check(
            "Sydney, New South Wales, Australia",
            ["Sydney", "NSW", "AU"],
        );
        check("Austin, TX", ["Austin", "TX", "US"]);
        check("Perth, WA", ["Perth", "WA", ""]);
        check("Queensland, Australia", ["", "QLD", "AU"]);
        check("Auckland, New Zealand", ["Auckland", "", "NZ"]);
        check("Greater Sydney Area", ["Greater Sydney Area", "", ""]);
    }

    #[test]
    fn postcodes_get_back_the_zeros_that_spreadsheets_drop() {
        let check = |text: &str, country, wanted: &str| {
            assert_eq!(
                postcode(text, country).unwrap_or_default(),
                wanted,
                "{text}"
            );
        };
        check("800", Some(Country::AU), "0800");
        check("2000.0", Some(Country::AU), "2000");
        check("2134", Some(Country::US), "02134");
        check("02134-1234", Some(Country::US), "02134");
        check("2134-1234", Some(Country::US), "02134");
        check("021341234", Some(Country::US), "02134");
        check("94105-1234", None, "94105");
        check("SW1A 1AA", Some(Country::GB), "SW1A 1AA");
        check("800", None, "800");
        check("", Some(Country::AU), "");
    }
}
