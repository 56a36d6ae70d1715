//! Where a recipient may be: candidate zones and jurisdictions (WIN-3, R4, R5, R24, R25). An unknown signal is ignored;
//! a conflicting one adds its zones. Neither can widen the allowed window.

mod au;
mod dialling;
mod phone;
mod signal;
mod us;
mod us_codes;
mod us_zip;
mod us_zip_runs;
mod world;
mod zone_regions;

use self::{phone::PhonePlace, signal::Signal};
use super::{civil::Zone, region::Region};
use crate::{contact::E164, country::Country, region::State};

/// What is known of the place of a recipient. Every field may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    /// Country of the address.
    pub country: Option<Country>,
    /// State or territory of the address.
    pub state: Option<State>,
    /// Postcode or ZIP code as given; one that fits no pattern of the country is ignored.
    pub postcode: Option<String>,
    /// The number that would be reached.
    pub phone: Option<E164>,
    /// Zone stated on the lead: trusted over everything else.
    pub timezone: Option<Zone>,
    /// Zone of the tenant, for a recipient about whom nothing is known.
    pub tenant_zone: Option<Zone>,
}

/// The zones that a recipient may be in and the jurisdictions that may bind a touch. A touch must be inside the
/// window in all zones and on a holiday of no region (WIN-3, R1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    zones: Vec<Zone>,
    core: Vec<Zone>,
    main: Option<Zone>,
    regions: Vec<Region>,
}

impl Candidates {
    /// Every possible zone, ascending by name; empty when nothing is known (reason `unknown_zone`).
    #[must_use]
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// The zones of the most trusted signal alone: the address, without a phone number that contradicts it.
    #[must_use]
    pub fn core(&self) -> &[Zone] {
        &self.core
    }

    /// The likeliest zone: that of most people where the most trusted signal points.
    #[must_use]
    pub fn main(&self) -> Option<Zone> {
        self.main
    }

    /// Every jurisdiction whose hours or holidays may bind, ascending.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    fn of(all: Signal, core: Signal) -> Self {
        let Signal { zones, regions, .. } = all;
        Self {
            zones,
            core: core.zones,
            main: core.main,
            regions,
        }
    }

    fn of_zone(zone: Zone, regions: Vec<Region>) -> Self {
        Self {
            zones: vec![zone],
            core: vec![zone],
            main: Some(zone),
            regions,
        }
    }
}

/// What address and phone say together, and what the more trusted of them says alone.
struct Place {
    all: Signal,
    core: Signal,
    /// Whether state or postcode are known, not just the country.
    has_address: bool,
}

impl Recipient {
    /// The candidate zones and regions, in the order of WIN-3: explicit zone; AU state and postcode; US state and ZIP, or
    /// area code; country; the tenant's zone.
    #[must_use]
    pub fn candidates(&self) -> Candidates {
        let place = self.place();
        match (self.timezone, place) {
            (Some(zone), place) => Candidates::of_zone(zone, explicit_regions(zone, place)),
            (None, Some(place)) => Candidates::of(place.all, place.core),
            (None, None) => self.tenant_zone.map_or_else(Candidates::default, |zone| {
                Candidates::of_zone(zone, zone_regions::of(zone))
            }),
        }
    }

    fn place(&self) -> Option<Place> {
        let phone = self.phone.as_ref().and_then(phone::place);
        let (country, state) = self.home(phone.as_ref());
        if let Some(address) = self.address(country, state) {
            let core = match country.filter(|c| !address.is_in(*c)) {
                Some(other) => address.or_union(signal::of_country(other)),
                None => address,
            };
            let all = with_phone(core.clone(), phone);
            return Some(Place {
                all,
                core,
                has_address: true,
            });
        }
        let (all, core) = match (self.country.and_then(signal::of_country), phone) {
            (Some(core), Some(PhonePlace::Local(local))) if local.shares_country(&core) => {
                (local.clone(), local)
            }
            (Some(core), phone) => (with_phone(core.clone(), phone), core),
            (None, Some(PhonePlace::Local(local))) => (local.clone(), local),
            (None, Some(PhonePlace::Countries(list))) => {
                let all = signal::of_countries(&list)?;
                (all.clone(), all)
            }
            (None, None) => return None,
        };
        Some(Place {
            all,
            core,
            has_address: false,
        })
    }

    /// Country and state, with the gaps filled: a state knows its country, a territory is both, and a postcode
    /// without a country is read as one of the phone's country.
    fn home(&self, phone: Option<&PhonePlace>) -> (Option<Country>, Option<State>) {
        let territory = self.country.and_then(us::territory);
        if let Some(territory) = territory {
            return (Some(Country::US), self.state.or(Some(territory)));
        }
        let country = self
            .country
            .or(self.state.map(State::country))
            .or_else(|| phone.and_then(PhonePlace::country));
        (country, self.state)
    }

    fn address(&self, country: Option<Country>, state: Option<State>) -> Option<Signal> {
        let postcode = self.postcode.as_deref().map(str::trim);
        match state.map(State::country).or(country)? {
            Country::AU => au::address(state, postcode),
            Country::US => us::address(state, postcode),
            Country::NZ => signal::nz_address(postcode?),
            _ => None,
        }
    }
}

/// Address and phone together (R24): an address that agrees with the phone counts alone, otherwise both count.
fn with_phone(address: Signal, phone: Option<PhonePlace>) -> Signal {
    match phone {
        Some(PhonePlace::Local(local)) if !address.agrees_with(&local) => address.union(&local),
        Some(PhonePlace::Countries(list)) if !list.iter().any(|c| address.is_in(*c)) => {
            address.or_union(signal::of_countries(&list))
        }
        _ => address,
    }
}

/// The regions of a recipient whose zone is stated: those of address and phone that keep this zone; where none of them
/// can, both sets.
fn explicit_regions(zone: Zone, place: Option<Place>) -> Vec<Region> {
    let own = zone_regions::of(zone);
    let Some(place) = place else { return own };
    let known = &place.all.regions;
    let common: Vec<Region> = known.iter().filter(|r| own.contains(r)).copied().collect();
    if !common.is_empty() {
        return common;
    }
    let same_country = own.iter().any(|r| place.all.is_in(r.country()));
    let plausible = place.has_address || place.all.zones.iter().any(|z| z.same_clock(zone));
    let mut regions = known.clone();
    if !(own.is_empty() || same_country && plausible) {
        regions.extend(own);
        regions.sort_unstable();
        regions.dedup();
    }
    regions
}
