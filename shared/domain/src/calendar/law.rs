//! Legal hours for calls and texts by jurisdiction (R1, R16). No statute sets hours for e-mail, `LinkedIn` or post.
//! Where sources conflict, the stricter one applies.

use super::{
    hours::{Bound, Span},
    region::Region,
};
use crate::{channel::Channel, country::Country};

/// Australia (R1): Mon-Fri 09:00-20:00, Saturday 09:00-17:00, never on Sunday.
const AU_CALLS: Bound = Bound::new(Span::hours(9, 20), Some(Span::hours(9, 17)), None);
/// The voluntary code of New Zealand, kept as a bound.
const NZ_CALLS: Bound = Bound::new(Span::hours(8, 21), Some(Span::hours(8, 21)), None);
/// The industry guide of the United Kingdom, kept as a bound.
const GB_CALLS: Bound = Bound::new(Span::hours(8, 21), Some(Span::hours(9, 21)), None);
/// United States, state unknown: the hours that every state allows (R16).
const US_UNKNOWN_TEXTS: Bound = Bound::new(Span::hours(10, 18), Some(Span::hours(10, 17)), None);
/// The same for AI voice calls, which Maine limits further.
const US_UNKNOWN_CALLS: Bound = Bound::new(Span::hours(10, 17), Some(Span::hours(10, 17)), None);
/// A country whose law is not modelled gets weekdays inside the follow-up window and no more.
const UNRESEARCHED_CALLS: Bound = Bound::new(Span::hours(9, 20), None, None);

/// The same hours on all seven days.
const fn daily(from: u16, to: u16) -> Bound {
    let span = Span::hours(from, to);
    Bound::new(span, Some(span), Some(span))
}

/// The same hours from Monday to Saturday, nothing on Sunday.
const fn not_sunday(from: u16, to: u16) -> Bound {
    let span = Span::hours(from, to);
    Bound::new(span, Some(span), None)
}

/// The hours in which `channel` may reach a recipient in `region` (WIN-1, R1, R16).
#[must_use]
pub fn bound(channel: Channel, region: Region) -> Bound {
    match channel {
        Channel::Email | Channel::Linkedin | Channel::Mail => Bound::FREE,
        Channel::Sms => texts(region),
        Channel::Voice => calls(region),
    }
}

fn texts(region: Region) -> Bound {
    match (region.country(), region) {
        (Country::US, Region::State(state)) => us_state(state.as_str(), false),
        (Country::US, Region::Country(_)) => US_UNKNOWN_TEXTS,
        _ => Bound::FREE,
    }
}

fn calls(region: Region) -> Bound {
    match (region.country(), region) {
        (Country::US, Region::State(state)) => us_state(state.as_str(), true),
        (Country::US, Region::Country(_)) => US_UNKNOWN_CALLS,
        (Country::AU, _) => AU_CALLS,
        (Country::NZ, _) => NZ_CALLS,
        (Country::GB, _) => GB_CALLS,
        _ => UNRESEARCHED_CALLS,
    }
}

/// The hours that all `regions` allow.
#[must_use]
pub fn common_bound(channel: Channel, regions: &[Region]) -> Bound {
    if !channel.uses_phone() {
        return Bound::FREE;
    }
    regions.iter().fold(Bound::FREE, |both, region| {
        both.and(&bound(channel, *region))
    })
}

