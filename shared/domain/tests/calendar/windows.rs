//! Windows, law and zones together (GATE-8, WIN-1, WIN-3, R1, R4, R16, R23, R24, decision 0101).

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use touchline_domain::{
    calendar::{
        Candidates, ClosedReason, DayKind, Opening, Purpose, Recipient, Slot, Window, add_days,
        check, explain, next_send_time, opt_out_deadline, saturday_half,
    },
    channel::Channel,
    ids::{LeadId, TenantId},
};

use crate::fixture::{Definition, at, candidates, recipient};

fn default_check(channel: Channel, candidates: &Candidates, at: DateTime<Utc>) -> Opening {
    let purpose = Purpose::FirstTouch(channel);
    check(purpose, &purpose.default_window(), candidates, at)
}

fn is_open(opening: Opening) -> bool {
    matches!(opening, Opening::Open { .. })
}

#[track_caller]
fn answer(channel: Channel, who: &Recipient, when: &str) -> (bool, Option<&'static str>, String) {
    let answer = explain(channel, at(when), who);
    let next = answer
        .next_open
        .map_or_else(String::new, |next| next.to_rfc3339());
    (answer.open, answer.reason, next)
}

/// The widest window that the law of Australia leaves to calls.
fn au_calls() -> Window {
    let day = r#"["09:00-20:00"]"#;
    serde_json::from_str(&format!(
        r#"{{"mon":{day},"tue":{day},"wed":{day},"thu":{day},"fri":{day},"sat":["09:00-17:00"]}}"#
    ))
    .unwrap()
}

#[test]
fn gate_8_each_way_of_being_closed_has_its_code_and_its_next_opening() {
    let sydney = recipient("AU", "NSW", "2000", "");
    let cases = [
        (
            Channel::Sms,
            "2026-07-06T22:59:59Z",
            "outside_window",
            "2026-07-06T23:00:00+00:00",
        ),
        (
            Channel::Sms,
            "2026-07-07T07:00:00Z",
            "outside_window",
            "2026-07-07T23:00:00+00:00",
        ),
        (
            Channel::Sms,
            "2026-07-11T01:00:00Z",
            "weekend",
            "2026-07-12T23:00:00+00:00",
        ),
        (
            Channel::Sms,
            "2026-04-03T01:00:00Z",
            "holiday",
            "2026-04-06T23:00:00+00:00",
        ),
        (
            Channel::Voice,
            "2026-07-07T02:00:00Z",
            "lunch",
            "2026-07-07T03:00:00+00:00",
        ),
    ];
    for (channel, when, reason, next) in cases {
        assert_eq!(
            answer(channel, &sydney, when),
            (false, Some(reason), next.into()),
            "{when}"
        );
    }
    assert_eq!(
        answer(
            Channel::Voice,
            &Recipient::default(),
            "2026-07-07T02:00:00Z"
        ),
        (false, Some("unknown_zone"), String::new())
    );
}

#[test]
fn r1_an_australian_call_may_start_until_the_second_before_the_end_and_never_on_sunday() {
    let sydney = candidates("AU", "NSW", "", "");
    let purpose = Purpose::FirstTouch(Channel::Voice);
    let open = |when: &str| is_open(check(purpose, &au_calls(), &sydney, at(when)));
    assert!(open("2026-07-07T09:59:59Z"));
    assert!(!open("2026-07-07T10:00:00Z"));
    assert!(open("2026-07-11T06:59:59Z"));
    assert!(!open("2026-07-11T07:00:00Z"));
    assert!(!open("2026-07-12T01:00:00Z"));
    let follow_up = Purpose::FollowUp(Channel::Voice);
    let closes_at = at("2026-07-07T10:00:00Z");
    let opening = check(
        follow_up,
        &follow_up.default_window(),
        &sydney,
        at("2026-07-07T02:00:00Z"),
    );
    assert_eq!(opening, Opening::Open { closes_at });
}

