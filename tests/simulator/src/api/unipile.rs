//! Unipile: the lists of a seat's messages and relations, who a member is, and where webhooks go. Nothing can be sent
//! through it here.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json as object};

use super::{LISTS, header, json, unless_failing};
use crate::{
    hooks::unipile::{chat_id, own_id},
    sim::{Due, Sim, Told},
    wire::Wire,
};

/// Where registered webhooks are kept, and what stands for their address in the rules for faults.
const HOOKS: &str = "webhooks";

type Asked = HashMap<String, String>;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/api/v1/messages", get(messages))
        .route("/api/v1/users/relations", get(relations))
        .route("/api/v1/users/{id}", get(user))
        .route("/api/v1/chats/{id}/attendees", get(attendees))
        .route("/api/v1/webhooks", get(webhooks).post(register))
}

async fn messages(
    State(sim): State<Arc<Sim>>,
    Query(query): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let after = query.get("after").and_then(|text| text.parse().ok());
    list(&sim, &query, &headers, "MessageList", |due, account| {
        message(due, account, after)
    })
    .await
}

/// A message of the account. Every other one does not say who sent it, so that the asker has to compare.
fn message(due: &Due, account: &str, after: Option<DateTime<Utc>>) -> Option<Value> {
    let Told::Reply(reply) = &due.told else {
        return None;
    };
    if reply.to != account || after.is_some_and(|after| due.at <= after) {
        return None;
    }
    let mut row = object!({
        "object": "Message",
        "id": reply.id,
        "account_id": account,
        "chat_id": chat_id(reply),
        "sender_id": reply.from,
        "text": reply.answer.text,
        "timestamp": due.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "is_event": 0,
        "attachments": [],
    });
    if due.number.is_multiple_of(2) {
        row["is_sender"] = u8::from(reply.from == own_id(account)).into();
    }
    Some(row)
}

async fn relations(
    State(sim): State<Arc<Sim>>,
    Query(query): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    list(
        &sim,
        &query,
        &headers,
        "UserRelationsList",
        |due, account| match &due.told {
            Told::Relation {
                account: of,
                person,
            } if of == account => Some(object!({
                "object": "UserRelation",
                "member_id": person,
                "created_at": due.at.timestamp_millis(),
            })),
            _ => None,
        },
    )
    .await
}

/// One page of what `row` makes of what has happened, newest first.
async fn list(
    sim: &Sim,
    query: &Asked,
    headers: &HeaderMap,
    name: &str,
    row: impl Fn(&Due, &str) -> Option<Value>,
) -> Response {
    let account = match account(headers, query) {
        Ok(account) => account,
        Err(status) => return failed(status),
    };
    unless_failing(sim, Wire::Unipile, LISTS, failed, || {
        let happened = sim.happened(Wire::Unipile);
        let rows: Vec<Value> = happened
            .iter()
            .filter_map(|due| row(due, account))
            .collect();
        let number = |name: &str| query.get(name).and_then(|text| text.parse().ok());
        // Counted from the end, so that what is new does not move it.
        let behind: usize = number("cursor").unwrap_or(rows.len()).min(rows.len());
        let from = rows.len() - behind;
        let shown: Vec<&Value> = rows
            .iter()
            .skip(from)
            .take(number("limit").unwrap_or(100))
            .collect();
        let left = rows.len() - from - shown.len();
        let cursor = (left > 0).then(|| left.to_string());
        let body = object!({"object": name, "items": shown, "cursor": cursor});
        json(StatusCode::OK, body)
    })
    .await
}

async fn user(
    State(sim): State<Arc<Sim>>,
    Path(id): Path<String>,
    Query(query): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let account = match account(&headers, &query) {
        Ok(account) => account,
        Err(status) => return failed(status),
    };
    unless_failing(&sim, Wire::Unipile, &id, failed, || {
        let own = (id == "me").then(|| {
            object!({
                "object": "AccountOwnerProfile",
                "provider": "LINKEDIN",
                "provider_id": own_id(account),
            })
        });
        let found = own.or_else(|| sim.state().kept.get(&format!("member {id}")).cloned());
        match found {
            Some(profile) => json(StatusCode::OK, profile),
            None => failed(StatusCode::NOT_FOUND),
        }
    })
    .await
}

