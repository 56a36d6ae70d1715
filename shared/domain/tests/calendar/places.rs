//! Candidate zones and regions (WIN-3, R4, R5, R24, R25).

use touchline_domain::calendar::{Recipient, Zone};

use crate::fixture::{candidates, recipient, region_names, zone_names};

#[track_caller]
fn zones(country: &str, state: &str, postcode: &str, phone: &str, expected: &[&str]) {
    let found = candidates(country, state, postcode, phone);
    assert_eq!(
        zone_names(&found),
        expected,
        "{country} {state} {postcode} {phone}"
    );
}

#[track_caller]
fn regions(country: &str, state: &str, postcode: &str, phone: &str, expected: &[&str]) {
    let found = candidates(country, state, postcode, phone);
    assert_eq!(
        region_names(&found),
        expected,
        "{country} {state} {postcode} {phone}"
    );
}

const MAINLAND: [&str; 5] = [
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Australia/Darwin",
    "Australia/Perth",
    "Australia/Sydney",
];

#[test]
fn r4_an_australian_mobile_without_an_address_may_be_in_any_mainland_zone_and_state() {
    zones("", "", "", "+61412345678", &MAINLAND);
    zones("AU", "", "", "+61412345678", &MAINLAND);
    zones("AU", "", "", "", &MAINLAND);
    zones("AU", "", "", "+611300975707", &MAINLAND);
    let states = ["NSW", "VIC", "QLD", "SA", "WA", "TAS", "ACT", "NT"];
    regions("", "", "", "+61412345678", &states);
}

#[test]
fn win_3_an_australian_state_decides_and_a_mobile_does_not_change_it() {
    for (state, zone) in [
        ("NSW", "Australia/Sydney"),
        ("VIC", "Australia/Melbourne"),
        ("QLD", "Australia/Brisbane"),
        ("SA", "Australia/Adelaide"),
        ("WA", "Australia/Perth"),
        ("TAS", "Australia/Hobart"),
        ("ACT", "Australia/Sydney"),
        ("NT", "Australia/Darwin"),
    ] {
        zones("AU", state, "", "+61412345678", &[zone]);
        regions("AU", state, "", "+61412345678", &[state]);
    }
}

#[test]
fn r5_postcodes_that_deviate_give_their_own_zones_with_or_without_the_state() {
    for state in ["", "NSW"] {
        zones(
            "AU",
            state,
            "2880",
            "",
            &["Australia/Broken_Hill", "Australia/Sydney"],
        );
        zones(
            "AU",
            state,
            "2898",
            "+61265632000",
            &["Australia/Lord_Howe"],
        );
        zones("AU", state, "2899", "", &["Pacific/Norfolk"]);
    }
    let centre = ["Australia/Adelaide", "Australia/Darwin", "Australia/Perth"];
    zones("AU", "NT", "0872", "", &centre);
    zones("AU", "SA", "872", "", &centre);
    zones(
        "AU",
        "WA",
        "6443",
        "",
        &["Australia/Eucla", "Australia/Perth"],
    );
    zones(
        "AU",
        "QLD",
        "4825",
        "",
        &["Australia/Brisbane", "Australia/Darwin"],
    );
    for border in ["4375", "4377", "4380", "4383", "4385"] {
        zones(
            "AU",
            "QLD",
            border,
            "",
            &["Australia/Brisbane", "Australia/Sydney"],
        );
    }
    zones("AU", "WA", "6798", "", &["Indian/Christmas"]);
    zones("AU", "WA", "6799", "", &["Indian/Cocos"]);
    zones("AU", "", "0800", "", &["Australia/Darwin"]);
    zones("AU", "", "3000", "", &["Australia/Melbourne"]);
}

#[test]
fn r5_a_postcode_on_two_holiday_calendars_checks_both() {
    for postcode in ["2540", "2611", "2618", "2620"] {
        regions("AU", "NSW", postcode, "", &["NSW", "ACT"]);
    }
    for postcode in ["3500", "3586", "3644", "3691", "3707"] {
        regions("AU", "VIC", postcode, "", &["NSW", "VIC"]);
    }
}

#[test]
fn win_3_a_fixed_line_narrows_to_its_prefix_and_its_borders() {
    zones("", "", "", "+61293744000", &["Australia/Sydney"]);
    zones(
        "",
        "",
        "",
        "+61396541234",
        &["Australia/Hobart", "Australia/Melbourne"],
    );
    zones("", "", "", "+61732101234", &["Australia/Brisbane"]);
    zones(
        "AU",
        "",
        "",
        "+61755361234",
        &["Australia/Brisbane", "Australia/Sydney"],
    );
    zones("", "", "", "+61880801234", &["Australia/Broken_Hill"]);
    let eight = ["Australia/Adelaide", "Australia/Darwin", "Australia/Perth"];
    zones("", "", "", "+61892221234", &eight);
    regions("", "", "", "+61892221234", &["SA", "WA", "NT"]);
}

