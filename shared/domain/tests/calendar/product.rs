//! Every zone of the database at every hour of 2026 to 2028, against an oracle that only adds an offset to the hour and
//! looks it up in a table of weekdays and published holidays. The zones are dealt out to four tests, which run at once.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate};
use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};
use touchline_domain::{
    calendar::{Candidates, Opening, Purpose, Recipient, Region, Zone, check},
    channel::Channel,
    country::Country,
};

use crate::fixture::PUBLISHED;

const HOUR: i64 = 3_600;
/// 2026-01-01 and 2029-01-01, 00:00 UTC.
const START: i64 = 1_767_225_600;
const END: i64 = 1_861_920_000;
/// Every so many hours the answer is also asked afresh; the hours asked differ from zone to zone.
const FRESH: i64 = 29;

const CHANNELS: [Channel; 4] = [
    Channel::Email,
    Channel::Sms,
    Channel::Voice,
    Channel::Linkedin,
];

struct Oracle {
    /// Offsets from UTC in seconds, each from an instant on.
    offsets: Vec<(i64, i64)>,
    /// Which of the minutes of a day of the week are open, 0 is Thursday as on 1 January 1970.
    hours: Vec<Vec<(i64, i64)>>,
    holidays: BTreeSet<i64>,
}

impl Oracle {
    fn new(zone: &str, channel: Channel, regions: &[Region]) -> Self {
        let country = regions.first().map(|region| region.country());
        let weekday = weekday_hours(channel, country);
        let saturday = if channel == Channel::Linkedin {
            vec![(8, 18)]
        } else {
            vec![]
        };
        let hours = (0..7)
            .map(|day| match day {
                2 => saturday.clone(),
                3 => vec![],
                _ => weekday.clone(),
            })
            .collect();
        let tz = TimeZoneDatabase::bundled().get(zone).unwrap();
        Self {
            offsets: offsets(&tz),
            hours,
            holidays: published(channel, regions),
        }
    }

    fn is_open(&self, hour: i64) -> bool {
        let row = self
            .offsets
            .iter()
            .rev()
            .find(|(from, _)| *from <= hour)
            .unwrap();
        let local = hour + row.1;
        let (day, secs) = (local / 86_400, local % 86_400);
        let spans = &self.hours[usize::try_from(day % 7).unwrap()];
        spans
            .iter()
            .any(|(from, to)| from * HOUR <= secs && secs < to * HOUR)
            && !self.holidays.contains(&day)
    }
}

/// WIN-1, clipped to the hours that every state allows (R16) where only the country is known.
fn weekday_hours(channel: Channel, country: Option<Country>) -> Vec<(i64, i64)> {
    let american = country == Some(Country::US);
    match channel {
        Channel::Email => vec![(9, 11)],
        Channel::Sms if american => vec![(10, 17)],
        Channel::Sms => vec![(9, 17)],
        Channel::Voice if american => vec![(10, 12), (13, 17)],
        Channel::Voice => vec![(9, 12), (13, 17)],
        _ => vec![(8, 18)],
    }
}

fn offsets(tz: &TimeZone) -> Vec<(i64, i64)> {
    let start = Timestamp::from_second(START).unwrap();
    let mut offsets = vec![(START, i64::from(tz.to_offset(start).seconds()))];
    offsets.extend(
        tz.following(start)
            .map(|change| {
                (
                    change.timestamp().as_second(),
                    i64::from(change.offset().seconds()),
                )
            })
            .take_while(|(at, _)| *at < END),
    );
    offsets
}

/// The published holidays of the regions, as days since 1970.
fn published(channel: Channel, regions: &[Region]) -> BTreeSet<i64> {
    let mut keys: Vec<String> = Vec::new();
    for region in regions {
        match region {
            Region::State(state) => keys.extend(["AU".to_owned(), format!("AU-{state}")]),
            Region::Country(country) => keys.push(country.to_string()),
        }
        // Calls and texts rest on the legal holidays of every state that the recipient may be in.
        if *region == Region::Country(Country::US) && channel.uses_phone() {
            keys.extend(
                PUBLISHED
                    .keys()
                    .filter(|key| key.starts_with("US-"))
                    .cloned(),
            );
        }
    }
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
    keys.iter()
        .filter_map(|key| PUBLISHED.get(key))
        .flatten()
        .map(|date| date.signed_duration_since(epoch).num_days())
        .collect()
}

fn is_open(purpose: Purpose, who: &Candidates, at: i64) -> (bool, i64) {
    let now = DateTime::from_timestamp(at, 0).unwrap();
    match check(purpose, &purpose.default_window(), who, now) {
        Opening::Open { closes_at } => (true, closes_at.timestamp()),
        Opening::Closed { next_open, .. } => (false, next_open.unwrap().timestamp()),
    }
}

fn compare(zone: &str, channel: Channel, turn: i64) -> u32 {
    let timezone: Option<Zone> = zone.parse().ok();
    let who = Recipient {
        timezone,
        ..Recipient::default()
    }
    .candidates();
    let purpose = Purpose::FirstTouch(channel);
    let oracle = Oracle::new(zone, channel, who.regions());
    let (mut compared, mut answer) = (0, is_open(purpose, &who, START));
    for hour in (START..END).step_by(3_600) {
        while answer.1 <= hour {
            answer = is_open(purpose, &who, answer.1);
        }
        assert_eq!(answer.0, oracle.is_open(hour), "{zone} {channel} {hour}");
        if (hour / HOUR + turn) % FRESH == 0 {
            assert_eq!(
                is_open(purpose, &who, hour),
                answer,
                "{zone} {channel} {hour}"
            );
        }
        compared += 1;
    }
    compared
}

/// A zone of a country whose law and holidays are known is compared on every channel, another one on one channel.
fn compare_every_fourth_zone(first: usize) {
    for (index, zone) in Zone::names().enumerate().skip(first).step_by(4) {
        let turn = i64::try_from(index).unwrap();
        let who = Recipient {
            timezone: zone.parse().ok(),
            ..Recipient::default()
        };
        let known = !who.candidates().regions().is_empty();
        let channels = if known {
            &CHANNELS[..]
        } else {
            &CHANNELS[index / 4 % 4..][..1]
        };
        for channel in channels {
            // British calls rest on bank holidays, which are not in the fixture.
            if zone_is_british(&who) && *channel == Channel::Voice {
                continue;
            }
            assert_eq!(compare(zone, *channel, turn), 26_304);
        }
    }
}

fn zone_is_british(who: &Recipient) -> bool {
    who.candidates()
        .regions()
        .contains(&Region::Country(Country::GB))
}

#[test]
fn every_zone_at_every_hour_agrees_with_the_oracle_first_quarter() {
    compare_every_fourth_zone(0);
}

#[test]
fn every_zone_at_every_hour_agrees_with_the_oracle_second_quarter() {
    compare_every_fourth_zone(1);
}

#[test]
fn every_zone_at_every_hour_agrees_with_the_oracle_third_quarter() {
    compare_every_fourth_zone(2);
}

#[test]
fn every_zone_at_every_hour_agrees_with_the_oracle_last_quarter() {
    compare_every_fourth_zone(3);
}
