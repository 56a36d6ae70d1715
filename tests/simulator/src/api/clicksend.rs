//! ClickSend: `POST /v3/sms/send`, which answers 200 whatever becomes of each message, the history, and what came in.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use bytes::Bytes;
use serde_json::{Map, Value, json as object};

use super::{LISTS, hash, header, json, unless_failing};
use crate::{
    hooks::clicksend as hooks,
    ledger::Accepted,
    sim::{Due, Message, Sim, Told},
    wire::Wire,
};

/// What a message costs.
const PRICE: &str = "0.0770";

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/v3/sms/send", post(send))
        .route("/v3/sms/history", get(history))
        .route("/v3/sms/inbound", get(inbound))
        .route("/v3/sms/receipts", get(receipts))
}

async fn send(State(sim): State<Arc<Sim>>, headers: HeaderMap, body: Bytes) -> Response {
    if !header(&headers, "authorization").is_some_and(|auth| auth.starts_with("Basic ")) {
        return failed(StatusCode::UNAUTHORIZED);
    }
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(messages) = request["messages"]
        .as_array()
        .filter(|list| !list.is_empty())
    else {
        return failed(StatusCode::BAD_REQUEST);
    };
    let to = messages[0]["to"].as_str().unwrap_or_default().to_owned();
    unless_failing(&sim, Wire::Clicksend, &to, failed, || {
        let rows: Vec<Value> = messages.iter().map(|one| accept(&sim, one)).collect();
        let queued = rows.iter().filter(|row| row["status"] == "SUCCESS").count();
        let data = object!({
            "total_count": rows.len(),
            "queued_count": queued,
            "blocked_count": rows.len() - queued,
            "messages": rows,
        });
        envelope(StatusCode::OK, "SUCCESS", "Here are your data.", data)
    })
    .await
}

async fn inbound(
    State(sim): State<Arc<Sim>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    list(&sim, &query, &headers, |due| match &due.told {
        Told::Reply(reply) => Some(hooks::inbound(reply, &due.at.timestamp().to_string())),
        _ => None,
    })
    .await
}

async fn receipts(
    State(sim): State<Arc<Sim>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    list(&sim, &query, &headers, |due| match &due.told {
        Told::Status(message, status) => {
            hooks::receipt(message, *status, &due.at.timestamp().to_string())
        }
        _ => None,
    })
    .await
}

/// One page of what `row` makes of what has happened, oldest first: ClickSend promises no order.
async fn list(
    sim: &Sim,
    query: &HashMap<String, String>,
    headers: &HeaderMap,
    row: impl Fn(&Due) -> Option<Vec<(&'static str, String)>>,
) -> Response {
    if !header(headers, "authorization").is_some_and(|auth| auth.starts_with("Basic ")) {
        return failed(StatusCode::UNAUTHORIZED);
    }
    unless_failing(sim, Wire::Clicksend, LISTS, failed, || {
        let number = |name: &str, otherwise: usize| {
            let given = query.get(name).and_then(|text| text.parse().ok());
            given.unwrap_or(otherwise).max(1)
        };
        let (page, limit) = (number("page", 1), number("limit", 15));
        let mut happened = sim.happened(Wire::Clicksend);
        happened.reverse();
        let rows: Vec<Map<String, Value>> = happened
            .iter()
            .filter_map(&row)
            .map(|fields| {
                let pairs = fields.into_iter();
                pairs
                    .map(|(name, value)| (name.to_owned(), value.into()))
                    .collect()
            })
            .collect();
        let shown: Vec<_> = rows.iter().skip((page - 1) * limit).take(limit).collect();
        let data = object!({
            "total": rows.len(), "per_page": limit, "current_page": page,
            "last_page": rows.len().div_ceil(limit).max(1), "data": shown,
        });
        envelope(StatusCode::OK, "SUCCESS", "Here are your data.", data)
    })
    .await
}

fn envelope(status: StatusCode, code: &str, message: &str, data: Value) -> Response {
    let body = object!({
        "http_code": status.as_u16(),
        "response_code": code,
        "response_msg": message,
        "data": data,
    });
    json(status, body)
}

fn failed(status: StatusCode) -> Response {
    let code = match status {
        StatusCode::TOO_MANY_REQUESTS => "TOO_MANY_REQUESTS",
        StatusCode::UNAUTHORIZED => "UNAUTHORIZED",
        StatusCode::BAD_REQUEST => "BAD_REQUEST",
        _ => "INTERNAL_SERVER_ERROR",
    };
    envelope(status, code, "The call failed.", Value::Null)
}

fn accept(sim: &Sim, one: &Value) -> Value {
    let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let (to, body) = (text("to"), text("body"));
    let mut row = object!({
        "to": to, "from": text("from"), "body": body, "custom_string": text("custom_string"),
        "message_parts": 1, "country": "AU",
    });
    let digits = to.strip_prefix('+').unwrap_or_default();
    if digits.len() < 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        row["status"] = "INVALID_RECIPIENT".into();
        return row;
    }
    if body.is_empty() {
        row["status"] = "EMPTY_MESSAGE".into();
        return row;
    }
    let (_, mut draw) = sim.number("clicksend");
    let id = draw.uuid().to_uppercase();
    row["status"] = "SUCCESS".into();
    row["message_id"] = id.as_str().into();
    row["message_price"] = PRICE.into();
    let token = Some(text("custom_string")).filter(|token| !token.is_empty());
    let message = Message {
        id: id.clone(),
        from: text("from"),
        to: to.clone(),
        token: token.clone(),
        body,
        price: Some(PRICE.to_owned()),
        ..Message::default()
    };
    let call = Accepted {
        provider: Wire::Clicksend,
        from: message.from.clone(),
        to,
        token,
        idempotency_key: None,
        provider_message_id: id,
        body_hash: hash(one.to_string().as_bytes()),
        count: 1,
    };
    sim.accept(call, message);
    row
}

/// Sent messages whose field has the value of `q=field:value`; without a query, all.
async fn history(
    State(sim): State<Arc<Sim>>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let wanted = query.iter().find(|(name, _)| name == "q");
    let wanted = wanted.and_then(|(_, value)| value.split_once(':'));
    let state = sim.state();
    let rows: Vec<Value> = state
        .ledger
        .entries
        .iter()
        .filter(|entry| entry.provider == Wire::Clicksend)
        .map(|entry| {
            object!({
                "message_id": entry.provider_message_id, "to": entry.to, "from": entry.from,
                "custom_string": entry.token, "message_price": PRICE, "status": "Sent",
                "date": entry.virtual_time.timestamp(),
            })
        })
        .filter(|row| wanted.is_none_or(|(field, value)| row[field] == value))
        .collect();
    let data = object!({"total": rows.len(), "current_page": 1, "last_page": 1, "data": rows});
    envelope(StatusCode::OK, "SUCCESS", "Here are your history.", data)
}
