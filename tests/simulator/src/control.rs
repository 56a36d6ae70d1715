//! `/_sim`: what tests and the command line ask of the simulation itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use anyhow::Context;
use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    config::Rates,
    fault::FaultRule,
    hooks,
    leads::{Answer, wording::Intent},
    pump::{pump, redeliver},
    sim::{Reply, Sim, Told},
    wire::Wire,
};

pub(crate) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/ledger", get(ledger))
        .route("/stats", get(stats))
        .route("/pending", get(pending))
        .route("/replies", get(replies))
        .route("/pump", post(pumped))
        .route("/faults", post(faults))
        .route("/reset", post(reset))
        .route("/config", post(configure))
        .route("/inbound", post(inbound))
        .route("/redeliver", post(again))
        .route("/member", post(member))
        .route("/relation", post(relation))
}

/// A wrong request, answered with its reason.
struct Wrong(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Wrong {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        let body = json!({"error": format!("{:#}", self.0)});
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }
}

type Answered = Result<Json<Value>, Wrong>;

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Wrong> {
    let body = if body.is_empty() { b"{}" } else { body };
    Ok(serde_json::from_slice(body).context("reading the request")?)
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: u64,
}

async fn ledger(State(sim): State<Arc<Sim>>, Query(query): Query<Since>) -> Response {
    let state = sim.state();
    Json(state.ledger.since(query.since)).into_response()
}

async fn stats(State(sim): State<Arc<Sim>>) -> Answered {
    let now = sim.clock.now();
    let state = sim.state();
    let mut answer = serde_json::to_value(&state.stats)?;
    let entries = &state.ledger.entries;
    let duplicates = entries.iter().filter(|entry| entry.duplicate_of.is_some());
    answer["virtual_time"] = now.to_rfc3339().into();
    answer["entries"] = entries.len().into();
    answer["duplicates"] = duplicates.count().into();
    Ok(Json(answer))
}

async fn pending(State(sim): State<Arc<Sim>>) -> Answered {
    let now = sim.clock.now();
    let state = sim.state();
    let count: usize = state.due.values().map(Vec::len).sum();
    let next = state.due.keys().next();
    Ok(Json(json!({
        "virtual_time": now.to_rfc3339(),
        "pending": count,
        "unanswered": sim.unanswered.load(Ordering::Relaxed),
        "next_due": next.map(chrono::DateTime::to_rfc3339),
    })))
}

/// Delivered answers of leads with the intent that they were written for.
async fn replies(State(sim): State<Arc<Sim>>) -> Answered {
    let state = sim.state();
    let told = state.told.iter();
    let rows: Vec<Value> = told
        .filter_map(|due| match &due.told {
            Told::Reply(reply) => Some(json!({
                "provider": due.provider,
                "channel": due.provider.channel(),
                "virtual_time": due.at.to_rfc3339(),
                "id": reply.id,
                "from": reply.from,
                "to": reply.to,
                "intent": reply.answer.intent,
                "automatic": reply.answer.automatic,
                "text": reply.answer.text,
                "token": reply.parent.as_ref().and_then(|parent| parent.token.clone()),
            })),
            Told::Status(..) | Told::Relation { .. } => None,
        })
        .collect();
    Ok(Json(Value::Array(rows)))
}

async fn pumped(State(sim): State<Arc<Sim>>) -> Answered {
    Ok(Json(serde_json::to_value(pump(&sim).await)?))
}

async fn faults(State(sim): State<Arc<Sim>>, body: Bytes) -> Answered {
    let rule: FaultRule = read(&body)?;
    let mut state = sim.state();
    state.rules.push(rule);
    Ok(Json(json!({"rules": state.rules.len()})))
}

