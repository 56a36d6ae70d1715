//! Apollo: people whose data is a function of the seed and of how they were asked for.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::post,
};
use bytes::Bytes;
use serde_json::{Map, Value, json as object};

use super::{hash, header, json, unless_failing};
use crate::{draw::Draw, ledger::Accepted, sim::Sim, wire::Wire};

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/api/v1/people/match", post(one))
        .route("/api/v1/people/bulk_match", post(many))
}

async fn one(
    State(sim): State<Arc<Sim>>,
    headers: HeaderMap,
    Query(query): Query<Map<String, Value>>,
) -> Response {
    let query = Value::Object(query);
    answer(
        &sim,
        &headers,
        std::slice::from_ref(&query),
        |mut people| object!({"person": people.pop().unwrap_or_default()}),
    )
    .await
}

async fn many(State(sim): State<Arc<Sim>>, headers: HeaderMap, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    match request["details"].as_array() {
        Some(details) if (1..=10).contains(&details.len()) => {
            answer(&sim, &headers, details, |people| {
                let missing = people.iter().filter(|person| person.is_null()).count();
                object!({"status": "success", "missing_records": missing, "matches": people})
            })
            .await
        }
        _ => failed(StatusCode::UNPROCESSABLE_ENTITY),
    }
}

fn failed(status: StatusCode) -> Response {
    json(
        status,
        object!({"error": status.canonical_reason(), "status": status.as_u16()}),
    )
}

/// Who is asked for, in one text: the same person asked for twice has the same.
fn identity(query: &Value) -> String {
    let part = |name: &str| query[name].as_str().unwrap_or_default().to_lowercase();
    let fields = [
        "email",
        "linkedin_url",
        "first_name",
        "last_name",
        "domain",
        "organization_name",
    ];
    fields.map(part).join("|")
}

async fn answer(
    sim: &Sim,
    headers: &HeaderMap,
    queries: &[Value],
    wrap: impl FnOnce(Vec<Value>) -> Value,
) -> Response {
    if header(headers, "x-api-key").is_none_or(str::is_empty) {
        return failed(StatusCode::UNAUTHORIZED);
    }
    let who: Vec<String> = queries.iter().map(identity).collect();
    unless_failing(sim, Wire::Apollo, &who[0], failed, || {
        for name in &who {
            sim.enter(Accepted {
                provider: Wire::Apollo,
                from: String::new(),
                to: name.clone(),
                token: None,
                idempotency_key: None,
                provider_message_id: String::new(),
                body_hash: hash(name.as_bytes()),
                count: 1,
            });
        }
        let people = queries
            .iter()
            .zip(&who)
            .map(|(query, name)| person(sim, query, name));
        json(StatusCode::OK, wrap(people.collect()))
    })
    .await
}

fn person(sim: &Sim, query: &Value, who: &str) -> Value {
    let settings = sim.settings();
    let mut draw = Draw::of(settings.seed, &["apollo", who]);
    if draw.chance(settings.rates.stranger) {
        return Value::Null;
    }
    let given = |name: &str| query[name].as_str().map(str::to_owned);
    let first = given("first_name")
        .unwrap_or_else(|| draw.pick(&["Sam", "Priya", "Tom", "Mei"]).to_owned());
    let last = given("last_name")
        .unwrap_or_else(|| draw.pick(&["Nguyen", "Smith", "Kaur", "Brown"]).to_owned());
    let domain = given("domain")
        .or_else(|| Some(given("email")?.split_once('@')?.1.to_owned()))
        .unwrap_or_else(|| "example.com".to_owned());
    let found = draw
        .chance(0.7)
        .then(|| format!("{}.{}@{domain}", first.to_lowercase(), last.to_lowercase()));
    let status = draw.pick(&["verified", "verified", "verified", "guessed", "unavailable"]);
    let phone = draw
        .chance(0.4)
        .then(|| format!("+61491570{:03}", draw.between(0, 999)));
    let title = draw.pick(&[
        "Owner",
        "CEO",
        "Managing Director",
        "VP Sales",
        "Marketing Manager",
        "Accountant",
    ]);
    let since = format!("{}-{:02}-01", draw.between(2019, 2026), draw.between(1, 10));
    let slug = format!("{first}-{last}").to_lowercase();
    object!({
        "id": draw.hex(24),
        "first_name": first, "last_name": last, "name": format!("{first} {last}"),
        "title": title,
        "email": given("email").or(found), "email_status": status,
        "linkedin_url": given("linkedin_url")
            .unwrap_or_else(|| format!("http://www.linkedin.com/in/{slug}")),
        "phone_numbers": phone.map(|phone| vec![object!({"sanitized_number": phone})]),
        "city": "Melbourne", "state": "Victoria", "country": "Australia",
        "employment_history": [{"current": true, "start_date": since, "title": title}],
        "organization": organization(&mut draw, query["organization_name"].as_str(), &domain),
    })
}

fn organization(draw: &mut Draw, name: Option<&str>, domain: &str) -> Value {
    object!({
        "name": name.unwrap_or(domain), "primary_domain": domain,
        "industry": draw.pick(&["construction", "information technology & services", "retail", "accounting"]),
        "estimated_num_employees": draw.between(1, 400),
        "country": "Australia",
        "sic_codes": [draw.pick(&["1521", "7372", "5399", "8721"])],
        "keywords": ["services"],
        "num_open_positions": draw.between(0, 6),
        "latest_funding_round_date": draw
            .chance(0.1)
            .then(|| format!("2026-{:02}-01T00:00:00.000+00:00", draw.between(1, 10))),
    })
}