/// The other person in a chat.
async fn attendees(
    State(sim): State<Arc<Sim>>,
    Path(chat): Path<String>,
    Query(query): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let account = match account(&headers, &query) {
        Ok(account) => account,
        Err(status) => return failed(status),
    };
    unless_failing(&sim, Wire::Unipile, &chat, failed, || {
        let happened = sim.happened(Wire::Unipile);
        let other = happened.iter().find_map(|due| match &due.told {
            Told::Reply(reply) if chat_id(reply) == chat => Some(reply.from.clone()),
            _ => None,
        });
        let Some(other) = other else {
            return failed(StatusCode::NOT_FOUND);
        };
        let known = sim.state().kept.get(&format!("member {other}")).cloned();
        let public = known.map_or(Value::Null, |member| member["public_identifier"].clone());
        let items = object!([
            {"object": "ChatAttendee", "is_self": 1, "provider_id": own_id(account)},
            {"object": "ChatAttendee", "is_self": 0, "provider_id": other, "public_identifier": public},
        ]);
        let body = object!({"object": "ChatAttendeeList", "items": items, "cursor": null});
        json(StatusCode::OK, body)
    })
    .await
}

/// What is registered, one on a page.
async fn webhooks(
    State(sim): State<Arc<Sim>>,
    Query(query): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    if header(&headers, "x-api-key").is_none() {
        return failed(StatusCode::UNAUTHORIZED);
    }
    unless_failing(&sim, Wire::Unipile, HOOKS, failed, || {
        let state = sim.state();
        let all = state.kept.get(HOOKS).and_then(Value::as_array);
        let all = all.cloned().unwrap_or_default();
        let from = query.get("cursor").and_then(|text| text.parse().ok());
        let from: usize = from.unwrap_or(0);
        let shown: Vec<&Value> = all.iter().skip(from).take(1).collect();
        let next = (from + 1 < all.len()).then(|| (from + 1).to_string());
        let body = object!({"object": "WebhookList", "items": shown, "cursor": next});
        json(StatusCode::OK, body)
    })
    .await
}

async fn register(State(sim): State<Arc<Sim>>, headers: HeaderMap, body: Bytes) -> Response {
    if header(&headers, "x-api-key").is_none() {
        return failed(StatusCode::UNAUTHORIZED);
    }
    let mut hook: Value = serde_json::from_slice(&body).unwrap_or_default();
    if !hook["request_url"].is_string() || !hook["source"].is_string() {
        return failed(StatusCode::BAD_REQUEST);
    }
    unless_failing(&sim, Wire::Unipile, "register", failed, || {
        let mut state = sim.state();
        let all = state.kept.entry(HOOKS.to_owned()).or_insert(object!([]));
        let count = all.as_array().map_or(0, Vec::len);
        let id = format!("wh_{count}");
        hook["object"] = "Webhook".into();
        hook["id"] = id.as_str().into();
        if let Some(all) = all.as_array_mut() {
            all.push(hook);
        }
        json(
            StatusCode::CREATED,
            object!({"object": "WebhookCreated", "webhook_id": id}),
        )
    })
    .await
}

fn account<'a>(headers: &HeaderMap, query: &'a Asked) -> Result<&'a str, StatusCode> {
    if header(headers, "x-api-key").is_none() {
        return Err(StatusCode::UNAUTHORIZED);
    }
    match query.get("account_id") {
        Some(account) => Ok(account),
        None => Err(StatusCode::BAD_REQUEST),
    }
}

fn failed(status: StatusCode) -> Response {
    let (kind, title) = match status {
        StatusCode::TOO_MANY_REQUESTS => ("errors/too_many_requests", "Too Many Requests"),
        StatusCode::UNAUTHORIZED => ("errors/missing_credentials", "Missing credentials"),
        StatusCode::NOT_FOUND => ("errors/resource_not_found", "Resource not found"),
        StatusCode::BAD_REQUEST => ("errors/invalid_parameters", "Invalid parameters"),
        _ => ("errors/unexpected_error", "Unexpected error"),
    };
    json(
        status,
        object!({"status": status.as_u16(), "type": kind, "title": title}),
    )
}