async fn reset(State(sim): State<Arc<Sim>>) -> Answered {
    sim.reset();
    Ok(Json(json!({"ok": true})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    seed: Option<u64>,
    hook_base: Option<String>,
    public_url: Option<String>,
    rates: Option<Rates>,
    #[serde(default)]
    secrets: BTreeMap<Wire, String>,
    /// What each call takes before it is answered.
    latency_ms: Option<u64>,
    /// The providers whose webhooks are lost from now on; an empty list ends it.
    silent: Option<BTreeSet<Wire>>,
    /// Moves the clock of this process on, for stacks without a clock file.
    advance_seconds: Option<i64>,
}

async fn configure(State(sim): State<Arc<Sim>>, body: Bytes) -> Answered {
    let change: Change = read(&body)?;
    if let Some(seconds) = change.advance_seconds {
        sim.clock.advance(seconds);
    }
    sim.set(|settings| {
        if let Some(seed) = change.seed {
            settings.seed = seed;
        }
        if let Some(base) = change.hook_base {
            let base = base.trim_end_matches('/');
            if settings.public_url == settings.hook_base {
                base.clone_into(&mut settings.public_url);
            }
            base.clone_into(&mut settings.hook_base);
        }
        if let Some(url) = change.public_url {
            url.trim_end_matches('/')
                .clone_into(&mut settings.public_url);
        }
        if let Some(rates) = change.rates {
            settings.rates = rates;
        }
        settings.secrets.extend(change.secrets);
        if let Some(latency_ms) = change.latency_ms {
            settings.latency = Duration::from_millis(latency_ms);
        }
        if let Some(silent) = change.silent {
            settings.silent = silent;
        }
    });
    let settings = sim.settings();
    Ok(Json(json!({
        "seed": settings.seed,
        "hook_base": settings.hook_base,
        "public_url": settings.public_url,
        "rates": settings.rates,
        "silent": settings.silent,
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inbound {
    provider: Wire,
    from: String,
    to: String,
    text: String,
    subject: Option<String>,
    /// Further header fields of a mail.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// So many of the same, each with an id of its own.
    #[serde(default = "one")]
    count: usize,
}

fn one() -> usize {
    1
}

/// Puts messages from a lead into the queue, due now. Answers the id of the last one.
async fn inbound(State(sim): State<Arc<Sim>>, body: Bytes) -> Answered {
    let inbound: Inbound = read(&body)?;
    let wire = inbound.provider;
    let mut reply = Reply {
        id: String::new(),
        from: inbound.from,
        to: inbound.to,
        subject: inbound.subject,
        answer: Answer {
            intent: Intent::Other,
            text: inbound.text,
            automatic: false,
        },
        parent: None,
        headers: inbound.headers.into_iter().collect(),
    };
    for _ in 0..inbound.count {
        let (_, mut draw) = sim.number("inbound");
        reply.id = hooks::inbound_id(wire, &mut draw);
        let told = Told::Reply(Box::new(reply.clone()));
        sim.schedule(wire, sim.clock.now(), told);
    }
    let id = reply.id;
    Ok(Json(json!({"id": id})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    provider_id: String,
    public_id: String,
}

/// Makes a member of LinkedIn known under both names.
async fn member(State(sim): State<Arc<Sim>>, body: Bytes) -> Answered {
    let member: Member = read(&body)?;
    let profile = json!({
        "object": "UserProfile",
        "provider": "LINKEDIN",
        "provider_id": member.provider_id,
        "public_identifier": member.public_id,
    });
    let mut state = sim.state();
    for name in [&member.provider_id, &member.public_id] {
        state.kept.insert(format!("member {name}"), profile.clone());
    }
    Ok(Json(json!({"ok": true})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Relation {
    account: String,
    person: String,
}

/// Connects a member of LinkedIn with a seat, now.
async fn relation(State(sim): State<Arc<Sim>>, body: Bytes) -> Answered {
    let Relation { account, person } = read(&body)?;
    let told = Told::Relation { account, person };
    sim.schedule(Wire::Unipile, sim.clock.now(), told);
    Ok(Json(json!({"ok": true})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    last: usize,
}

async fn again(State(sim): State<Arc<Sim>>, body: Bytes) -> Answered {
    let last: Last = read(&body)?;
    Ok(Json(
        json!({"redelivered": redeliver(&sim, last.last).await}),
    ))
}
