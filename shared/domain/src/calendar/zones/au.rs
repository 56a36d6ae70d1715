//! Australia: states, the postcodes whose zone differs from their state (R5), and the prefixes of fixed lines.
//! A postcode that contradicts the state counts as well as the state.

use super::signal::{Signal, state_of};
use crate::{calendar::region::Region, country::Country, region::State};

/// The zone of each state apart from the postcodes that differ.
const STATE_ZONES: [(&str, &str); 8] = [
    ("NSW", "Australia/Sydney"),
    ("VIC", "Australia/Melbourne"),
    ("QLD", "Australia/Brisbane"),
    ("SA", "Australia/Adelaide"),
    ("WA", "Australia/Perth"),
    ("TAS", "Australia/Hobart"),
    ("ACT", "Australia/Sydney"),
    ("NT", "Australia/Darwin"),
];

/// First and last postcode of a run, and its state.
const POSTCODES: [(u16, u16, &str); 14] = [
    (200, 299, "ACT"),
    (800, 999, "NT"),
    (1000, 2599, "NSW"),
    (2600, 2618, "ACT"),
    (2619, 2899, "NSW"),
    (2900, 2920, "ACT"),
    (2921, 2999, "NSW"),
    (3000, 3999, "VIC"),
    (4000, 4999, "QLD"),
    (5000, 5999, "SA"),
    (6000, 6999, "WA"),
    (7000, 7999, "TAS"),
    (8000, 8999, "VIC"),
    (9000, 9999, "QLD"),
];

type Deviation = (u16, &'static [&'static str], &'static [&'static str]);

const BROKEN_HILL: &str = "Australia/Broken_Hill";
const SYDNEY: &str = "Australia/Sydney";
const MELBOURNE: &str = "Australia/Melbourne";
const BRISBANE: &str = "Australia/Brisbane";
const ADELAIDE: &str = "Australia/Adelaide";
const DARWIN: &str = "Australia/Darwin";
const PERTH: &str = "Australia/Perth";

/// Postcodes with other zones or a second holiday calendar (R5), ascending; the likeliest zone first.
const DEVIATIONS: [Deviation; 23] = [
    (872, &[DARWIN, ADELAIDE, PERTH], &["NT", "SA", "WA"]),
    (2406, &[SYDNEY, BRISBANE], &["NSW", "QLD"]),
    (2540, &[SYDNEY], &["NSW", "ACT"]),
    (2611, &[SYDNEY], &["ACT", "NSW"]),
    (2618, &[SYDNEY], &["ACT", "NSW"]),
    (2620, &[SYDNEY], &["NSW", "ACT"]),
    (2880, &[BROKEN_HILL, SYDNEY], &["NSW"]),
    (2898, &["Australia/Lord_Howe"], &["NSW"]),
    (2899, &["Pacific/Norfolk"], &["NSW"]),
    (3500, &[MELBOURNE], &["VIC", "NSW"]),
    (3586, &[MELBOURNE], &["VIC", "NSW"]),
    (3644, &[MELBOURNE], &["VIC", "NSW"]),
    (3691, &[MELBOURNE], &["VIC", "NSW"]),
    (3707, &[MELBOURNE], &["VIC", "NSW"]),
    (4375, &[BRISBANE, SYDNEY], &["QLD", "NSW"]),
    (4377, &[BRISBANE, SYDNEY], &["QLD", "NSW"]),
    (4380, &[BRISBANE, SYDNEY], &["QLD", "NSW"]),
    (4383, &[BRISBANE, SYDNEY], &["QLD", "NSW"]),
    (4385, &[BRISBANE, SYDNEY], &["QLD", "NSW"]),
    (4825, &[BRISBANE, DARWIN], &["QLD", "NT"]),
    (6443, &[PERTH, "Australia/Eucla"], &["WA"]),
    (6798, &["Indian/Christmas"], &["WA"]),
    (6799, &["Indian/Cocos"], &["WA"]),
];

type Prefix = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

/// Prefixes of fixed lines without the leading zero, the longer ones first. A prefix that crosses a border names both
/// states; numbers are portable within 08, so all three of its states stay possible.
const PREFIXES: [Prefix; 13] = [
    ("89162", &["Indian/Cocos"], &["WA"]),
    ("89164", &["Indian/Christmas"], &["WA"]),
    ("260", &[SYDNEY, MELBOURNE], &["NSW", "VIC"]),
    ("350", &[MELBOURNE, SYDNEY], &["VIC", "NSW"]),
    ("358", &[MELBOURNE, SYDNEY], &["VIC", "NSW"]),
    ("746", &[BRISBANE, SYDNEY], &["QLD", "NSW"]),
    ("755", &[BRISBANE, SYDNEY], &["QLD", "NSW"]),
    ("756", &[BRISBANE, SYDNEY], &["QLD", "NSW"]),
    ("880", &[BROKEN_HILL], &["NSW"]),
    ("2", &[SYDNEY], &["NSW", "ACT"]),
    ("3", &[MELBOURNE, "Australia/Hobart"], &["VIC", "TAS"]),
    ("7", &[BRISBANE], &["QLD"]),
    ("8", &[ADELAIDE, PERTH, DARWIN], &["SA", "WA", "NT"]),
];

/// Digits of an Australian number behind `+61`.
const NATIONAL_DIGITS: usize = 9;

/// What a state and a postcode say; none if there is no state and no known postcode.
pub(super) fn address(state: Option<State>, postcode: Option<&str>) -> Option<Signal> {
    let postcode = postcode.and_then(of_postcode);
    let Some(state) = state.filter(|state| state.country() == Country::AU) else {
        return postcode;
    };
    let zone = zone_of(state.as_str())?;
    let own = || Signal::new([zone], [Region::State(state)]);
    Some(match postcode {
        None => own(),
        Some(signal) if signal.regions.contains(&Region::State(state)) => signal.prefer(zone),
        Some(signal) => own().union(&signal),
    })
}

/// What a fixed line says (`national` is without `+61`); none for mobile and special numbers.
pub(super) fn landline(national: &str) -> Option<Signal> {
    if national.len() != NATIONAL_DIGITS {
        return None;
    }
    let (_, zones, states) = PREFIXES
        .iter()
        .find(|(prefix, ..)| national.starts_with(prefix))?;
    Some(signal(zones, states))
}

fn of_postcode(text: &str) -> Option<Signal> {
    // Spreadsheets drop the zero of Darwin's 0800 and Canberra's 0200.
    if !(3..=4).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let code: u16 = text.parse().ok()?;
    if let Ok(row) = DEVIATIONS.binary_search_by_key(&code, |(number, ..)| *number) {
        let (_, zones, states) = DEVIATIONS[row];
        return Some(signal(zones, states));
    }
    let (.., state) = POSTCODES
        .iter()
        .find(|(first, last, _)| (*first..=*last).contains(&code))?;
    Some(signal(&[zone_of(state)?], &[state]))
}

fn zone_of(state: &str) -> Option<&'static str> {
    STATE_ZONES
        .iter()
        .find(|(code, _)| *code == state)
        .map(|(_, zone)| *zone)
}

fn signal(zones: &[&str], states: &[&str]) -> Signal {
    let states = states.iter().filter_map(|s| state_of(Country::AU, s));
    Signal::new(zones.iter().copied(), states.map(Region::State))
}
