//! What is read out of a reply besides its intent: addresses, numbers, dates, people, times, and by
//! which headers a machine is known (REP-1, R29).

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::{NaiveDate, TimeZone, Utc};
use touchline_domain::{
    channel::Channel,
    country::Country,
    replies::{AutoHeaders, Classification, Intent, Reply, classify},
};

/// Wednesday, 18 November 2026.
fn on_wednesday(text: &str, region: Country) -> Classification {
    classify(&Reply {
        received_at: Utc.with_ymd_and_hms(2026, 11, 18, 3, 0, 0).single(),
        region: Some(region),
        ..Reply::new(Channel::Email, text)
    })
}

fn returns(text: &str, region: Country) -> Option<NaiveDate> {
    let got = on_wednesday(text, region);
    assert_eq!(got.intent, Intent::OutOfOffice, "{text}");
    got.extracted.return_date
}

#[test]
fn the_day_of_return_is_read_in_the_usual_forms_rep_3() {
    let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
    for (text, wanted) in [
        (
            "I am out of the office until 12 January.",
            date(2027, 1, 12),
        ),
        ("I'm on leave, back on 3 March 2027", date(2027, 3, 3)),
        (
            "On annual leave from 1 December to 15 December. Back on January 4th.",
            date(2027, 1, 4),
        ),
        ("Out of office, returning 2026-12-01", date(2026, 12, 1)),
        (
            "I'm on leave until Monday 23rd November",
            date(2026, 11, 23),
        ),
        ("On leave till Monday", date(2026, 11, 23)),
        ("I'm away on leave until the 14th", date(2026, 12, 14)),
        ("I am on leave until the 30th", date(2026, 11, 30)),
        ("Out of office until tomorrow", date(2026, 11, 19)),
        ("I'm on leave, back next week", date(2026, 11, 23)),
        ("I'm on sick leave, back in two weeks", date(2026, 12, 2)),
        ("I am on long service leave with no access to email", None),
    ] {
        assert_eq!(returns(text, Country::AU), wanted, "{text}");
    }
}

#[test]
fn day_and_month_stand_in_the_order_of_the_country() {
    let text = "I am out of the office until 1/12";
    assert_eq!(
        returns(text, Country::AU),
        NaiveDate::from_ymd_opt(2026, 12, 1)
    );
    assert_eq!(
        returns(text, Country::US),
        NaiveDate::from_ymd_opt(2027, 1, 12)
    );
    let full = "I am out of the office until 21/12/2026";
    assert_eq!(
        returns(full, Country::US),
        NaiveDate::from_ymd_opt(2026, 12, 21)
    );
}

#[test]
fn without_a_day_of_receipt_only_a_full_date_is_a_date() {
    let read = |text| {
        classify(&Reply::new(Channel::Email, text))
            .extracted
            .return_date
    };
    assert_eq!(read("I am on leave until Monday"), None);
    assert_eq!(
        read("I am on leave until 4 January 2027"),
        NaiveDate::from_ymd_opt(2027, 1, 4)
    );
}

#[test]
fn a_referred_person_has_name_title_and_ways_to_reach_them() {
    let got = on_wednesday(
        "I don't look after this. Please contact our Operations Manager, Liam Nguyen, liam.nguyen@acme.com or 0412 345 678.",
        Country::AU,
    );
    assert_eq!(got.intent, Intent::Referral);
    let person = got.extracted.referred.unwrap();
    assert_eq!(person.name.as_deref(), Some("Liam Nguyen"));
    assert_eq!(person.title.as_deref(), Some("Operations Manager"));
    assert_eq!(person.email.as_deref(), Some("liam.nguyen@acme.com"));
    assert_eq!(person.phone.as_deref(), Some("+61412345678"));
}

#[test]
fn a_referred_person_may_be_a_name_or_a_title_alone() {
    let person = |text| on_wednesday(text, Country::AU).extracted.referred.unwrap();
    let jane = person("Talk to our CFO Jane");
    assert_eq!(
        (jane.name.as_deref(), jane.title.as_deref()),
        (Some("Jane"), Some("CFO"))
    );
    let doe = person("Please contact Jane Doe (CFO) on this.");
    assert_eq!(
        (doe.name.as_deref(), doe.title.as_deref()),
        (Some("Jane Doe"), Some("CFO"))
    );
    let nobody = person("Please speak with our accountant, she looks after this.");
    assert_eq!(
        (nobody.name, nobody.title.as_deref()),
        (None, Some("accountant"))
    );
}