/// State hours inside the federal 08:00-21:00 (R16).
fn us_state(state: &str, voice: bool) -> Bound {
    match state {
        "FL" | "OK" | "MD" | "WA" | "OR" | "MA" | "WY" => daily(8, 20),
        "TX" => Bound::new(
            Span::hours(9, 21),
            Some(Span::hours(9, 21)),
            Some(Span::hours(12, 21)),
        ),
        "CT" | "NV" => daily(9, 20),
        "KY" => daily(10, 21),
        "RI" => Bound::new(Span::hours(9, 18), Some(Span::hours(10, 17)), None),
        "AL" | "LA" | "MS" => not_sunday(8, 20),
        "MI" | "MN" | "PR" | "IL" | "CA" => daily(9, 21),
        // PA: the Sunday ban of 18 Oct 2026 is unverified; the stricter reading stands.
        "UT" | "PA" => not_sunday(8, 21),
        "ME" if voice => Bound::new(Span::hours(9, 17), None, None),
        // Sources conflict; this is the strictest of them.
        "NM" | "SD" | "NE" => not_sunday(9, 21),
        _ => daily(8, 21),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::State;

    fn bound_of(channel: Channel, state: State) -> Bound {
        bound(channel, Region::State(state))
    }

    #[test]
    fn r16_an_unknown_state_gets_the_intersection_of_every_row() {
        for (channel, unknown) in [
            (Channel::Voice, US_UNKNOWN_CALLS),
            (Channel::Sms, US_UNKNOWN_TEXTS),
        ] {
            let all = State::all(Country::US)
                .filter(|state| channel == Channel::Sms || state.as_str() != "ME")
                .fold(Bound::FREE, |both, state| {
                    both.and(&bound_of(channel, state))
                });
            let expected = if channel == Channel::Voice {
                // An unknown state keeps Maine's 17:00 but not its empty Saturday.
                all.and(&daily(10, 17))
            } else {
                all
            };
            assert_eq!(unknown, expected);
        }
    }

    #[test]
    fn r16_no_state_is_wider_than_the_federal_hours() {
        for state in State::all(Country::US) {
            for channel in [Channel::Voice, Channel::Sms] {
                let own = bound_of(channel, state);
                assert_eq!(own.and(&daily(8, 21)), own, "{state}");
            }
        }
    }

    /// Friday, Saturday and Sunday of a bound.
    fn row(bound: &Bound) -> String {
        let days = [bound.0[4], bound.0[5], bound.0[6]];
        days.map(|day| day.map_or("none".to_owned(), |span| span.to_string()))
            .join(" ")
    }

    #[test]
    fn r16_the_rows_of_the_law_table_bind_calls_and_texts() {
        for (code, hours) in [
            ("FL", "08:00-20:00 08:00-20:00 08:00-20:00"),
            ("TX", "09:00-21:00 09:00-21:00 12:00-21:00"),
            ("CT", "09:00-20:00 09:00-20:00 09:00-20:00"),
            ("RI", "09:00-18:00 10:00-17:00 none"),
            ("MS", "08:00-20:00 08:00-20:00 none"),
            ("UT", "08:00-21:00 08:00-21:00 none"),
            ("KY", "10:00-21:00 10:00-21:00 10:00-21:00"),
            ("CA", "09:00-21:00 09:00-21:00 09:00-21:00"),
            ("NY", "08:00-21:00 08:00-21:00 08:00-21:00"),
        ] {
            let state = State::parse(Some(Country::US), code).unwrap();
            for channel in [Channel::Sms, Channel::Voice] {
                assert_eq!(row(&bound_of(channel, state)), hours, "{code}");
            }
        }
        let maine = State::parse(Some(Country::US), "ME").unwrap();
        assert_eq!(
            row(&bound_of(Channel::Voice, maine)),
            "09:00-17:00 none none"
        );
    }

    #[test]
    fn r1_calls_to_other_countries_keep_their_law_or_code_and_unknown_ones_weekday_hours() {
        for (code, hours) in [
            ("AU", "09:00-20:00 09:00-17:00 none"),
            ("NZ", "08:00-21:00 08:00-21:00 none"),
            ("GB", "08:00-21:00 09:00-21:00 none"),
            ("IN", "09:00-20:00 none none"),
        ] {
            let region = Region::Country(code.parse().unwrap());
            assert_eq!(row(&bound(Channel::Voice, region)), hours, "{code}");
            assert_eq!(bound(Channel::Sms, region), Bound::FREE, "{code}");
        }
    }

    #[test]
    fn win_1_mail_and_australian_texts_have_no_legal_hours() {
        let nsw = State::parse(Some(Country::AU), "NSW").unwrap();
        assert_eq!(bound_of(Channel::Email, nsw), Bound::FREE);
        assert_eq!(bound_of(Channel::Sms, nsw), Bound::FREE);
        assert_eq!(bound_of(Channel::Voice, nsw), AU_CALLS);
    }
}
