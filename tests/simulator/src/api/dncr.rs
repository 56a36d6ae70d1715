//! The Do Not Call Register's SOAP service. Whether a number is listed is a function of the seed; a few are listed
//! only later, so that a re-wash finds something.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use roxmltree::Document;
use serde_json::{Value, json as object};

use super::{hash, unless_failing};
use crate::{draw::Draw, ledger::Accepted, sim::Sim, wire::Wire};

/// Most numbers in one wash.
const MAX_BATCH: usize = 500;
/// Of the numbers that will be listed, this many in a hundred are not listed yet.
const LATER_PERCENT: i64 = 20;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new().route("/dncrtelem/rtw/washing.cfc", post(serve))
}

struct Wash {
    operation: String,
    telemarketer: String,
    reference: String,
    numbers: Vec<String>,
}

async fn serve(State(sim): State<Arc<Sim>>, body: Bytes) -> Response {
    let Some(wash) = read(&body) else {
        return failed(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let address = wash.reference.clone();
    unless_failing(&sim, Wire::Dncr, &address, failed, || {
        let (code, numbers) = act(&sim, &wash, &body);
        answer(&wash.operation, code, &numbers)
    })
    .await
}

fn read(body: &[u8]) -> Option<Wash> {
    let text = std::str::from_utf8(body).ok()?;
    let document = Document::parse(text).ok()?;
    let texts = |name: &str| -> Vec<String> {
        let nodes = document.descendants();
        nodes
            .filter(|node| node.tag_name().name() == name)
            .map(|node| node.text().unwrap_or_default().to_owned())
            .collect()
    };
    let operation = ["WashNumbers", "GetWashResult"]
        .into_iter()
        .find(|name| !texts(name).is_empty())?;
    Some(Wash {
        operation: operation.to_owned(),
        telemarketer: texts("TelemarketerId").concat(),
        reference: texts("ClientReferenceId").concat(),
        numbers: texts("Number"),
    })
}

/// The system code, and number and result of each.
fn act(sim: &Sim, wash: &Wash, body: &[u8]) -> (u16, Vec<(String, char)>) {
    let key = format!("wash {}", wash.reference);
    let is_numeric = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_numeric(&wash.telemarketer) {
        return (1, Vec::new());
    }
    if wash.operation == "GetWashResult" {
        let kept = sim.state().kept.get(&key).cloned();
        return match kept {
            Some(kept) => (0, unpacked(&kept)),
            None => (2, Vec::new()),
        };
    }
    if wash.numbers.is_empty() || wash.numbers.len() > MAX_BATCH {
        return (1, Vec::new());
    }
    let now = sim.clock.now();
    let results = wash.numbers.iter();
    let results: Vec<(String, char)> = results
        .map(|number| (number.clone(), standing(sim, number, now)))
        .collect();
    let packed = results
        .iter()
        .map(|(number, result)| object!([number, result.to_string()]));
    let packed = Value::Array(packed.collect());
    sim.state().kept.insert(key, packed);
    sim.enter(Accepted {
        provider: Wire::Dncr,
        from: wash.telemarketer.clone(),
        to: wash.reference.clone(),
        token: None,
        idempotency_key: Some(wash.reference.clone()),
        provider_message_id: wash.reference.clone(),
        body_hash: hash(body),
        count: u32::try_from(wash.numbers.len()).unwrap_or(u32::MAX),
    });
    (0, results)
}

fn unpacked(kept: &Value) -> Vec<(String, char)> {
    let rows = kept.as_array().into_iter().flatten();
    rows.filter_map(|row| {
        let result = row[1].as_str()?.chars().next()?;
        Some((row[0].as_str()?.to_owned(), result))
    })
    .collect()
}

fn standing(sim: &Sim, number: &str, now: DateTime<Utc>) -> char {
    let settings = sim.settings();
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let mut draw = Draw::of(settings.seed, &["dncr", &digits]);
    if digits.len() != 10 || draw.chance(settings.rates.invalid) {
        return 'I';
    }
    if !draw.chance(settings.rates.listed) {
        return 'N';
    }
    // Listed from some day of the coming quarter on; the day is drawn, so that it does not depend on the start.
    let later = draw.between(0, 99) < LATER_PERCENT;
    let from_day = draw.between(0, 89);
    let day = now.timestamp().div_euclid(86_400).rem_euclid(90);
    if later && day < from_day { 'N' } else { 'Y' }
}

fn answer(operation: &str, code: u16, numbers: &[(String, char)]) -> Response {
    let items: String = numbers
        .iter()
        .map(|(number, result)| {
            let error = u8::from(*result == 'I');
            format!("<Number Result=\"{result}\" ErrorCode=\"{error}\">{number}</Number>")
        })
        .collect();
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>\
         <ns1:{operation}Response xmlns:ns1=\"http://rtw.dncrtelem\"><{operation}Return>\
         <ErrorCode>{code}</ErrorCode><NumbersSubmitted>{items}</NumbersSubmitted>\
         </{operation}Return></ns1:{operation}Response></soapenv:Body></soapenv:Envelope>"
    );
    ([(CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response()
}

fn failed(status: StatusCode) -> Response {
    let body = "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">\
        <soapenv:Body><soapenv:Fault><faultcode>Server</faultcode>\
        <faultstring>Service error</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>";
    (status, [(CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response()
}
