//! Lambda's runtime API (version 2018-06-01) for one sandbox: hands out one event at a time and takes its answer.
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use http::StatusCode;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

use crate::{sandbox::Answer, server::Server};

/// Any name will do; a function does not look at it.
const FUNCTION_ARN: &str = "arn:aws:lambda:ap-southeast-2:123456789012:function:measured";

/// An event on its way to the program.
struct Pending {
    event: Bytes,
    deadline_ms: u64,
    answer: oneshot::Sender<Answer>,
}

struct Shared {
    events: AsyncMutex<mpsc::Receiver<Pending>>,
    under_way: Mutex<HashMap<String, oneshot::Sender<Answer>>>,
    /// A program that fails before its first event says why.
    init_error: Mutex<Option<String>>,
    handed_out: AtomicU64,
}

/// The runtime API of one sandbox.
pub(crate) struct RuntimeApi {
    server: Server,
    events: mpsc::Sender<Pending>,
    shared: Arc<Shared>,
}

impl RuntimeApi {
    pub(crate) async fn start() -> io::Result<Self> {
        let (events, receiver) = mpsc::channel(1);
        let shared = Arc::new(Shared {
            events: AsyncMutex::new(receiver),
            under_way: Mutex::default(),
            init_error: Mutex::default(),
            handed_out: AtomicU64::new(0),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(response),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(Arc::clone(&shared));
        Ok(Self {
            server: Server::start(router).await?,
            events,
            shared,
        })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> String {
        self.server.address().to_string()
    }

    /// Hands out an event and waits for its answer; nothing comes while no program asks.
    pub(crate) async fn invoke(
        &self,
        event: Bytes,
        time_left: std::time::Duration,
    ) -> Option<Answer> {
        let (answer, answered) = oneshot::channel();
        let pending = Pending {
            event,
            deadline_ms: now_ms() + u64::try_from(time_left.as_millis()).unwrap_or(u64::MAX / 2),
            answer,
        };
        self.events.send(pending).await.ok()?;
        answered.await.ok()
    }

    /// Why the program did not come to ask for an event, if it said so.
    pub(crate) fn init_error(&self) -> Option<String> {
        let error = self.shared.init_error.lock();
        error.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    let Some(pending) = shared.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let number = shared.handed_out.fetch_add(1, Ordering::Relaxed) + 1;
    let id = format!("00000000-0000-4000-8000-{number:012}");
    let headers = [
        ("lambda-runtime-aws-request-id", id.clone()),
        (
            "lambda-runtime-deadline-ms",
            pending.deadline_ms.to_string(),
        ),
        (
            "lambda-runtime-invoked-function-arn",
            FUNCTION_ARN.to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    let mut under_way = shared
        .under_way
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    under_way.insert(id, pending.answer);
    drop(under_way);
    (headers, pending.event).into_response()
}

async fn response(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: Bytes,
) -> StatusCode {
    settle(&shared, &id, Answer::Response(body))
}

async fn error(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: Bytes,
) -> StatusCode {
    settle(&shared, &id, Answer::Error(body))
}

async fn init_error(State(shared): State<Arc<Shared>>, body: String) -> StatusCode {
    let mut error = shared
        .init_error
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    *error = Some(body);
    StatusCode::ACCEPTED
}

fn settle(shared: &Shared, id: &str, answer: Answer) -> StatusCode {
    let mut under_way = shared
        .under_way
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    match under_way.remove(id) {
        // Nobody waits any more when the measurement was given up.
        Some(waiting) => {
            let _ = waiting.send(answer);
            StatusCode::ACCEPTED
        }
        None => StatusCode::NOT_FOUND,
    }
}