#[test]
fn r4_an_australian_mobile_alone_has_the_published_sydney_hours() {
    let mobile = candidates("", "", "", "+61412345678");
    let purpose = Purpose::FirstTouch(Channel::Voice);
    let hours = |day: &str, offset: &str| {
        let open: Vec<i64> = (0..24 * 60)
            .filter(|minute| {
                let midnight = at(&format!("{day}T00:00:00{offset}"));
                let now = midnight + TimeDelta::minutes(*minute);
                is_open(check(purpose, &au_calls(), &mobile, now))
            })
            .collect();
        (
            open.first().map(|m| m / 60),
            open.last().map(|m| (m + 1) / 60),
            open.len(),
        )
    };
    assert_eq!(hours("2026-07-08", "+10:00"), (Some(11), Some(20), 9 * 60));
    assert_eq!(hours("2026-07-11", "+10:00"), (Some(11), Some(17), 6 * 60));
    assert_eq!(hours("2026-01-14", "+11:00"), (Some(12), Some(20), 8 * 60));
    assert_eq!(hours("2026-01-17", "+11:00"), (Some(12), Some(17), 5 * 60));
}

#[test]
fn r16_texts_to_the_united_states_keep_the_rows_of_the_states() {
    let open = |state: &str, when: &str| {
        let who = candidates("US", state, "", "");
        let purpose = Purpose::FollowUp(Channel::Sms);
        is_open(check(purpose, &purpose.default_window(), &who, at(when)))
    };
    assert!(open("RI", "2026-07-07T21:59:59Z"));
    assert!(!open("RI", "2026-07-07T22:00:00Z"));
    assert!(open("NY", "2026-07-07T22:00:00Z"));
    // Victory Day is a legal holiday in Rhode Island alone.
    assert!(!open("RI", "2026-08-10T15:00:00Z"));
    assert!(open("NY", "2026-08-10T15:00:00Z"));
    // An unknown state leaves 10:00 to 18:00, here on the clocks of New York and Honolulu at once.
    assert!(!open("", "2026-07-07T19:59:59Z"));
    assert!(open("", "2026-07-07T20:00:00Z"));
    assert!(!open("", "2026-07-07T22:00:00Z"));
}

#[test]
fn win_1_linkedin_is_open_on_saturday_at_half_the_limit_and_off_on_sunday() {
    let sydney = candidates("AU", "NSW", "", "");
    let zone = sydney.main().unwrap();
    let saturday = at("2026-07-11T01:00:00Z");
    assert!(is_open(default_check(Channel::Linkedin, &sydney, saturday)));
    assert!(saturday_half(Channel::Linkedin, zone, saturday));
    assert!(!saturday_half(Channel::Sms, zone, saturday));
    assert!(!saturday_half(
        Channel::Linkedin,
        zone,
        at("2026-07-10T01:00:00Z")
    ));
    assert!(!is_open(default_check(
        Channel::Linkedin,
        &sydney,
        at("2026-07-12T01:00:00Z")
    )));
}

#[test]
fn win_1_post_is_open_through_weekday_nights_until_saturday() {
    let sydney = candidates("AU", "NSW", "", "");
    let opening = default_check(Channel::Mail, &sydney, at("2026-07-06T13:30:00Z"));
    assert_eq!(
        opening,
        Opening::Open {
            closes_at: at("2026-07-10T14:00:00Z")
        }
    );
}

#[test]
fn decision_0101_mail_without_a_common_minute_falls_back_to_the_likeliest_zone_but_calls_never_do()
{
    let anywhere = candidates("AU", "", "", "");
    let nine_thirty_in_sydney = at("2026-07-06T23:30:00Z");
    assert!(is_open(default_check(
        Channel::Email,
        &anywhere,
        nine_thirty_in_sydney
    )));
    assert!(!is_open(default_check(
        Channel::Email,
        &anywhere,
        at("2026-07-07T01:30:00Z")
    )));
    // Perth's address with a Sydney number keeps Perth, its most trusted signal.
    let perth = candidates("AU", "WA", "6000", "+61293744000");
    assert!(!is_open(default_check(
        Channel::Email,
        &perth,
        nine_thirty_in_sydney
    )));
    assert!(is_open(default_check(
        Channel::Email,
        &perth,
        at("2026-07-07T01:30:00Z")
    )));
    // Sydney and New York share no calling hour.
    let both = candidates("AU", "NSW", "", "+12125550123");
    let closed = Opening::Closed {
        reason: ClosedReason::NoCommonWindow,
        next_open: None,
    };
    assert_eq!(
        default_check(Channel::Voice, &both, nine_thirty_in_sydney),
        closed
    );
    assert_eq!(
        default_check(Channel::Sms, &both, nine_thirty_in_sydney),
        closed
    );
}

