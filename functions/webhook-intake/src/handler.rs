//! Decodes an HTTP request, hands it on, encodes the answer. Every answer to a caller that proved nothing is a 4xx.

use lambda_http::{Body, Request as HttpRequest, RequestExt as _, Response};
use serde_json::json;
use touchline_domain::{events::Provider, message::UnsubscribeToken};
use touchline_engine::{intake::IntakePorts, leave::leave, ports::Suppressions};
use touchline_providers::webhook::{BODY_MAX_BYTES, Request};
use touchline_runtime::clock::Clock;

use crate::{
    intake::{self, Answer},
    page,
    route::{Route, route},
    trust::Keys,
};

/// What this function works with.
pub struct Intake<S, K> {
    /// Where webhooks are kept and queued, and who is not to be contacted.
    pub store: S,
    /// Secrets and certificates.
    pub trust: K,
    /// What providers and recipients call, without a final slash.
    pub public_url: String,
    /// The clock.
    pub clock: Clock,
}

impl<S, K> Intake<S, K>
where
    S: IntakePorts + Suppressions,
    K: Keys,
{
    /// Answers one request.
    pub async fn handle(&self, request: HttpRequest) -> Response<Body> {
        let path = request.raw_http_path().to_owned();
        if request.body().as_ref().len() > BODY_MAX_BYTES {
            return answer(
                413,
                &json!({ "code": "body_too_large", "limit_bytes": BODY_MAX_BYTES }),
            );
        }
        let response = match route(request.method().as_str(), &path) {
            Route::Hook(provider) => self.hook(provider, &request, &path).await,
            Route::UnsubscribePage(token) => html(200, page::ask(&token)),
            Route::Unsubscribe(token) => self.unsubscribe(&token).await,
            Route::NotFound => answer(404, &json!({ "code": "not_found" })),
            Route::MethodNotAllowed => answer(405, &json!({ "code": "method_not_allowed" })),
        };
        tracing::info!(status = response.status().as_u16(), "request answered");
        response
    }

    async fn hook(&self, provider: Provider, request: &HttpRequest, path: &str) -> Response<Body> {
        let headers: Vec<(String, String)> = request
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        let query = request
            .uri()
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        let url = format!("{}{path}{query}", self.public_url.trim_end_matches('/'));
        let hook = Request {
            method: request.method().as_str(),
            url: &url,
            headers: &headers,
            body: request.body().as_ref(),
        };
        let Some(signing) = self.trust.signing(provider, &hook).await else {
            return answer(401, &json!({ "code": "not_set_up" }));
        };
        let now = self.clock.now();
        match intake::take(
            &self.store,
            provider,
            &hook,
            &signing,
            self.trust.hosts(),
            now,
        )
        .await
        {
            Answer::Accepted { events } => {
                self.trust.confirm(provider, &hook).await;
                answer(200, &json!({ "events": events }))
            }
            Answer::Unauthorized(code) => answer(401, &json!({ "code": code })),
            Answer::Unparsable { code, field } => {
                answer(400, &json!({ "code": code, "field": field }))
            }
            Answer::TryAgain => answer(503, &json!({ "code": "try_again" })),
        }
    }

    /// RFC 8058: acts at once, needs nothing but the token, and is the same the second time (R27).
    async fn unsubscribe(&self, token: &str) -> Response<Body> {
        let opened = match self.trust.unsubscribe_keys().await {
            Ok(keys) => UnsubscribeToken::open(token, &keys),
            Err(error) => {
                tracing::error!(%error, "unsubscribe links cannot be read");
                return answer(503, &json!({ "code": "try_again" }));
            }
        };
        let Ok(leaving) = opened else {
            return html(404, page::invalid());
        };
        match leave(&self.store, &leaving, token, self.clock.now()).await {
            Ok(()) => html(200, page::done()),
            Err(error) => {
                tracing::error!(%error, "unsubscribe cannot be kept now");
                answer(503, &json!({ "code": "try_again" }))
            }
        }
    }
}

fn answer(status: u16, body: &serde_json::Value) -> Response<Body> {
    respond(status, "application/json", body.to_string())
}

fn html(status: u16, body: String) -> Response<Body> {
    respond(status, "text/html; charset=utf-8", body)
}

fn respond(status: u16, content_type: &str, body: String) -> Response<Body> {
    let built = Response::builder()
        .status(status)
        .header("content-type", content_type)
        .header("cache-control", "no-store")
        .header("x-content-type-options", "nosniff")
        .body(Body::Text(body));
    built.unwrap_or_else(|_| Response::new(Body::Empty))
}
