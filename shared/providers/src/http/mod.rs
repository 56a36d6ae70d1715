//! Calls over HTTP: one client for all providers, and what each outcome means for whoever sends.
//!
//! A call goes out once. Nothing here retries or follows a redirect: a message must not go out twice (SEND-1).

mod outcome;
mod retry_after;

use std::time::Duration;

pub use outcome::CallError;
pub(crate) use outcome::{Answer, Replay, call};

/// The client that every provider shares.
pub type HttpClient = reqwest::Client;

/// Longest wait for a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Longest wait for a whole call, connection and answer included.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(8);

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Limit for connecting.
    pub connect: Duration,
    /// Limit for the whole call.
    pub whole: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: CONNECT_TIMEOUT,
            whole: CALL_TIMEOUT,
        }
    }
}

/// Builds the client: time-outs, no redirects, no retries, no proxy from the environment.
///
/// # Errors
/// When the platform offers no TLS.
pub fn client(timeouts: Timeouts) -> Result<HttpClient, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.whole)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .user_agent(concat!("touchline/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// `base` without its last slash, so that paths can be appended.
pub(crate) fn trimmed(base: impl Into<String>) -> String {
    let mut base = base.into();
    base.truncate(base.trim_end_matches('/').len());
    base
}