#[test]
fn win_1_a_window_that_the_law_leaves_nothing_of_never_opens() {
    let sunday: Window = serde_json::from_str(r#"{"sun":["10:00-12:00"]}"#).unwrap();
    let sydney = candidates("AU", "NSW", "", "");
    let purpose = Purpose::FirstTouch(Channel::Voice);
    let opening = check(purpose, &sunday, &sydney, at("2026-07-12T01:00:00Z"));
    let closed = Opening::Closed {
        reason: ClosedReason::NoCommonWindow,
        next_open: None,
    };
    assert_eq!(opening, closed);
}

#[test]
fn r23_a_daily_nine_oclock_window_opens_once_a_day_across_both_changes() {
    let every_day: Window = {
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            .map(|day| format!(r#""{day}":["09:00-09:01"]"#));
        serde_json::from_str(&format!("{{{}}}", days.join(","))).unwrap()
    };
    let purpose = Purpose::FirstTouch(Channel::Email);
    for (zone, start) in [
        ("Australia/Sydney", "2026-10-01T00:00:00Z"),
        ("Australia/Sydney", "2027-04-01T00:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-01T00:00:00Z"),
        ("Europe/London", "2026-10-22T00:00:00Z"),
    ] {
        let who = Recipient {
            timezone: Some(zone.parse().unwrap()),
            ..Recipient::default()
        };
        let who = who.candidates();
        let (mut now, mut opened) = (at(start), Vec::new());
        while opened.len() < 6 {
            match check(purpose, &every_day, &who, now) {
                Opening::Open { closes_at } => {
                    let local = who.zones()[0].local(now);
                    assert_eq!(local.time().to_string(), "09:00:00");
                    opened.push(local.date());
                    now = closes_at;
                }
                Opening::Closed { next_open, .. } => now = next_open.unwrap(),
            }
        }
        // Labour Day, the first Monday of October, is a holiday in New South Wales.
        let missing: Vec<_> = opened
            .windows(2)
            .flat_map(|pair| pair[0].iter_days().skip(1).take_while(|d| *d < pair[1]))
            .map(|date| date.to_string())
            .filter(|date| date != "2026-10-05")
            .collect();
        assert_eq!(missing, Vec::<String>::new(), "{zone}");
        assert!(opened.windows(2).all(|pair| pair[0] < pair[1]), "{zone}");
    }
}

#[test]
fn r23_a_window_inside_the_repeated_hour_opens_twice_and_inside_the_skipped_one_not_at_all() {
    let night: Window = serde_json::from_str(r#"{"sun":["02:15-02:45"]}"#).unwrap();
    let purpose = Purpose::FirstTouch(Channel::Email);
    let who = Recipient {
        timezone: "Australia/Sydney".parse().ok(),
        ..Recipient::default()
    };
    let who = who.candidates();
    // 5 April 2026 is Easter Sunday, so the change of 2027 is taken.
    let first = check(purpose, &night, &who, at("2027-04-03T15:20:00Z"));
    assert_eq!(
        first,
        Opening::Open {
            closes_at: at("2027-04-03T15:45:00Z")
        }
    );
    let next = |when: &str| match check(purpose, &night, &who, at(when)) {
        Opening::Closed { next_open, .. } => next_open,
        Opening::Open { .. } => None,
    };
    assert_eq!(
        next("2027-04-03T15:45:00Z"),
        Some(at("2027-04-03T16:15:00Z"))
    );
    assert_eq!(
        next("2026-10-03T15:00:00Z"),
        Some(at("2026-10-10T15:15:00Z"))
    );
}

#[test]
fn an_instant_at_the_end_of_the_calendar_is_answered_like_any_other() {
    let tenant: TenantId = "acme".parse().unwrap();
    let lead = LeadId::derive(&tenant, "ana@example.com");
    let slot = Slot {
        tenant: &tenant,
        lead: &lead,
        step: "1",
    };
    let purpose = Purpose::FirstTouch(Channel::Email);
    for now in [
        DateTime::<Utc>::MIN_UTC,
        DateTime::<Utc>::MAX_UTC,
        at("1850-01-01T00:00:00Z"),
    ] {
        for who in [
            candidates("AU", "", "", ""),
            candidates("AU", "NSW", "", ""),
        ] {
            let _ = default_check(Channel::Email, &who, now);
            let planned = next_send_time(purpose, &purpose.default_window(), &who, now, slot);
            assert!(planned.is_none_or(|planned| planned >= now), "{now}");
            assert!(add_days(now, 400, DayKind::Working, &who) >= now, "{now}");
            assert!(opt_out_deadline(now, &who) >= now, "{now}");
        }
    }
}

fn any_channel() -> impl Strategy<Value = Channel> {
    prop::sample::select(vec![
        Channel::Email,
        Channel::Sms,
        Channel::Voice,
        Channel::Linkedin,
        Channel::Mail,
    ])
}

fn any_purpose() -> impl Strategy<Value = Purpose> {
    (any_channel(), any::<bool>()).prop_map(|(channel, first)| {
        if first {
            Purpose::FirstTouch(channel)
        } else {
            Purpose::FollowUp(channel)
        }
    })
}

fn any_address() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
    prop::sample::select(vec![
        ("AU", "NSW", ""),
        ("AU", "NSW", "2880"),
        ("AU", "WA", "6443"),
        ("AU", "NT", "0872"),
        ("AU", "QLD", "4380"),
        ("AU", "NSW", "2898"),
        ("US", "FL", "32501"),
        ("US", "FL", ""),
        ("US", "TX", "79901"),
        ("US", "RI", "02903"),
        ("US", "AZ", "86515"),
        ("US", "PA", ""),
        ("NZ", "", "8942"),
    ])
}

fn any_phone() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "+61412345678",
        "+61293744000",
        "+61892221234",
        "+61880801234",
        "+61732101234",
        "+12125550123",
        "+18505550123",
        "+18085550123",
        "+18005550123",
        "+6433050123",
        "+442071234567",
        "+16045550123",
        "+6561234567",
    ])
}

