//! United States: zones by state, ZIP code and area code (R25).
//! A ZIP code that contradicts the state counts as well as the state; an unknown one leaves all zones of the state.

use super::{
    signal::{Signal, state_of},
    us_codes::{AREA_CODES, SPLIT_AREA_CODES, STATES},
    us_zip::{ZIP3_STATES, ZIP3_ZONES},
    us_zip_runs::ZIP_RUNS,
};
use crate::{calendar::region::Region, country::Country, region::State};

/// A set of the zones below, one bit each.
pub(super) type ZoneSet = u16;

/// Eastern.
pub(super) const E: ZoneSet = 1;
/// Central.
pub(super) const C: ZoneSet = 1 << 1;
/// Mountain, with daylight saving.
pub(super) const M: ZoneSet = 1 << 2;
/// Arizona, without daylight saving.
pub(super) const AZ: ZoneSet = 1 << 3;
/// Pacific.
pub(super) const P: ZoneSet = 1 << 4;
/// Alaska.
pub(super) const AK: ZoneSet = 1 << 5;
/// The western Aleutians.
pub(super) const AD: ZoneSet = 1 << 6;
/// Hawaii.
pub(super) const HI: ZoneSet = 1 << 7;
/// Puerto Rico and the Virgin Islands.
pub(super) const PR: ZoneSet = 1 << 8;
/// Guam and the Northern Marianas.
pub(super) const GU: ZoneSet = 1 << 9;
/// American Samoa.
pub(super) const SA: ZoneSet = 1 << 10;

/// The zone of each bit.
const NAMES: [&str; 11] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Adak",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
    "Pacific/Pago_Pago",
];

/// What is known of a ZIP code.
struct Zip {
    zones: ZoneSet,
    states: Vec<State>,
}

/// The territory that has an ISO country code of its own, as a state: `PR` as a country is Puerto Rico.
pub(super) fn territory(country: Country) -> Option<State> {
    let code = country.as_str();
    matches!(code, "PR" | "GU" | "VI" | "AS" | "MP")
        .then(|| state_of(Country::US, code))
        .flatten()
}

/// What a state and a ZIP code say; none if there is neither.
pub(super) fn address(state: Option<State>, zip: Option<&str>) -> Option<Signal> {
    let zip = zip.and_then(of_zip);
    let Some(state) = state.filter(|state| state.country() == Country::US) else {
        return zip.map(|zip| signal(zip.zones, 0, zip.states));
    };
    let (main, all) = zones_of(state)?;
    Some(match zip {
        None => signal(all, main, [state]),
        Some(zip) if zip.states.contains(&state) => {
            let common = zip.zones & all;
            signal(if common == 0 { zip.zones } else { common }, main, [state])
        }
        Some(zip) => signal(all, main, [state]).union(&signal(zip.zones, 0, zip.states)),
    })
}

/// What an area code says; none if it is not that of a state (R25).
pub(super) fn area_code(area: u16) -> Option<Signal> {
    let (code, _) = AREA_CODES
        .iter()
        .find(|(_, codes)| codes.binary_search(&area).is_ok())?;
    let state = state_of(Country::US, code)?;
    let (main, _) = zones_of(state)?;
    let split = SPLIT_AREA_CODES.binary_search_by_key(&area, |(split, _)| *split);
    let zones = split.map_or(main, |row| SPLIT_AREA_CODES[row].1);
    Some(signal(zones, main, [state]))
}

fn zones_of(state: State) -> Option<(ZoneSet, ZoneSet)> {
    let (_, main, all) = STATES.iter().find(|(code, ..)| *code == state.as_str())?;
    Some((*main, *all))
}

fn signal(zones: ZoneSet, main: ZoneSet, states: impl IntoIterator<Item = State>) -> Signal {
    let name = |bit: usize| NAMES.get(bit).copied();
    let members = (0..NAMES.len())
        .filter(|bit| zones & (1 << bit) != 0)
        .filter_map(name);
    let signal = Signal::new(members, states.into_iter().map(Region::State));
    match name(main.trailing_zeros() as usize) {
        Some(main) => signal.prefer(main),
        None => signal,
    }
}

fn of_zip(text: &str) -> Option<Zip> {
    let number = zip_number(text)?;
    let zip3 = u16::try_from(number / 100).ok()?;
    let row = ZIP3_ZONES.partition_point(|(_, last, _)| *last < zip3);
    let (first, _, zones) = ZIP3_ZONES.get(row)?;
    if *first > zip3 {
        return None;
    }
    let states = ZIP3_STATES
        .iter()
        .filter(|(first, last, _)| (*first..=*last).contains(&zip3))
        .filter_map(|(_, _, state)| state_of(Country::US, state))
        .collect();
    Some(Zip {
        zones: zones_of_run(number).unwrap_or(*zones),
        states,
    })
}

/// The zones of a ZIP code that lies in one of the runs.
fn zones_of_run(zip: u64) -> Option<ZoneSet> {
    let next = ZIP_RUNS.partition_point(|run| run / 100_000 <= zip);
    let run = ZIP_RUNS.get(next.checked_sub(1)?)?;
    let (first, last, zones) = (run / 100_000, run / 1_000 % 100, run % 1_000);
    let inside = zip / 100 == first / 100 && zip % 100 <= last;
    inside.then(|| ZoneSet::try_from(zones).ok()).flatten()
}

/// `32501`, `32501-1234`, or `2139` and `501`, whose zeros a spreadsheet has dropped.
fn zip_number(text: &str) -> Option<u64> {
    let five = text.split('-').next()?.trim();
    let valid = (3..=5).contains(&five.len()) && five.bytes().all(|b| b.is_ascii_digit());
    let nine = text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit());
    match (valid, nine) {
        (true, _) => five.parse().ok(),
        (_, true) => text.get(..5)?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_zones_area_codes_and_zip_codes() {
        for state in State::all(Country::US) {
            let signal = address(Some(state), None).unwrap();
            assert!(signal.zones.contains(&signal.main.unwrap()), "{state}");
            let codes = AREA_CODES.iter().find(|(code, _)| *code == state.as_str());
            assert!(codes.is_some_and(|(_, codes)| !codes.is_empty()), "{state}");
            assert!(
                ZIP3_STATES.iter().any(|(.., code)| *code == state.as_str()),
                "{state}"
            );
        }
    }

    #[test]
    fn the_tables_are_in_the_order_that_their_searches_need() {
        assert!(AREA_CODES.iter().all(|(_, codes)| codes.is_sorted()));
        assert!(SPLIT_AREA_CODES.is_sorted_by_key(|(code, _)| code));
        assert!(ZIP3_ZONES.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert!(ZIP_RUNS.is_sorted());
        let mut all: Vec<u16> = AREA_CODES
            .iter()
            .flat_map(|(_, codes)| *codes)
            .copied()
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!((count, all.len()), (365, 365));
    }

    #[test]
    fn a_run_of_zip_codes_holds_only_zones_of_its_prefix() {
        for run in ZIP_RUNS {
            let zip3 = u16::try_from(run / 10_000_000).unwrap();
            let zones = ZoneSet::try_from(run % 1_000).unwrap();
            let row = ZIP3_ZONES
                .iter()
                .find(|(a, b, _)| (*a..=*b).contains(&zip3))
                .unwrap();
            assert_eq!(zones & row.2, zones, "{run}");
        }
    }
}
