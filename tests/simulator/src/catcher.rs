//! A receiver of webhooks for tests: keeps what comes and answers as it is told.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
};
use bytes::Bytes;
use tokio::{net::TcpListener, task::JoinHandle};

/// A request that came.
#[derive(Clone, Debug)]
pub struct Caught {
    /// Method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// Raw body.
    pub body: Vec<u8>,
}

#[derive(Debug, Default)]
struct Kept {
    caught: Vec<Caught>,
    answers: Vec<u16>,
}

/// A running receiver. Dropping it stops it.
#[derive(Debug)]
pub struct Catcher {
    base: String,
    kept: Arc<Mutex<Kept>>,
    task: JoinHandle<()>,
}

impl Catcher {
    /// Listens on a free port.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let kept = Arc::new(Mutex::new(Kept::default()));
        let router = Router::new().fallback(catch).with_state(Arc::clone(&kept));
        let task = tokio::spawn(crate::server::listen(listener, router));
        Ok(Self { base, kept, task })
    }

    /// Where it listens.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base
    }

    /// Answers the coming requests with these statuses in turn, and 200 after that.
    pub fn answer_with(&self, statuses: &[u16]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.answers = statuses.iter().rev().copied().collect();
    }

    /// Takes what came so far.
    #[must_use]
    pub fn take(&self) -> Vec<Caught> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut kept.caught)
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn catch(
    State(kept): State<Arc<Mutex<Kept>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let headers = headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    kept.caught.push(Caught {
        method: method.to_string(),
        path: uri.to_string(),
        headers: headers.collect(),
        body: body.to_vec(),
    });
    let status = kept.answers.pop().unwrap_or(200);
    StatusCode::from_u16(status).unwrap_or(StatusCode::OK)
}
