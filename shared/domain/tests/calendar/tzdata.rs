//! The database behind `chrono-tz` against ours, for the zones that are served.

use chrono::{DateTime, Offset as _, TimeZone as _, Utc};
use touchline_domain::calendar::Zone;

/// Zones of Australia, New Zealand and the United States, by the name of their folder or their own.
fn is_served(name: &str) -> bool {
    let folders = [
        "Australia/",
        "US/",
        "America/Indiana/",
        "America/Kentucky/",
        "NZ",
    ];
    let single = [
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Phoenix",
        "America/Los_Angeles",
        "America/Anchorage",
        "America/Adak",
        "America/Boise",
        "America/Detroit",
        "America/Menominee",
        "America/Puerto_Rico",
        "Pacific/Honolulu",
        "Pacific/Guam",
        "Pacific/Pago_Pago",
        "Pacific/Auckland",
        "Pacific/Chatham",
        "Pacific/Norfolk",
        "Indian/Christmas",
        "Indian/Cocos",
    ];
    folders.iter().any(|folder| name.starts_with(folder)) || single.contains(&name)
}

#[test]
fn chrono_tz_and_jiff_agree_on_every_zone_that_is_served_until_2036() {
    let start = Utc
        .with_ymd_and_hms(2024, 1, 1, 0, 0, 0)
        .unwrap()
        .timestamp();
    let end = Utc
        .with_ymd_and_hms(2036, 1, 1, 0, 0, 0)
        .unwrap()
        .timestamp();
    let mut served = 0;
    for name in Zone::names().filter(|name| is_served(name)) {
        served += 1;
        let ours: Zone = name.parse().unwrap();
        let theirs: chrono_tz::Tz = name.parse().unwrap();
        // Four samples a day see every rule that differs for longer than six hours.
        for secs in (start..end).step_by(6 * 3600) {
            let at = DateTime::from_timestamp(secs, 0).unwrap();
            let offset = theirs.offset_from_utc_datetime(&at.naive_utc()).fix();
            let expected = at.with_timezone(&offset).naive_local();
            assert_eq!(ours.local(at), expected, "{name} {at}");
        }
    }
    assert!(served > 55, "{served} zones");
}
