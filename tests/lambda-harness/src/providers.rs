//! The shortest good answers of the providers that the sample events lead to. The simulator is the one that checks
//! what they are asked.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

/// Providers stand under this path, which no bucket is called by.
pub(crate) const PREFIX: &str = "_providers/";

pub(crate) fn answer(provider: &str, body: &[u8]) -> Response {
    let answer = match provider {
        "resend" => json!({ "id": "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794" }),
        "twilio" => json!({ "sid": "SM0123456789abcdef0123456789abcdef", "status": "queued" }),
        "apollo" => people(body),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    Json(answer).into_response()
}

/// One person for each that is asked about, at a company of fifty.
fn people(body: &[u8]) -> Value {
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let asked = asked["details"].as_array().map_or(0, Vec::len);
    let person = json!({
        "id": "64a7ff0cc4dfae00013df1a5",
        "first_name": "Ana",
        "last_name": "Silva",
        "title": "Managing Director",
        "email_status": "verified",
        "organization": {
            "name": "Example Plumbing",
            "industry": "construction",
            "estimated_num_employees": 50,
        },
    });
    json!({ "status": "success", "matches": vec![person; asked] })
}
