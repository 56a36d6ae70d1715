//! The SDK is asked what it would send for the same items: it is stopped before it sends.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    types::{KeysAndAttributes, PutRequest, WriteRequest},
};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;
use touchline_domain::sending::{
    consent::{Basis, Consent},
    lead::Lead,
};

use super::*;
use crate::{
    attribute_json::write_more,
    item::{Item, encode, key_of},
};

const TABLE: &str = "leads \"table\"";

/// It was seen; nothing is sent.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
struct Stopped;

fn client() -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("ap-southeast-2"))
        .credentials_provider(Credentials::for_tests());
    Client::from_conf(config.build())
}

/// The body of the request that `$call` would send, as JSON.
macro_rules! sent {
    ($call:expr) => {{
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        let stopped = $call.customize().map_request(move |request| {
            let bytes = request.body().bytes().unwrap_or_default();
            kept.lock().unwrap().extend_from_slice(bytes);
            Err::<HttpRequest, Stopped>(Stopped)
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(stopped.send()).unwrap_err();
        let bytes = seen.lock().unwrap().clone();
        json(&bytes)
    }};
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn sdk_puts(items: Vec<Item>) -> Value {
    let requests = items.into_iter().map(|item| {
        let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    });
    let requests: Vec<WriteRequest> = requests.collect();
    sent!(client().batch_write_item().request_items(TABLE, requests))
}

fn key(n: usize) -> Key {
    Key {
        pk: format!("acme#{n}"),
        sk: "PROFILE".to_owned(),
    }
}

fn ours<T: Serialize>(records: &[T]) -> Value {
    let items = records.iter().enumerate().map(|(n, record)| {
        move |out: &mut Vec<u8>| {
            let key = key(n);
            write_texts(out, &[(PK, &key.pk), (SK, &key.sk)])?;
            write_more(out, record)
        }
    });
    json(&puts(TABLE, items).unwrap())
}

fn theirs<T: Serialize>(records: &[T]) -> Value {
    let items = records.iter().enumerate();
    sdk_puts(
        items
            .map(|(n, record)| encode("record", key(n), record).unwrap())
            .collect(),
    )
}

fn text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(any::<String>())
}

fn consent() -> impl Strategy<Value = Option<Consent>> {
    let published =
        (any::<String>(), any::<String>(), any::<bool>()).prop_map(|(role, url, ok)| {
            Basis::Published {
                role,
                source_url: url,
                no_notice: ok,
                relevant: !ok,
            }
        });
    let basis = prop_oneof![
        Just(Basis::Inferred),
        Just(Basis::Express { until: None }),
        published
    ];
    proptest::option::of(basis.prop_map(|basis| Consent {
        given_on: "2026-02-28".parse().unwrap(),
        basis,
    }))
}

prop_compose! {
    fn leads()(
        texts in proptest::collection::vec(text(), 5),
        extra in proptest::collection::btree_map(any::<String>(), any::<String>(), 0..4),
        numbers in (proptest::option::of(any::<u32>()), proptest::option::of(any::<u64>()), any::<u8>()),
        bare in any::<bool>(),
        consent in consent(),
    ) -> Lead {
        let mut lead = crate::samples::lead("acme", "ana@example.com");
        if bare {
            (lead.email, lead.country, lead.timezone, lead.als) = (None, None, None, None);
        }
        let mut texts = texts.into_iter();
        lead.first_name = texts.next().flatten();
        lead.full_name = texts.next().flatten();
        lead.company = texts.next().flatten();
        lead.linkedin = texts.next().flatten();
        lead.industry = texts.next().flatten();
        (lead.employees, lead.upload_row, lead.role_score) = numbers;
        Lead { extra, consent, ..lead }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn our_requests_say_what_those_of_the_sdk_say(leads in proptest::collection::vec(leads(), 1..4)) {
        prop_assert_eq!(ours(&leads), theirs(&leads));
    }
}

/// Every shape that serde knows and a record may have.
#[derive(Serialize)]
struct Shapes {
    unit: (),
    none: Option<u8>,
    signed: (i8, i16, i32, i64),
    unsigned: (u8, u16, u32, u64),
    letter: char,
    list: Vec<Shape>,
    by_name: BTreeMap<String, Shape>,
    by_kind: BTreeMap<Kind, bool>,
    nothing: Vec<u8>,
    newtype: Newtype,
    pair: Pair,
}

#[derive(Serialize, Clone)]
enum Shape {
    Plain,
    One(u8),
    Two(u8, String),
    Named { a: bool, b: Option<u8> },
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
enum Kind {
    OfText,
}

#[derive(Serialize)]
struct Newtype(u8);

#[derive(Serialize)]
struct Pair(u8, u8);

#[test]
fn every_shape_of_a_record_is_written_as_the_sdk_writes_it() {
    let all = [
        Shape::Plain,
        Shape::One(1),
        Shape::Two(2, "two".into()),
        Shape::Named { a: true, b: None },
    ];
    let names = ["", "a", "b\"", "\u{e9}"].map(str::to_owned);
    let record = Shapes {
        unit: (),
        none: None,
        signed: (i8::MIN, i16::MIN, i32::MIN, i64::MIN),
        unsigned: (u8::MAX, u16::MAX, u32::MAX, u64::MAX),
        letter: '\u{1f600}',
        list: all.to_vec(),
        by_name: names.into_iter().zip(all).collect(),
        by_kind: [(Kind::OfText, false)].into(),
        nothing: Vec::new(),
        newtype: Newtype(7),
        pair: Pair(8, 9),
    };
    assert_eq!(ours(&[&record]), theirs(&[&record]));
}

#[test]
fn what_no_record_of_ours_has_is_refused() {
    let puts = |value: BTreeMap<&str, f64>| {
        let item = move |out: &mut Vec<u8>| write_more(out, &value);
        puts(TABLE, [item]).map(|_| ())
    };
    assert!(puts([("half", 0.5)].into()).is_err());
    let by_number: BTreeMap<u8, u8> = [(1, 1)].into();
    let item = |out: &mut Vec<u8>| write_more(out, &by_number);
    assert!(super::puts(TABLE, [item]).is_err());
}

#[test]
fn keys_are_asked_for_as_the_sdk_asks() {
    let keys: Vec<Key> = (0..3).map(key).collect();
    let wanted = KeysAndAttributes::builder()
        .set_keys(Some(keys.iter().cloned().map(key_of).collect()))
        .consistent_read(true)
        .build()
        .unwrap();
    let theirs = sent!(client().batch_get_item().request_items(TABLE, wanted));
    assert_eq!(json(&gets(TABLE, &keys, true).unwrap()), theirs);
}

#[test]
fn a_request_gets_the_body_and_its_length_at_every_attempt() {
    let change = with_body(b"0123456789".to_vec());
    for _ in 0..2 {
        let mut request = HttpRequest::new(SdkBody::from("{}"));
        request.headers_mut().insert(CONTENT_LENGTH, "2");
        change(&mut request);
        assert_eq!(request.body().bytes(), Some(b"0123456789".as_slice()));
        assert_eq!(request.headers().get(CONTENT_LENGTH), Some("10"));
    }
}
