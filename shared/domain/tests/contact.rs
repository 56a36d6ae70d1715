//! The address rules as their callers meet them: e-mail, phone, profile, and the suppression key.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use proptest::prelude::*;
use touchline_domain::{
    contact::{Address, AddressHash, AddressKind, E164, EmailAddress, PhoneErrorCode, phone},
    country::Country,
};

fn email(text: &str) -> Option<String> {
    text.parse::<EmailAddress>().ok().map(String::from)
}

#[test]
fn an_email_is_trimmed_lower_cased_and_its_domain_is_ascii() {
    for (text, stored) in [
        (" Ana.Smith@Example.COM ", "ana.smith@example.com"),
        ("\u{FEFF}ana@example.com\u{200B}", "ana@example.com"),
        ("ana+list@example.com.au", "ana+list@example.com.au"),
        ("o'brien@example.ie", "o'brien@example.ie"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("ana@example.xn--p1ai", "ana@example.xn--p1ai"),
        ("ana@3m.com", "ana@3m.com"),
    ] {
        assert_eq!(email(text).as_deref(), Some(stored), "{text}");
    }
}

#[test]
fn a_text_that_no_server_could_deliver_to_is_not_an_email() {
    let long_local = format!("{}@example.com", "a".repeat(65));
    let long_label = format!("ana@{}.com", "a".repeat(64));
    let long_all = format!("{}@{}.com", "a".repeat(64), "b.".repeat(93) + "bbbb");
    for text in [
        "",
        "@",
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "ana@exa_mple.com",
        "ana@123.123.123.123",
        "ana@[127.0.0.1]",
        "ana@example.c",
        "ana@example.123",
        "ana@example.c0m",
        ".ana@example.com",
        "ana.@example.com",
        "ana..smith@example.com",
        "ana@.example.com",
        "ana@example..com",
        "ana@example.com.",
        "ana@-example.com",
        "ana@example-.com",
        "ana smith@example.com",
        "\"ana smith\"@example.com",
        "Ana <ana@example.com>",
        "mailto:ana@example.com",
        "ana@example.com, bo@example.com",
        "ana@bo@example.com",
        "ana@example.com\nbcc: bo@example.com",
        "jos\u{e9}@example.com",
        &long_local,
        &long_label,
        &long_all,
    ] {
        assert_eq!(email(text), None, "{text}");
    }
    assert!(email(&format!("{}@example.com", "a".repeat(64))).is_some());
}

#[test]
fn the_suppression_key_tells_kinds_apart_and_survives_storage() {
    // SUP-1, R36: the key is a function of the normalised address alone.
    let hash = |text: &str| Address::from(text.parse::<EmailAddress>().unwrap()).hash();
    assert_eq!(hash("Ana@Example.com"), hash(" ana@example.com"));
    assert_ne!(hash("ana@example.com"), hash("ana+x@example.com"));
    assert_eq!(
        hash("ana@example.com").as_str(),
        // printf 'email:ana@example.com' | sha256sum
        "f8c3c203b618ed9eaf039e298b665216b3a0d3bd974458615de998e9a14f7c62"
    );
    let key = hash("ana@example.com");
    assert_eq!(AddressHash::from_bytes(key.to_bytes()), key);
    assert_eq!(key.as_str().parse::<AddressHash>().unwrap(), key);
    assert!("ABC".parse::<AddressHash>().is_err());
}

#[test]
fn an_address_says_its_kind_in_json_and_hides_itself_in_debug() {
    let phone: E164 = "+61412345678".parse().unwrap();
    let address = Address::from(phone);
    assert_eq!(address.kind(), AddressKind::Phone);
    let json = serde_json::to_string(&address).unwrap();
    assert_eq!(json, r#"{"kind":"phone","value":"+61412345678"}"#);
    assert_eq!(serde_json::from_str::<Address>(&json).unwrap(), address);
    assert!(!format!("{address:?}").contains("412345678"));
    assert!(serde_json::from_str::<Address>(r#"{"kind":"email","value":"x"}"#).is_err());
}

#[test]
fn every_number_of_the_corpus_is_read_as_libphonenumber_reads_it() {
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in include_str!("contact_phones.tsv").lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [raw, region, valid, e164, country, kind, extension] = cells[..] else {
            panic!("not seven cells: {line}");
        };
        let region = (!region.is_empty()).then(|| region.parse().unwrap());
        let read = phone::parse(raw, region).map(|phone| {
            [
                "yes".to_owned(),
                phone.e164.as_str().to_owned(),
                phone.country.map(String::from).unwrap_or_default(),
                phone.kind.to_string(),
                phone.extension.unwrap_or_default(),
            ]
        });
        let read = read.unwrap_or_else(|_| ["no", "", "", "", ""].map(str::to_owned));
        rows += 1;
        if read != [valid, e164, country, kind, extension] {
            wrong.push(format!("{line}\n  read as {read:?}"));
        }
    }
    assert!(rows > 150, "the corpus has {rows} rows");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_refused_number_says_why() {
    use PhoneErrorCode::{
        Empty, InvalidForRegion, NotANumber, ScientificNotation, TooLong, TooShort,
    };
    for (raw, code) in [
        ("", Empty),
        (" - ", Empty),
        ("N/A", Empty),
        ("call reception", NotANumber),
        ("6.1412E+10", ScientificNotation),
        ("6,1412e+10", ScientificNotation),
        ("0412", TooShort),
        ("0412 345 67", InvalidForRegion),
        ("9374 4000", InvalidForRegion),
        ("0412 345 6789", InvalidForRegion),
        ("0412 345 678 901 234 567 890", TooLong),
        ("0512 345 678", InvalidForRegion),
        ("+999 123 456 789", InvalidForRegion),
    ] {
        let error = phone::parse(raw, Some(Country::AU)).unwrap_err();
        assert_eq!((error.code, error.value.as_str()), (code, raw));
    }
    let error = phone::parse("0412 345 678", None).unwrap_err();
    assert_eq!(error.code, InvalidForRegion);
    assert_eq!(
        error.to_string(),
        "phone '0412 345 678' is not a number in use in its region"
    );
}

#[test]
fn a_number_is_shown_grouped() {
    let number: E164 = "+61293744000".parse().unwrap();
    assert_eq!(phone::international(&number), "+61 2 9374 4000");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_text_makes_the_readers_panic_and_what_they_accept_they_accept_again(text in ".{0,40}") {
        if let Ok(email) = text.parse::<EmailAddress>() {
            prop_assert_eq!(email.as_str().parse::<EmailAddress>().unwrap(), email.clone());
        }
        if let Ok(read) = phone::parse(&text, Some(Country::AU)) {
            let again = phone::parse(read.e164.as_str(), None).unwrap();
            prop_assert_eq!((again.e164, again.country, again.kind), (read.e164, read.country, read.kind));
        }
    }

    #[test]
    fn an_australian_mobile_is_the_same_number_however_it_is_written(
        rest in "4[0-9]{8}",
        style in 0usize..8,
    ) {
        let Ok(plain) = phone::parse(&format!("+61{rest}"), None) else { return Ok(()) };
        let (a, b, c) = (&rest[..3], &rest[3..6], &rest[6..]);
        let written = [
            format!("0{a} {b} {c}"),
            format!("{a}{b}{c}"),
            format!("+61 (0){a}-{b}-{c}"),
            format!("'0{a}{b}{c}"),
            format!("0011 61 {a} {b} {c}"),
            format!("0061{a}{b}{c}"),
            format!("tel:0{a}.{b}.{c}"),
            format!("Mob: 0{a} {b} {c} (work)"),
        ];
        prop_assert_eq!(phone::parse(&written[style], Some(Country::AU)).unwrap(), plain);
    }
}
