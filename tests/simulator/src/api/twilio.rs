//! Twilio: `POST Messages.json` and its list. It takes the same message twice without noticing, as Twilio does.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::post,
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json as object};

use super::{LISTS, hash, header, json, unless_failing};
use crate::{
    hooks::twilio::word,
    ledger::Accepted,
    sim::{Message, Sim, Told},
    wire::Wire,
};

/// Longest body that Twilio takes, in characters.
const MAX_BODY: usize = 1_600;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new().route(
        "/2010-04-01/Accounts/{account}/Messages.json",
        post(send).get(list),
    )
}

async fn send(
    State(sim): State<Arc<Sim>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !header(&headers, "authorization").is_some_and(|auth| auth.starts_with("Basic ")) {
        return error(StatusCode::UNAUTHORIZED, 20003, "Authenticate");
    }
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let field = |name: &str| {
        let found = pairs.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.clone())
            .filter(|value| !value.is_empty())
    };
    let Some(to) = field("To") else {
        return error(
            StatusCode::BAD_REQUEST,
            21604,
            "A 'To' phone number is required.",
        );
    };
    let Some(from) = field("From") else {
        return error(
            StatusCode::BAD_REQUEST,
            21603,
            "A 'From' phone number is required.",
        );
    };
    let text = field("Body").unwrap_or_default();
    if let Some(refused) = refused(&to, &text) {
        return refused;
    }
    let message = Message {
        to: to.clone(),
        from,
        body: text,
        token: field("StatusCallback").as_deref().and_then(token),
        callback: field("StatusCallback"),
        ..Message::default()
    };
    unless_failing(&sim, Wire::Twilio, &to, failed, || {
        accept(&sim, message, &account, &body)
    })
    .await
}

/// The account's messages in both directions, newest first, each with its last status.
async fn list(
    State(sim): State<Arc<Sim>>,
    Path(account): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if !header(&headers, "authorization").is_some_and(|auth| auth.starts_with("Basic ")) {
        return error(StatusCode::UNAUTHORIZED, 20003, "Authenticate");
    }
    unless_failing(&sim, Wire::Twilio, LISTS, failed, || {
        let since = query.get("DateSent>").and_then(|text| text.parse().ok());
        let rows = rows(&sim, &account, since);
        let size = query.get("PageSize").and_then(|text| text.parse().ok());
        let size: usize = size.unwrap_or(50);
        let after = query
            .get("PageToken")
            .and_then(|token| rows.iter().position(|row| token[2..] == row["sid"]));
        let from = after.map_or(0, |position| position + 1);
        let shown: Vec<Value> = rows.iter().skip(from).take(size).cloned().collect();
        let more = rows.len() > from + shown.len();
        let path = format!("/2010-04-01/Accounts/{account}/Messages.json");
        let next = shown.last().filter(|_| more).map(|last| {
            let mut next = query.clone();
            let sid = last["sid"].as_str().unwrap_or_default();
            next.insert("PageToken".to_owned(), format!("PA{sid}"));
            format!(
                "{path}?{}",
                serde_urlencoded::to_string(next).unwrap_or_default()
            )
        });
        let body = object!({
            "messages": shown, "page_size": size, "next_page_uri": next,
            "first_page_uri": path, "uri": path,
        });
        json(StatusCode::OK, body)
    })
    .await
}

fn rows(sim: &Sim, account: &str, since: Option<DateTime<Utc>>) -> Vec<Value> {
    let mut seen = HashSet::new();
    let happened = sim.happened(Wire::Twilio).into_iter();
    happened
        .filter(|due| since.is_none_or(|since| due.at >= since))
        .filter_map(|due| {
            let (sid, from, to, body, direction, status, code) = match &due.told {
                Told::Reply(reply) => (
                    &reply.id,
                    &reply.from,
                    &reply.to,
                    &reply.answer.text,
                    "inbound",
                    "received",
                    None,
                ),
                Told::Status(message, status) => {
                    let (word, code) = word(*status)?;
                    let code = code.and_then(|code| code.parse::<u32>().ok());
                    let Message {
                        id, from, to, body, ..
                    } = message.as_ref();
                    (id, from, to, body, "outbound-api", word, code)
                }
                Told::Relation { .. } => return None,
            };
            let time = due.at.to_rfc2822();
            seen.insert(sid.clone()).then(|| {
                object!({
                    "sid": sid, "account_sid": account, "from": from, "to": to, "body": body,
                    "direction": direction, "status": status, "error_code": code,
                    "date_created": time, "date_sent": time, "date_updated": time,
                    "num_segments": "1", "price": null,
                })
            })
        })
        .collect()
}

fn refused(to: &str, text: &str) -> Option<Response> {
    let digits = to.strip_prefix('+').unwrap_or_default();
    let (code, reason) = if digits.len() < 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        (
            21211,
            format!("The 'To' number {to} is not a valid phone number."),
        )
    } else if to.ends_with("00021610") {
        (
            21610,
            "Attempt to send to unsubscribed recipient".to_owned(),
        )
    } else if text.is_empty() {
        (21602, "Message body is required.".to_owned())
    } else if text.chars().count() > MAX_BODY {
        (
            21617,
            "The concatenated message body exceeds the 1600 character limit".to_owned(),
        )
    } else {
        return None;
    };
    Some(error(StatusCode::BAD_REQUEST, code, &reason))
}

/// The touch, out of the callback's query.
fn token(callback: &str) -> Option<String> {
    let (_, query) = callback.split_once('?')?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).ok()?;
    pairs
        .into_iter()
        .find(|(name, _)| name == "ref")
        .map(|(_, value)| value)
}

fn failed(status: StatusCode) -> Response {
    if status == StatusCode::TOO_MANY_REQUESTS {
        error(status, 20429, "Too Many Requests")
    } else {
        error(status, 20500, "An internal server error has occurred")
    }
}

fn error(status: StatusCode, code: u32, message: &str) -> Response {
    let body = object!({
        "code": code,
        "message": message,
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
        "status": status.as_u16(),
    });
    json(status, body)
}

fn accept(sim: &Sim, mut message: Message, account: &str, body: &[u8]) -> Response {
    let (_, mut draw) = sim.number("twilio");
    let sid = format!("SM{}", draw.hex(32));
    message.id.clone_from(&sid);
    let call = Accepted {
        provider: Wire::Twilio,
        from: message.from.clone(),
        to: message.to.clone(),
        token: message.token.clone(),
        idempotency_key: None,
        provider_message_id: sid.clone(),
        body_hash: hash(body),
        count: 1,
    };
    let answer = object!({
        "sid": sid,
        "status": "queued",
        "error_code": null,
        "error_message": null,
        "num_segments": "1",
        "to": message.to,
        "from": message.from,
        "account_sid": account,
        "direction": "outbound-api",
        "price": null,
        "price_unit": "USD",
        "uri": format!("/2010-04-01/Accounts/{account}/Messages/{sid}.json"),
    });
    sim.accept(call, message);
    json(StatusCode::CREATED, answer)
}
