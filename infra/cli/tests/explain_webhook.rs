//! `touchline explain webhook` answers as the intake would: every vector is genuine, and with one bit changed it is not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../../shared/providers/tests/common/signed.rs"]
mod signed;

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use signed::{SNS_CERTIFICATE, Signed, all, sns, unsigned};
use touchline_domain::events::Provider;

/// Asks the command itself, all questions in one run.
fn ask(questions: &[Value]) -> Vec<Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_touchline"))
        .args(["explain", "webhook"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let lines: String = questions.iter().map(|q| format!("{q}\n")).collect();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn question(request: &Signed) -> Value {
    let headers: Map<String, Value> = request
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({
        "id": request.provider.as_str(),
        "provider": request.provider,
        "secret": request.secret,
        "method": "POST",
        "url": request.url,
        "headers": headers,
        "body": String::from_utf8(request.body.clone()).unwrap(),
        "now": request.now.to_rfc3339(),
    })
}

/// Every text that differs from `text` in the lowest bit of one byte; ASCII stays ASCII.
fn flipped(text: &str) -> impl Iterator<Item = String> {
    (0..text.len()).filter_map(move |at| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] ^= 1;
        String::from_utf8(bytes).ok()
    })
}

fn body_flips(genuine: &Signed) -> impl Iterator<Item = Signed> {
    let text = String::from_utf8(genuine.body.clone()).unwrap();
    let all: Vec<String> = flipped(&text).collect();
    all.into_iter().map(|body| Signed {
        body: body.into_bytes(),
        ..genuine.clone()
    })
}

fn header_flips(genuine: &Signed) -> impl Iterator<Item = Signed> {
    (0..genuine.headers.len()).flat_map(move |at| {
        flipped(&genuine.headers[at].1).map(move |value| {
            let mut request = genuine.clone();
            request.headers[at].1 = value;
            request
        })
    })
}

fn url_flips(genuine: &Signed) -> impl Iterator<Item = Signed> {
    flipped(&genuine.url).map(|url| Signed {
        url,
        ..genuine.clone()
    })
}

#[test]
fn every_vector_is_genuine() {
    let vectors: Vec<Signed> = all().into_iter().chain(unsigned()).chain(sns()).collect();
    let questions: Vec<Value> = vectors.iter().map(question).collect();
    let answers = ask(&questions);
    assert_eq!(answers.len(), vectors.len());
    for (answer, vector) in answers.iter().zip(&vectors) {
        assert_eq!(answer["valid"], true, "{vector:?}: {answer}");
        assert_eq!(answer["id"], vector.provider.as_str());
    }
}

#[test]
fn one_changed_bit_of_body_header_or_url_makes_a_signed_request_false() {
    let mut requests = Vec::new();
    for genuine in all() {
        requests.extend(body_flips(&genuine));
        requests.extend(header_flips(&genuine));
        if genuine.provider == Provider::Twilio {
            requests.extend(url_flips(&genuine));
        }
    }
    let questions: Vec<Value> = requests.iter().map(question).collect();
    for (answer, request) in ask(&questions).iter().zip(&requests) {
        assert_eq!(answer["valid"], false, "{request:?}");
        assert!(answer["reason"].is_string() && answer["event"].is_null());
    }
}

#[test]
fn a_request_of_another_time_is_stale_where_the_provider_signs_a_time() {
    for genuine in all() {
        let late = Signed {
            now: genuine.now + TimeDelta::seconds(301),
            ..genuine
        };
        let answer = ask(&[question(&late)]).remove(0);
        let timed = !matches!(late.provider, Provider::Twilio | Provider::Calcom);
        assert_eq!(answer["valid"], !timed, "{answer}");
        if timed {
            assert_eq!(answer["reason"], "stale");
        }
    }
}

#[test]
fn an_event_comes_back_in_the_one_vocabulary_of_all_providers() {
    let receipt = json!({
        "id": 1, "provider": "clicksend", "secret": "tok", "method": "POST", "headers": {},
        "url": "https://api.example.com/hooks/clicksend/tok",
        "body": "message_id=m1&status_code=201", "now": "2026-11-20T01:00:00Z",
    });
    let answer = ask(&[receipt]).remove(0);
    assert_eq!(answer["reason"], Value::Null);
    assert_eq!(answer["event"]["kind"]["type"], "delivered");
    assert_eq!(answer["event"]["provider_message_id"], "m1");
}

#[test]
fn a_genuine_request_that_nobody_understands_names_its_field() {
    let call = all()
        .into_iter()
        .find(|request| request.provider == Provider::Twilio)
        .unwrap();
    let mut voice = question(&call);
    voice["id"] = json!(7);
    let unknown = json!({
        "id": 8, "provider": "clicksend", "secret": "tok", "headers": {},
        "url": "https://api.example.com/hooks/clicksend/tok",
        "body": "a=b", "now": "2026-11-20T01:00:00Z",
    });
    let answers = ask(&[voice, unknown]);
    assert_eq!(answers[0]["event"]["kind"]["type"], "ignored");
    assert_eq!(answers[1]["valid"], true);
    assert_eq!(answers[1]["reason"], "missing_field");
    assert_eq!(answers[1]["field"], "message_id");
}

#[test]
fn during_a_rotation_both_secrets_are_accepted_and_a_certificate_may_be_named_as_one() {
    let mut rotating = question(&all().remove(2));
    let secret = rotating["secret"].clone();
    rotating["secrets"] = json!(["whsec_bmV3", secret]);
    let mut rotated = rotating.clone();
    rotated["secrets"] = json!(["whsec_bmV3"]);
    let mut notice = question(&sns().remove(0));
    notice["secret"] = Value::Null;
    notice["certificate"] = json!(SNS_CERTIFICATE);
    let answers = ask(&[rotating, rotated, notice]);
    let valid: Vec<&Value> = answers.iter().map(|answer| &answer["valid"]).collect();
    assert_eq!(valid, [true, false, true]);
}

#[test]
fn what_the_intake_does_not_take_is_not_valid_however_well_it_is_signed() {
    let genuine = question(&unsigned().remove(0));
    let mut read = genuine.clone();
    read["method"] = json!("GET");
    let mut large = genuine;
    large["body"] = json!("a".repeat(256 * 1024 + 1));
    let answers = ask(&[read, large]);
    assert_eq!(answers[0]["reason"], "method_not_allowed");
    assert_eq!(answers[1]["reason"], "body_too_large");
}

#[test]
fn a_wrong_question_names_its_field_and_the_next_one_is_answered() {
    let right = question(&all().remove(0));
    let without = |field: &str, value: Value| {
        let mut wrong = right.clone();
        wrong[field] = value;
        wrong
    };
    let answers = ask(&[
        without("provider", json!("nobody")),
        without("secret", Value::Null),
        without("now", json!("yesterday")),
        without("body", json!({"a": 1})),
        without("headers", json!({"x": 7})),
        without("secrets", json!(["a", "b", "c"])),
        right.clone(),
    ]);
    let errors: Vec<(&Value, &Value)> = answers[..6]
        .iter()
        .map(|answer| (&answer["error"]["code"], &answer["error"]["field"]))
        .collect();
    let expected = [
        ("wrong_value", "provider"),
        ("missing_field", "secret"),
        ("wrong_value", "now"),
        ("wrong_type", "body"),
        ("wrong_type", "headers.x"),
        ("wrong_value", "secrets"),
    ];
    for (error, (code, field)) in errors.iter().zip(expected) {
        assert_eq!((error.0, error.1), (&json!(code), &json!(field)));
    }
    assert_eq!(answers[6]["valid"], true);
}
