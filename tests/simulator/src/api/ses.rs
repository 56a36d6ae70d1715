//! Amazon SES v2: `SendEmail` with raw or simple content, and the certificate that signs its SNS messages.
//! Request signatures are not checked; their scope tells the region.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use mail_parser::MessageParser;
use serde_json::{Value, json as object};

use super::{address, hash, header, json, token, unless_failing};
use crate::{
    ledger::Accepted,
    sim::{Message, Sim},
    wire::Wire,
};

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/v2/email/outbound-emails", post(send))
        .route("/{certificate}", get(certificate))
}

async fn send(State(sim): State<Arc<Sim>>, headers: HeaderMap, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let to = request["Destination"]["ToAddresses"][0].as_str();
    let to = address(to.unwrap_or_default());
    if !to.contains('@') {
        return error(
            StatusCode::BAD_REQUEST,
            "BadRequestException",
            "Missing final '@domain'",
        );
    }
    if to.ends_with(".invalid") {
        return error(
            StatusCode::BAD_REQUEST,
            "MessageRejected",
            "Illegal address",
        );
    }
    let region = region(&headers);
    unless_failing(&sim, Wire::Ses, &to, failed, || {
        accept(&sim, &request, &to, &region, &body)
    })
    .await
}

/// The third part of the scope in `Credential=KEY/20261120/ap-southeast-2/ses/aws4_request`.
fn region(headers: &HeaderMap) -> String {
    header(headers, "authorization")
        .and_then(|auth| auth.split_once("Credential=")?.1.split('/').nth(2))
        .unwrap_or("ap-southeast-2")
        .to_owned()
}

fn failed(status: StatusCode) -> Response {
    if status == StatusCode::TOO_MANY_REQUESTS {
        error(status, "TooManyRequestsException", "Too many requests")
    } else {
        error(status, "InternalFailure", "Internal failure")
    }
}

fn error(status: StatusCode, name: &str, message: &str) -> Response {
    let mut response = json(status, object!({"message": message}));
    if let Ok(name) = http::HeaderValue::from_str(name) {
        response.headers_mut().insert("x-amzn-errortype", name);
    }
    response
}

fn accept(sim: &Sim, request: &Value, to: &str, region: &str, body: &[u8]) -> Response {
    let (number, mut draw) = sim.number("ses");
    let id = format!("010f{number:012x}-{}-000000", draw.uuid());
    let mut message = content(&request["Content"]);
    message.id.clone_from(&id);
    to.clone_into(&mut message.to);
    message.token = token(&request["EmailTags"]);
    message.message_id = format!("<{id}@{region}.amazonses.com>");
    if let Some(from) = request["FromEmailAddress"].as_str() {
        message.from = address(from);
    }
    let call = Accepted {
        provider: Wire::Ses,
        from: message.from.clone(),
        to: to.to_owned(),
        token: message.token.clone(),
        idempotency_key: None,
        provider_message_id: id.clone(),
        body_hash: hash(body),
        count: 1,
    };
    sim.accept(call, message);
    json(StatusCode::OK, object!({"MessageId": id}))
}

fn content(content: &Value) -> Message {
    let raw = content["Raw"]["Data"]
        .as_str()
        .and_then(|data| STANDARD.decode(data).ok())
        .unwrap_or_default();
    let Some(mail) = MessageParser::default().parse(&raw) else {
        let text = |value: &Value| value["Data"].as_str().unwrap_or_default().to_owned();
        let simple = &content["Simple"];
        return Message {
            subject: text(&simple["Subject"]),
            body: text(&simple["Body"]["Text"]),
            ..Message::default()
        };
    };
    let first = |list: Option<&mail_parser::Address<'_>>| {
        let first = list.and_then(|list| list.first());
        first.and_then(|one| one.address()).map(str::to_lowercase)
    };
    Message {
        from: first(mail.from()).unwrap_or_default(),
        reply_to: first(mail.reply_to()),
        subject: mail.subject().unwrap_or_default().to_owned(),
        body: mail.body_text(0).unwrap_or_default().into_owned(),
        ..Message::default()
    }
}

async fn certificate(State(sim): State<Arc<Sim>>, Path(name): Path<String>) -> Response {
    let signer = sim.signer().ok();
    match signer.and_then(|signer| signer.certificate(&name)) {
        Some(pem) => pem.to_owned().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
