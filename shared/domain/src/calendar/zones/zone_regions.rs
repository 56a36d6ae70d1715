//! The jurisdictions of a zone, for a lead about whom only the zone is known.
//! A zone of the United States leaves the state unknown; a zone outside the four countries below has no region.

use super::signal::state_of;
use crate::{
    calendar::{civil::Zone, region::Region},
    country::Country,
};

/// Zones of Australia with their aliases (IANA `zone.tab` and `backward`), and the states that use them.
const AU: [(&str, &[&str]); 23] = [
    ("Australia/ACT", &["ACT", "NSW"]),
    ("Australia/Adelaide", &["SA"]),
    ("Australia/Brisbane", &["QLD"]),
    ("Australia/Broken_Hill", &["NSW"]),
    ("Australia/Canberra", &["ACT", "NSW"]),
    ("Australia/Currie", &["TAS"]),
    ("Australia/Darwin", &["NT"]),
    ("Australia/Eucla", &["WA"]),
    ("Australia/Hobart", &["TAS"]),
    ("Australia/LHI", &["NSW"]),
    ("Australia/Lindeman", &["QLD"]),
    ("Australia/Lord_Howe", &["NSW"]),
    ("Australia/Melbourne", &["VIC"]),
    ("Australia/NSW", &["ACT", "NSW"]),
    ("Australia/North", &["NT"]),
    ("Australia/Perth", &["WA"]),
    ("Australia/Queensland", &["QLD"]),
    ("Australia/South", &["SA"]),
    ("Australia/Sydney", &["ACT", "NSW"]),
    ("Australia/Tasmania", &["TAS"]),
    ("Australia/Victoria", &["VIC"]),
    ("Australia/West", &["WA"]),
    ("Australia/Yancowinna", &["NSW"]),
];

/// Zones of the United States outside `US/`, `America/Indiana/`, `America/Kentucky/` and `America/North_Dakota/`.
const US: [&str; 27] = [
    "America/Adak",
    "America/Anchorage",
    "America/Atka",
    "America/Boise",
    "America/Chicago",
    "America/Denver",
    "America/Detroit",
    "America/Fort_Wayne",
    "America/Indianapolis",
    "America/Juneau",
    "America/Knox_IN",
    "America/Los_Angeles",
    "America/Louisville",
    "America/Menominee",
    "America/Metlakatla",
    "America/New_York",
    "America/Nome",
    "America/Phoenix",
    "America/Puerto_Rico",
    "America/Shiprock",
    "America/Sitka",
    "America/St_Thomas",
    "America/Yakutat",
    "Navajo",
    "Pacific/Guam",
    "Pacific/Honolulu",
    "Pacific/Pago_Pago",
];

const US_FOLDERS: [&str; 4] = [
    "US/",
    "America/Indiana/",
    "America/Kentucky/",
    "America/North_Dakota/",
];

const NZ: [&str; 4] = ["NZ", "NZ-CHAT", "Pacific/Auckland", "Pacific/Chatham"];

const GB: [&str; 4] = ["Europe/Belfast", "Europe/London", "GB", "GB-Eire"];

/// The regions that a clock in `zone` may belong to, ascending; none where no law or holiday is known here.
pub(super) fn of(zone: Zone) -> Vec<Region> {
    let name = zone.name();
    if let Ok(row) = AU.binary_search_by_key(&name, |(zone, _)| zone) {
        let states = AU[row].1.iter().filter_map(|s| state_of(Country::AU, s));
        let mut regions: Vec<Region> = states.map(Region::State).collect();
        regions.sort_unstable();
        return regions;
    }
    let country = if US.contains(&name) || US_FOLDERS.iter().any(|f| name.starts_with(f)) {
        Country::US
    } else if NZ.contains(&name) {
        Country::NZ
    } else if GB.contains(&name) {
        Country::GB
    } else {
        return Vec::new();
    };
    vec![Region::Country(country)]
}