#[test]
fn a_surname_that_is_a_word_belongs_to_the_name() {
    let person = |text| on_wednesday(text, Country::AU).extracted.referred.unwrap();
    let bell = person("You'd want to talk to our Head of Growth, Marcus Bell");
    assert_eq!(bell.name.as_deref(), Some("Marcus Bell"));
    let fox = person("I do HR only. Damien Fox is our IT Manager and would be the one to talk to.");
    assert_eq!(fox.name.as_deref(), Some("Damien Fox"));
}

#[test]
fn a_number_is_read_in_every_spelling_that_a_contact_may_have() {
    let phones = |text| on_wednesday(text, Country::AU).extracted.phones;
    assert_eq!(phones("ring me on 0011 61 2 9374 4000"), ["+61293744000"]);
    assert_eq!(phones("call +61 (0)412 345 678 after 3"), ["+61412345678"]);
    assert!(phones("invoice 20261120-0001 is 12345678.90").is_empty());
}

#[test]
fn addresses_and_numbers_of_the_writer_count_and_those_of_the_signature_do_not_rep_5() {
    let got = on_wednesday(
        "Sounds good, send it to ana at example dot com or ring (02) 9374 4000\n\nKind regards,\nBob\n0412 999 999\nbob@sig.com",
        Country::AU,
    );
    assert_eq!(got.extracted.emails, ["ana@example.com"]);
    assert_eq!(got.extracted.phones, ["+61293744000"]);
}

#[test]
fn a_proposed_time_is_kept_as_written() {
    for (text, wanted) in [
        ("Happy to chat, Tuesday 3pm works", "Tuesday 3pm"),
        ("Can you call me tomorrow morning?", "tomorrow morning"),
        (
            "I'm free Wednesday between 1 and 3pm",
            "Wednesday between 1 and 3pm",
        ),
        ("Let's talk next week", "next week"),
    ] {
        let got = on_wednesday(text, Country::AU);
        assert_eq!(got.intent, Intent::MeetingInterest, "{text}");
        assert_eq!(
            got.extracted.preferred_time.as_deref(),
            Some(wanted),
            "{text}"
        );
    }
}

#[test]
fn a_machine_is_known_by_its_headers_and_opts_nobody_out_r29() {
    let got = classify(&Reply {
        headers: AutoHeaders {
            auto_submitted: Some("auto-replied"),
            ..AutoHeaders::default()
        },
        ..Reply::new(
            Channel::Email,
            "Thanks for writing. To stop our newsletter reply unsubscribe.",
        )
    });
    assert_eq!(got.intent, Intent::OutOfOffice);
    assert!(got.automatic && !got.opt_out && got.keyword.is_none());
}

#[test]
fn a_delivery_report_is_a_bounce_whatever_it_quotes_r29() {
    let got = classify(&Reply {
        headers: AutoHeaders {
            report: true,
            ..AutoHeaders::default()
        },
        ..Reply::new(Channel::Email, "Hi Sam, reply STOP")
    });
    assert_eq!((got.intent, got.opt_out), (Intent::Bounce, false));
}

#[test]
fn a_complaint_beside_an_opt_out_is_told_rep_3() {
    let got = on_wednesday("Stop harassing me or I'll report you to ACMA", Country::AU);
    assert_eq!(
        (got.intent, got.opt_out, got.complaint),
        (Intent::OptOut, true, true)
    );
}

#[test]
fn the_evidence_shows_the_words_that_decided_rep_1() {
    let got = on_wednesday("Hi Tom, please take me off your list. Cheers", Country::AU);
    assert!(
        got.evidence
            .iter()
            .any(|words| words.contains("take me off your list")),
        "{got:?}"
    );
}

#[test]
fn absent_things_are_left_out_of_json() {
    let got = on_wednesday("Yes", Country::AU);
    let json = serde_json::to_value(&got).unwrap();
    assert_eq!(json["intent"], "positive_engagement");
    assert_eq!(json["extracted"], serde_json::json!({}));
    assert!(json.get("complaint").is_none());
}
