//! Resend: `POST /emails` with idempotency keys, and inbound mail to fetch.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use bytes::Bytes;
use serde_json::{Value, json as object};

use super::{LISTS, address, hash, header, json, token, unless_failing};
use crate::{
    hooks,
    ledger::Accepted,
    sim::{Message, Sim, Told},
    wire::Wire,
};

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/emails", post(send))
        .route("/emails/receiving", get(list))
        .route("/emails/receiving/{id}", get(received))
}

async fn send(State(sim): State<Arc<Sim>>, headers: HeaderMap, body: Bytes) -> Response {
    if !header(&headers, "authorization").is_some_and(|auth| auth.starts_with("Bearer ")) {
        return error(
            StatusCode::UNAUTHORIZED,
            "missing_api_key",
            "Missing API key",
        );
    }
    let Ok(mail) = serde_json::from_slice::<Value>(&body) else {
        return error(
            StatusCode::BAD_REQUEST,
            "validation_error",
            "Body is not JSON",
        );
    };
    let to = mail["to"][0]
        .as_str()
        .or(mail["to"].as_str())
        .unwrap_or_default();
    let to = address(to);
    for field in ["from", "subject"] {
        if mail[field].as_str().is_none_or(str::is_empty) {
            let text = format!("Missing `{field}` field.");
            return error(
                StatusCode::UNPROCESSABLE_ENTITY,
                "missing_required_field",
                &text,
            );
        }
    }
    if !to.contains('@') || to.ends_with(".invalid") {
        let text = format!("Invalid `to` field: {to} is no address.");
        return error(StatusCode::UNPROCESSABLE_ENTITY, "validation_error", &text);
    }
    if mail["html"].is_null() && mail["text"].is_null() {
        let text = "Missing `html` or `text` field.";
        return error(StatusCode::UNPROCESSABLE_ENTITY, "validation_error", text);
    }
    let key = header(&headers, "idempotency-key").map(str::to_owned);
    unless_failing(&sim, Wire::Resend, &to, failed, || {
        accept(&sim, &mail, &to, key, &body)
    })
    .await
}

fn failed(status: StatusCode) -> Response {
    let name = if status == StatusCode::TOO_MANY_REQUESTS {
        "rate_limit_exceeded"
    } else {
        "application_error"
    };
    error(status, name, "Something went wrong.")
}

fn error(status: StatusCode, name: &str, message: &str) -> Response {
    let body = object!({"statusCode": status.as_u16(), "name": name, "message": message});
    json(status, body)
}

/// Accepts a mail once per key: a replay gets the first answer, and another body under the key is refused.
fn accept(sim: &Sim, mail: &Value, to: &str, key: Option<String>, body: &[u8]) -> Response {
    let body_hash = hash(body);
    if let Some(key) = &key {
        let mut state = sim.state();
        let first = state.replays.get(&format!("resend {key}")).cloned();
        if let Some((first_hash, answer)) = first {
            if first_hash != body_hash {
                let text = "Same idempotency key used with a different request payload.";
                return error(StatusCode::CONFLICT, "invalid_idempotent_request", text);
            }
            *state.stats.replays.entry(Wire::Resend).or_default() += 1;
            return json(StatusCode::OK, answer);
        }
    }
    let (_, mut draw) = sim.number("resend");
    let id = draw.uuid();
    let answer = object!({"id": id});
    if let Some(key) = &key {
        let first = (body_hash.clone(), answer.clone());
        sim.state().replays.insert(format!("resend {key}"), first);
    }
    let message = message(mail, to, &id);
    let call = Accepted {
        provider: Wire::Resend,
        from: message.from.clone(),
        to: to.to_owned(),
        token: message.token.clone(),
        idempotency_key: key,
        provider_message_id: id,
        body_hash,
        count: 1,
    };
    sim.accept(call, message);
    json(StatusCode::OK, answer)
}

fn message(mail: &Value, to: &str, id: &str) -> Message {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let own_id = mail["headers"].as_object().and_then(|headers| {
        let (_, value) = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("message-id"))?;
        text(value)
    });
    Message {
        id: id.to_owned(),
        from: address(mail["from"].as_str().unwrap_or_default()),
        to: to.to_owned(),
        reply_to: text(&mail["reply_to"][0])
            .or_else(|| text(&mail["reply_to"]))
            .map(|to| address(&to)),
        subject: text(&mail["subject"]).unwrap_or_default(),
        token: token(&mail["tags"]),
        message_id: own_id.unwrap_or_else(|| format!("<{id}@resend.example>")),
        callback: None,
        body: text(&mail["text"]).unwrap_or_default(),
        price: None,
    }
}

/// Received mail, newest first.
async fn list(
    State(sim): State<Arc<Sim>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if !header(&headers, "authorization").is_some_and(|auth| auth.starts_with("Bearer ")) {
        return error(
            StatusCode::UNAUTHORIZED,
            "missing_api_key",
            "Missing API key",
        );
    }
    unless_failing(&sim, Wire::Resend, LISTS, failed, || {
        let happened = sim.happened(Wire::Resend).into_iter();
        let rows: Vec<Value> = happened
            .filter_map(|due| {
                let Told::Reply(reply) = &due.told else {
                    return None;
                };
                let mut row = hooks::resend::received(reply);
                row["id"] = reply.id.as_str().into();
                row["created_at"] = due.at.format("%Y-%m-%d %H:%M:%S%.6f+00").to_string().into();
                Some(row)
            })
            .collect();
        let after = query.get("after");
        let position = after.and_then(|id| rows.iter().position(|row| row["id"] == id.as_str()));
        if after.is_some() && position.is_none() {
            let text = "The `after` cursor is not a known id.";
            return error(StatusCode::UNPROCESSABLE_ENTITY, "validation_error", text);
        }
        let from = position.map_or(0, |position| position + 1);
        let limit = query.get("limit").and_then(|text| text.parse().ok());
        let shown: Vec<&Value> = rows.iter().skip(from).take(limit.unwrap_or(20)).collect();
        let more = rows.len() > from + shown.len();
        json(
            StatusCode::OK,
            object!({"object": "list", "has_more": more, "data": shown}),
        )
    })
    .await
}

async fn received(State(sim): State<Arc<Sim>>, Path(id): Path<String>) -> Response {
    let mail = sim.state().kept.get(&format!("mail {id}")).cloned();
    match mail {
        Some(mail) => json(StatusCode::OK, mail),
        None => error(StatusCode::NOT_FOUND, "not_found", "Email not found"),
    }
}
