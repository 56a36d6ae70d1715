//! What a phone number says about its place (R4, R25). Mobile and toll-free numbers only tell their country. The
//! time-zone data of libphonenumber is not used, because it is wrong for Australia and for area codes with two zones.

use super::{
    au,
    dialling::{CALLING_CODES, OTHER_AREA_CODES},
    signal::Signal,
    us,
};
use crate::{calendar::region::Region, contact::E164, country::Country};

/// The place of a phone number.
#[derive(Clone, Debug)]
pub(super) enum PhonePlace {
    /// A prefix that belongs to a part of a country.
    Local(Signal),
    /// Somewhere in one of these countries.
    Countries(Vec<Country>),
}

impl PhonePlace {
    /// The country, if there is just one.
    pub fn country(&self) -> Option<Country> {
        match self {
            Self::Local(signal) => signal.regions.first().map(|region| region.country()),
            Self::Countries(list) if list.len() == 1 => list.first().copied(),
            Self::Countries(_) => None,
        }
    }
}

/// The place of `phone`, or none if its calling code is not assigned.
pub(super) fn place(phone: &E164) -> Option<PhonePlace> {
    let digits = phone.as_str().strip_prefix('+')?;
    if let Some(national) = digits.strip_prefix('1') {
        return Some(north_america(national));
    }
    let (code, national) = (1..=3).find_map(|length| {
        let (code, rest) = digits.split_at_checked(length)?;
        let code: u16 = code.parse().ok()?;
        CALLING_CODES
            .binary_search_by_key(&code, |(c, _)| *c)
            .ok()
            .map(|row| (row, rest))
    })?;
    match CALLING_CODES[code].0 {
        61 => Some(au::landline(national).map_or_else(
            || PhonePlace::Countries(vec![Country::AU]),
            PhonePlace::Local,
        )),
        64 if national.starts_with("3305") => Some(PhonePlace::Local(Signal::new(
            ["Pacific/Chatham"],
            [Region::Country(Country::NZ)],
        ))),
        _ => {
            let names = CALLING_CODES[code].1.split(' ');
            Some(PhonePlace::Countries(
                names.filter_map(|c| c.parse().ok()).collect(),
            ))
        }
    }
}

/// `+1` is shared: an area code names a state, or another country. One that does neither (toll-free, unassigned)
/// may be anywhere in the two large countries.
fn north_america(national: &str) -> PhonePlace {
    let area: Option<u16> = national.get(..3).and_then(|text| text.parse().ok());
    if let Some(signal) = area.and_then(us::area_code) {
        return PhonePlace::Local(signal);
    }
    let other = OTHER_AREA_CODES
        .iter()
        .find(|(_, codes)| area.is_some_and(|area| codes.contains(&area)))
        .and_then(|(country, _)| country.parse().ok());
    PhonePlace::Countries(other.map_or_else(|| vec![Country::US, Country::CA], |c| vec![c]))
}
