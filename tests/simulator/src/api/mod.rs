//! The providers' own APIs, each under its name. Requests are checked as far as the provider would refuse them.

mod apollo;
mod clicksend;
mod dncr;
mod resend;
mod ses;
mod twilio;
mod unipile;

use std::sync::Arc;

use axum::{
    Json, Router,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{fault::Fault, sim::Sim, wire::Wire};

/// All providers.
pub(crate) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .nest("/resend", resend::router())
        .nest("/ses", ses::router())
        .nest("/twilio", twilio::router())
        .nest("/clicksend", clicksend::router())
        .nest("/unipile", unipile::router())
        .nest("/apollo", apollo::router())
        .nest("/dncr", dncr::router())
}

/// Stands for an address in the rules for faults, where a list is asked for.
const LISTS: &str = "lists";

/// Marks an answer that must not arrive: the connection closes instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dropped;

/// Carries out a call unless it is to fail. `failed` words the provider's own error for a status.
async fn unless_failing(
    sim: &Sim,
    wire: Wire,
    address: &str,
    failed: impl Fn(StatusCode) -> Response,
    accept: impl FnOnce() -> Response,
) -> Response {
    sim.take_time().await;
    match sim.fate(wire, address) {
        None => accept(),
        Some(Fault::RateLimit) => {
            let mut response = failed(StatusCode::TOO_MANY_REQUESTS);
            response
                .headers_mut()
                .insert("retry-after", http::HeaderValue::from_static("2"));
            response
        }
        Some(Fault::KeyRefused) => failed(StatusCode::UNAUTHORIZED),
        Some(Fault::ServerError) => failed(StatusCode::INTERNAL_SERVER_ERROR),
        Some(Fault::BadGateway) => {
            (StatusCode::BAD_GATEWAY, "<html>502 Bad Gateway</html>").into_response()
        }
        Some(Fault::TimeOut) => sim.never_answer().await,
        Some(Fault::DropAfterAccept) => {
            let mut response = accept();
            response.extensions_mut().insert(Dropped);
            response
        }
        Some(Fault::HangAfterAccept) => {
            drop(accept());
            sim.never_answer().await
        }
    }
}

fn json(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn hash(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}

/// `tenant.lead.touch` out of a list of `{name, value}`, in either case of the keys.
fn token(tags: &Value) -> Option<String> {
    let find = |wanted: &str| {
        let tags = tags.as_array()?;
        let tag = tags
            .iter()
            .find(|tag| tag["name"] == wanted || tag["Name"] == wanted)?;
        let value = tag["value"].as_str().or(tag["Value"].as_str());
        value.map(str::to_owned)
    };
    let parts = [find("tenant")?, find("lead")?, find("touch")?];
    Some(parts.join("."))
}

/// The bare address of `Name <address>`.
fn address(mailbox: &str) -> String {
    let inner = mailbox.rsplit_once('<').map_or(mailbox, |(_, rest)| rest);
    inner.trim_end_matches('>').trim().to_lowercase()
}
