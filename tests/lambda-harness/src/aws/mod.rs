//! AWS as far as the functions call it, and the providers beside it under one address: DynamoDB over items in memory,
//! S3 over files in memory, queues that take everything, and fixed secrets. Every answer comes after the set latency.
//! Refuses what no function calls, so that a new call is noticed.

mod due_index;
mod dynamodb;
mod key_condition;
mod s3;
mod services;

use std::{
    collections::{BTreeMap, HashMap},
    io,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};

use crate::{providers, server::Server};
pub use due_index::DueEntry;
pub use dynamodb::Tables;

/// No request of ours is longer; DynamoDB takes 16 MB.
const BODY_MAX_BYTES: usize = 32 * 1024 * 1024;

/// The path of Lambda's own API, whose one operation here starts an invocation.
const INVOKE: &str = "2015-03-31/functions/";

/// Calls of one operation, such as `DynamoDB.GetItem`.
pub type Call = (String, u64);

/// What the stubs share.
#[derive(Default)]
struct World {
    latency_nanos: AtomicU64,
    tables: Tables,
    files: RwLock<HashMap<String, Bytes>>,
    secrets: RwLock<HashMap<String, String>>,
    secrets_fail: AtomicBool,
    calls: Mutex<BTreeMap<String, u64>>,
    keeps_messages: AtomicBool,
    messages: Mutex<Vec<String>>,
    invocations: Mutex<Vec<Bytes>>,
}

impl World {
    /// Keeps the bodies of messages, where that was asked for.
    fn keep(&self, bodies: impl Iterator<Item = String>) {
        if self.keeps_messages.load(Ordering::Relaxed) {
            let mut kept = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend(bodies);
        }
    }

    fn count(&self, operation: String) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(operation).or_default() += 1;
    }
}

/// AWS and the providers on a local port. Dropping it stops it.
pub struct AwsStub {
    server: Server,
    world: Arc<World>,
}

impl AwsStub {
    /// Starts with empty tables, no files and no latency.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> io::Result<Self> {
        let world = Arc::<World>::default();
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&world));
        Ok(Self {
            server: Server::start(router).await?,
            world,
        })
    }

    /// The value of `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// The address of a provider, such as `resend`.
    #[must_use]
    pub fn provider_url(&self, provider: &str) -> String {
        format!("{}/{}{provider}", self.url(), providers::PREFIX)
    }

    /// Lets every answer wait so long from now on.
    pub fn set_latency(&self, latency: Duration) {
        let nanos = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        self.world.latency_nanos.store(nanos, Ordering::Relaxed);
    }

    /// The items.
    #[must_use]
    pub fn tables(&self) -> &Tables {
        &self.world.tables
    }

    /// Puts a file into a bucket.
    pub fn put_file(&self, bucket: &str, key: &str, content: Bytes) {
        let mut files = self
            .world
            .files
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        files.insert(format!("{bucket}/{key}"), content);
    }

    /// Sets the value of a secret.
    pub fn put_secret(&self, name: &str, value: String) {
        let mut secrets = self
            .world
            .secrets
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        secrets.insert(name.to_owned(), value);
    }

    /// Lets Secrets Manager fail from now on, or work again.
    pub fn fail_secrets(&self, fail: bool) {
        self.world.secrets_fail.store(fail, Ordering::Relaxed);
    }

    /// Keeps the bodies of messages from now on.
    pub fn keep_messages(&self) {
        self.world.keeps_messages.store(true, Ordering::Relaxed);
    }

    /// The bodies that were kept since the last time this was asked.
    #[must_use]
    pub fn take_messages(&self) -> Vec<String> {
        let messages = self.world.messages.lock();
        std::mem::take(&mut *messages.unwrap_or_else(PoisonError::into_inner))
    }

    /// The events of the invocations that were asked for since the last time this was asked; nobody carries them out.
    #[must_use]
    pub fn take_invocations(&self) -> Vec<Bytes> {
        let invocations = self.world.invocations.lock();
        std::mem::take(&mut *invocations.unwrap_or_else(PoisonError::into_inner))
    }

    /// Every call since the last time this was asked, by operation.
    #[must_use]
    pub fn take_calls(&self) -> Vec<Call> {
        let mut calls = self
            .world
            .calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *calls).into_iter().collect()
    }
}

async fn answer(State(world): State<Arc<World>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_MAX_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let latency = Duration::from_nanos(world.latency_nanos.load(Ordering::Relaxed));
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    if let Some(target) = target(&parts.headers) {
        let (service, operation) = target.split_once('.').unwrap_or((target, ""));
        let service = service.split('_').next().unwrap_or(service);
        world.count(format!("{service}.{operation}"));
        return match service {
            "DynamoDB" => json(world.tables.call(operation, &body)),
            _ => json(services::call(&world, service, operation, &body)),
        };
    }
    let path = parts.uri.path().trim_start_matches('/');
    if let Some(path) = path.strip_prefix(providers::PREFIX) {
        let provider = path.split('/').next().unwrap_or(path);
        world.count(format!("{provider}.{}", parts.method));
        return providers::answer(provider, &body);
    }
    if path.starts_with(INVOKE) {
        world.count("Lambda.Invoke".to_owned());
        let mut invocations = world
            .invocations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        invocations.push(body);
        return StatusCode::ACCEPTED.into_response();
    }
    world.count(format!("S3.{}", parts.method));
    s3::answer(&world, &parts, body)
}

/// The operation of the JSON protocols.
fn target(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-amz-target")?.to_str().ok()
}

/// What can't be answered, as the JSON protocols write it.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// It is not played here, or not like this.
    NotUnderstood(String),
    /// The service's own error, as it stands.
    Answer(String),
}

impl Refusal {
    fn because(reason: String) -> Self {
        Self::NotUnderstood(reason)
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::because(format!("the request can't be read: {error}"))
    }
}

fn json(answer: Result<String, Refusal>) -> Response {
    let (status, body) = match answer {
        Ok(body) => (StatusCode::OK, body),
        Err(Refusal::Answer(body)) => (StatusCode::BAD_REQUEST, body),
        Err(Refusal::NotUnderstood(reason)) => (
            StatusCode::BAD_REQUEST,
            serde_json::json!({ "__type": "ValidationException", "message": reason }).to_string(),
        ),
    };
    let mut response = (status, Body::from(body)).into_response();
    let kind = HeaderValue::from_static("application/x-amz-json-1.0");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
