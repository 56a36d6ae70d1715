//! What several tests need: published holidays, recipients, and a window oracle that walks minute by minute.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Timelike as _, Utc};
use touchline_domain::{
    calendar::{
        Candidates, Purpose, Recipient, Region, Span, Window, Zone, holidays::is_blocked, law,
    },
    country::Country,
    region::State,
};

/// Holidays as the Python package `holidays` 0.108 has them, 2024 to 2030: the eight Australian states (`AU-NSW`), Australia's nominal
/// days (`AU`), New Zealand, the United States, and the six states that forbid calls on legal holidays (`US-RI`).
pub static PUBLISHED: LazyLock<BTreeMap<String, BTreeSet<NaiveDate>>> = LazyLock::new(|| {
    let text = include_str!("../fixtures/calendar/holidays.csv");
    let mut published: BTreeMap<String, BTreeSet<NaiveDate>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut fields = line.split(',');
        let region = fields.next().unwrap().to_owned();
        let date = fields.next().unwrap().parse().unwrap();
        published.entry(region).or_default().insert(date);
    }
    published
});

/// A recipient from the texts of a lead; an empty text is a missing field.
pub fn recipient(country: &str, state: &str, postcode: &str, phone: &str) -> Recipient {
    let country: Option<Country> = (!country.is_empty()).then(|| country.parse().unwrap());
    Recipient {
        country,
        state: (!state.is_empty()).then(|| State::parse(country, state).unwrap()),
        postcode: (!postcode.is_empty()).then(|| postcode.to_owned()),
        phone: (!phone.is_empty()).then(|| phone.parse().unwrap()),
        ..Recipient::default()
    }
}

/// The candidates of such a recipient.
pub fn candidates(country: &str, state: &str, postcode: &str, phone: &str) -> Candidates {
    recipient(country, state, postcode, phone).candidates()
}

/// The names of the candidate zones.
pub fn zone_names(candidates: &Candidates) -> Vec<&'static str> {
    candidates.zones().iter().map(|zone| zone.name()).collect()
}

/// The regions in short: `NSW`, `US`.
pub fn region_names(candidates: &Candidates) -> Vec<String> {
    let name = |region: &Region| match region {
        Region::Country(country) => country.to_string(),
        Region::State(state) => state.to_string(),
    };
    candidates.regions().iter().map(name).collect()
}

/// An instant from RFC 3339.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Brute force: what [`touchline_domain::calendar::check`] should say, one minute at a time.
pub struct Definition<'a> {
    pub purpose: Purpose,
    pub window: &'a Window,
    pub candidates: &'a Candidates,
    weeks: RefCell<BTreeMap<NaiveDate, Vec<Zone>>>,
}

impl<'a> Definition<'a> {
    pub fn new(purpose: Purpose, window: &'a Window, candidates: &'a Candidates) -> Self {
        Self {
            purpose,
            window,
            candidates,
            weeks: RefCell::default(),
        }
    }

    /// Inside window and law in every zone that decides, and no holiday of any region, at this very minute.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        !self.candidates.zones().is_empty()
            && self.deciding(at).iter().all(|zone| {
                self.is_inside(*zone, at) && {
                    let date = zone.local(at).date();
                    let channel = self.purpose.channel();
                    self.candidates
                        .regions()
                        .iter()
                        .all(|r| !is_blocked(channel, &[*r], date))
                }
            })
    }

    fn is_inside(&self, zone: Zone, at: DateTime<Utc>) -> bool {
        let local = zone.local(at);
        let weekday = local.weekday().num_days_from_monday() as usize;
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap();
        let inside = |span: Span| span.from() <= minute && minute < span.to();
        let channel = self.purpose.channel();
        self.window.day(weekday).any(inside)
            && self
                .candidates
                .regions()
                .iter()
                .all(|region| law::bound(channel, *region).0[weekday].is_some_and(inside))
    }

    /// Decision 0101: all zones, unless a channel without legal hours has no common minute in the week.
    fn deciding(&self, at: DateTime<Utc>) -> Vec<Zone> {
        let all = self.candidates.zones();
        let main = self.candidates.main().unwrap();
        if self.purpose.channel().uses_phone() || all.len() == 1 {
            return all.to_vec();
        }
        let date = main.local(at).date();
        let monday = date.week(chrono::Weekday::Mon).first_day();
        let mut weeks = self.weeks.borrow_mut();
        let work_out = || {
            // Offsets and windows are multiples of a quarter of an hour.
            let quarters = || {
                let start = main.start_of_day(monday);
                (0..8 * 96)
                    .map(move |n| start + TimeDelta::minutes(15 * n))
                    .take_while(|at| main.local(*at).date() < monday + TimeDelta::days(7))
            };
            let meets = |zones: &[Zone]| {
                quarters().any(|at| zones.iter().all(|zone| self.is_inside(*zone, at)))
            };
            let sets = [all, self.candidates.core()];
            sets.into_iter()
                .find(|zones| meets(zones))
                .map_or(vec![main], <[Zone]>::to_vec)
        };
        weeks.entry(monday).or_insert_with(work_out).clone()
    }
}