fn any_minute() -> impl Strategy<Value = DateTime<Utc>> {
    // 2026 to 2028.
    (1_767_225_600_i64 / 60..1_861_920_000 / 60)
        .prop_map(|minute| DateTime::from_timestamp(minute * 60, 0).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn the_next_opening_is_the_first_minute_that_is_open_by_definition(
        purpose in any_purpose(), address in any_address(), phone in any_phone(), now in any_minute(),
    ) {
        let (country, state, postcode) = address;
        let phone = if purpose.channel().uses_phone() { phone } else { "" };
        let who = candidates(country, state, postcode, phone);
        let window = purpose.default_window();
        let definition = Definition::new(purpose, &window, &who);
        let by_definition = |at| definition.is_open(at);
        let first = (0..60 * 24 * 14)
            .map(|minute| now + TimeDelta::minutes(minute))
            .find(|at| by_definition(*at));
        match check(purpose, &window, &who, now) {
            Opening::Open { closes_at } => {
                prop_assert_eq!(first, Some(now));
                prop_assert!(!by_definition(closes_at));
                prop_assert!(by_definition(closes_at - TimeDelta::seconds(1)));
            }
            Opening::Closed { next_open: Some(next), .. } => {
                prop_assert!(next > now);
                prop_assert_eq!(first.unwrap_or(next), next);
                prop_assert!(is_open(check(purpose, &window, &who, next)));
            }
            Opening::Closed { next_open: None, .. } => prop_assert_eq!(first, None),
        }
    }

    #[test]
    fn r24_a_phone_number_never_widens_the_window_of_an_address(
        purpose in any_purpose(), address in any_address(), phone in any_phone(), now in any_minute(),
    ) {
        let (country, state, postcode) = address;
        let window = purpose.default_window();
        let open = |phone: &str| {
            is_open(check(purpose, &window, &candidates(country, state, postcode, phone), now))
        };
        prop_assert!(!open(phone) || open(""));
    }

    #[test]
    fn r24_a_phone_that_contradicts_a_country_never_widens_its_window(
        purpose in any_purpose(), phone in any_phone(), now in any_minute(),
        country in prop::sample::select(vec!["GB", "SG", "IN", "NZ"]),
    ) {
        let window = purpose.default_window();
        let open = |phone: &str| is_open(check(purpose, &window, &candidates(country, "", "", phone), now));
        let elsewhere = !candidates("", "", "", phone).regions().iter()
            .any(|region| region.country().as_str() == country);
        prop_assert!(!elsewhere || !open(phone) || open(""));
    }
}