#[test]
fn r24_a_conflicting_signal_adds_its_zones_and_an_unknown_one_changes_nothing() {
    zones(
        "AU",
        "NSW",
        "",
        "+61892221234",
        &[
            "Australia/Adelaide",
            "Australia/Darwin",
            "Australia/Perth",
            "Australia/Sydney",
        ],
    );
    zones(
        "AU",
        "NSW",
        "6000",
        "",
        &["Australia/Perth", "Australia/Sydney"],
    );
    zones("AU", "NSW", "ABCD", "+88316123456", &["Australia/Sydney"]);
    zones(
        "AU",
        "NSW",
        "",
        "+12125550123",
        &["America/New_York", "Australia/Sydney"],
    );
    zones("US", "NY", "10001", "+13055550123", &["America/New_York"]);
    regions("US", "NY", "10001", "+13055550123", &["FL", "NY"]);
    zones(
        "US",
        "NY",
        "10001",
        "+12065550123",
        &["America/Los_Angeles", "America/New_York"],
    );
    zones(
        "US",
        "TN",
        "37402",
        "+16155550123",
        &["America/Chicago", "America/New_York"],
    );
    zones(
        "US",
        "NY",
        "90210",
        "",
        &["America/Los_Angeles", "America/New_York"],
    );
    zones("US", "NY", "10001", "+18005550123", &["America/New_York"]);
}

#[test]
fn r25_split_area_codes_give_at_least_two_zones() {
    for area in [850, 270, 308, 541, 605, 701, 812, 906, 928, 208] {
        let found = candidates("", "", "", &format!("+1{area}5550123"));
        assert!(found.zones().len() >= 2, "{area}: {:?}", found.zones());
    }
    zones(
        "",
        "",
        "",
        "+19075550123",
        &["America/Adak", "America/Anchorage"],
    );
    zones("", "", "", "+19155550123", &["America/Denver"]);
    zones("", "", "", "+14325550123", &["America/Chicago"]);
    zones("", "", "", "+18085550123", &["Pacific/Honolulu"]);
}

#[test]
fn r25_zip_codes_fall_on_the_right_side_of_the_line() {
    let one = |zip: &str, zone: &str| zones("US", "", zip, "", &[zone]);
    for zip in ["32501", "46402", "38555"] {
        one(zip, "America/Chicago");
    }
    for zip in ["32456", "37402", "10001-0001", "501", "2139"] {
        one(zip, "America/New_York");
    }
    for zip in ["79901", "58601", "97914", "89883"] {
        one(zip, "America/Denver");
    }
    one("83814", "America/Los_Angeles");
    one("99546", "America/Adak");
    one("85001", "America/Phoenix");
    one("00901", "America/Puerto_Rico");
    zones("US", "AS", "96799", "", &["Pacific/Pago_Pago"]);
    zones(
        "US",
        "AZ",
        "86515",
        "",
        &["America/Denver", "America/Phoenix"],
    );
    zones(
        "US",
        "AL",
        "36867",
        "",
        &["America/Chicago", "America/New_York"],
    );
    // 32400 is no ZIP code: it keeps every zone of its prefix.
    zones(
        "US",
        "",
        "32400",
        "",
        &["America/Chicago", "America/New_York"],
    );
}

#[test]
fn win_3_a_state_without_a_zip_code_keeps_all_its_zones() {
    zones("US", "FL", "", "", &["America/Chicago", "America/New_York"]);
    zones("US", "AZ", "", "", &["America/Denver", "America/Phoenix"]);
    zones("US", "CA", "", "", &["America/Los_Angeles"]);
    zones("PR", "", "", "", &["America/Puerto_Rico"]);
    regions("PR", "", "", "", &["PR"]);
    regions("US", "", "", "", &["US"]);
}

#[test]
fn win_3_other_countries_give_all_their_zones_by_address_or_calling_code() {
    zones("GB", "", "", "", &["Europe/London"]);
    zones("", "", "", "+442071234567", &["Europe/London"]);
    zones("", "", "", "+6561234567", &["Asia/Singapore"]);
    zones("IN", "", "", "", &["Asia/Kolkata"]);
    zones("IE", "", "", "", &["Europe/Dublin"]);
    zones("NZ", "", "", "", &["Pacific/Auckland"]);
    zones("NZ", "", "8942", "", &["Pacific/Chatham"]);
    zones("NZ", "", "", "+6433050123", &["Pacific/Chatham"]);
    zones(
        "NZ",
        "",
        "6011",
        "+6433050123",
        &["Pacific/Auckland", "Pacific/Chatham"],
    );
    let canada = candidates("CA", "", "", "");
    assert_eq!(canada.main().unwrap().name(), "America/Toronto");
    assert!(zone_names(&canada).contains(&"America/Vancouver"));
    assert_eq!(candidates("", "", "", "+16045550123"), canada);
}

#[test]
fn win_3_an_explicit_zone_stands_alone_and_the_tenants_comes_last() {
    let zone = |name: &str| Some(name.parse::<Zone>().unwrap());
    let explicit = Recipient {
        timezone: zone("Australia/Perth"),
        ..recipient("AU", "", "", "+61412345678")
    };
    assert_eq!(zone_names(&explicit.candidates()), ["Australia/Perth"]);
    assert_eq!(region_names(&explicit.candidates()), ["WA"]);
    let abroad = Recipient {
        timezone: zone("America/Chicago"),
        ..recipient("AU", "NSW", "", "")
    };
    assert_eq!(region_names(&abroad.candidates()), ["US", "NSW"]);
    let detroit = Recipient {
        timezone: zone("America/Detroit"),
        ..recipient("", "", "", "+13135550123")
    };
    assert_eq!(region_names(&detroit.candidates()), ["MI"]);
    let tenant = Recipient {
        tenant_zone: zone("Australia/Sydney"),
        ..Recipient::default()
    };
    assert_eq!(zone_names(&tenant.candidates()), ["Australia/Sydney"]);
    let unknown_country = Recipient {
        tenant_zone: zone("Australia/Sydney"),
        ..recipient("ZZ", "", "", "")
    };
    assert_eq!(
        zone_names(&unknown_country.candidates()),
        ["Australia/Sydney"]
    );
    assert!(Recipient::default().candidates().zones().is_empty());
}
