//! Public holidays by rule (WIN-4, R21, R22): Australian states, New Zealand, United States. Part-days, regional show
//! days other than the Ekka, and holidays that a government proclaims for one year are not modelled. The Ekka and the
//! Melbourne Cup apply to the whole state: closing a day too many is safe.

mod au;
mod gb;
mod nz;
mod rules;
mod us;

use chrono::NaiveDate;

pub use nz::nz_holiday;
pub use rules::easter_sunday;
pub use us::federal_holiday;

use self::rules::Day;
use super::region::Region;
use crate::{channel::Channel, country::Country, region::State};

/// Whether `date` is a public holiday in `region`. Australia as a whole has the holidays of all its states; the United
/// States and their states have the federal ones; countries other than these and New Zealand have none here (WIN-4).
#[must_use]
pub fn is_public_holiday(region: Region, date: NaiveDate) -> bool {
    is_public(region, Day::of(date))
}

fn is_public(region: Region, day: Day) -> bool {
    match (region.country(), region) {
        (Country::AU, Region::State(state)) => au::is_state_holiday(state, day),
        (Country::AU, Region::Country(_)) => {
            State::all(Country::AU).any(|state| au::is_state_holiday(state, day))
        }
        (Country::NZ, _) => nz_holiday(day.date),
        (Country::US, _) => federal_holiday(day.date),
        _ => false,
    }
}

/// Whether nothing may go out on `channel` on `date` because one of `regions` has a public holiday, a nominal date of
/// Australia's national days (R22), or, for calls and texts, a legal holiday on which a state or an industry code forbids
/// them.
#[must_use]
pub fn is_blocked(channel: Channel, regions: &[Region], date: NaiveDate) -> bool {
    let day = Day::of(date);
    regions.iter().any(|region| blocks(channel, *region, day))
}

/// The trade's guide of the United Kingdom is about calls alone (3).
fn rests_in_britain(channel: Channel, day: Day) -> bool {
    match channel {
        Channel::Voice => gb::bank_holiday(day),
        Channel::Email | Channel::Sms | Channel::Linkedin | Channel::Mail => false,
    }
}

fn blocks(channel: Channel, region: Region, day: Day) -> bool {
    if is_public(region, day) {
        return true;
    }
    match (region.country(), region) {
        (Country::AU, _) => au::is_national(day),
        (Country::US, Region::State(state)) => {
            channel.uses_phone() && us::legal_holiday(state.as_str(), day)
        }
        (Country::US, Region::Country(_)) => {
            channel.uses_phone() && us::legal_holiday_somewhere(day)
        }
        (Country::GB, _) => rests_in_britain(channel, day),
        _ => false,
    }
}
