//! Holidays against the published ones (R21, R22).

use chrono::NaiveDate;
use touchline_domain::{
    calendar::{
        Region,
        holidays::{is_blocked, is_public_holiday},
    },
    channel::Channel,
    country::Country,
    region::State,
};

use crate::fixture::PUBLISHED;

fn region(key: &str) -> Region {
    key.split_once('-').map_or_else(
        || Region::Country(key.parse().unwrap()),
        |(country, state)| {
            let country: Country = country.parse().unwrap();
            Region::State(State::parse(Some(country), state).unwrap())
        },
    )
}

fn days() -> impl Iterator<Item = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    first
        .iter_days()
        .take_while(|date| *date < NaiveDate::from_ymd_opt(2031, 1, 1).unwrap())
}

#[test]
fn r22_holidays_equal_the_published_ones_for_every_state_and_country_from_2024_to_2030() {
    let mut compared = 0;
    for (key, published) in PUBLISHED.iter() {
        // `AU` alone has nominal dates only; the states of the US are compared below.
        if key == "AU" || key.starts_with("US-") {
            continue;
        }
        compared += 1;
        for date in days() {
            let ours = is_public_holiday(region(key), date);
            assert_eq!(ours, published.contains(&date), "{key} {date}");
        }
    }
    assert_eq!(compared, 10);
}

#[test]
fn r22_every_state_is_blocked_on_the_national_days_for_every_channel() {
    for state in State::all(Country::AU) {
        for date in &PUBLISHED["AU"] {
            assert!(
                is_blocked(Channel::Voice, &[Region::State(state)], *date),
                "{state} {date}"
            );
            assert!(
                is_blocked(Channel::Email, &[Region::State(state)], *date),
                "{state} {date}"
            );
        }
    }
}

#[test]
fn r16_states_that_forbid_calls_on_legal_holidays_block_at_least_the_published_ones() {
    let unknown = Region::Country(Country::US);
    for (key, published) in PUBLISHED.iter().filter(|(key, _)| key.starts_with("US-")) {
        for date in published {
            assert!(
                is_blocked(Channel::Voice, &[region(key)], *date),
                "{key} {date}"
            );
            assert!(
                is_blocked(Channel::Sms, &[unknown], *date),
                "unknown state {date}"
            );
            let federal = PUBLISHED["US"].contains(date);
            assert_eq!(
                is_blocked(Channel::Email, &[region(key)], *date),
                federal,
                "{key} {date}"
            );
        }
    }
}

#[test]
fn the_united_kingdom_rests_on_bank_holidays_for_calls_alone() {
    let gb = Region::Country(Country::GB);
    for date in [
        "2026-01-02",
        "2026-04-06",
        "2026-05-04",
        "2026-08-31",
        "2026-12-28",
    ] {
        let date: NaiveDate = date.parse().unwrap();
        assert!(is_blocked(Channel::Voice, &[gb], date), "{date}");
        assert!(!is_blocked(Channel::Email, &[gb], date), "{date}");
    }
    assert!(!is_blocked(
        Channel::Voice,
        &[gb],
        "2026-06-02".parse().unwrap()
    ));
}
