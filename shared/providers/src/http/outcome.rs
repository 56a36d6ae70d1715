//! What came of a call: an answer, or one of the ways not to get one. The line that matters is whether the
//! provider may have acted on the request (SEND-2).

use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode};
use touchline_engine::provider::SendError;

use super::retry_after::retry_after;

/// The provider's answer, whatever its status.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    /// `None` if the connection broke before the body was complete.
    pub body: Option<Vec<u8>>,
}

/// Whether the provider would recognise the same request if it came again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replay {
    /// It carried the provider's own idempotency key.
    Recognised,
    /// It would be taken for a new one.
    Taken,
}

/// A call, other than a send, that did not end in a usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Not done; try again, not before the given time.
    #[error("rate limited")]
    RateLimited {
        /// How long the provider asks us to wait.
        retry_after: Option<Duration>,
    },
    /// Certainly not done; try again later.
    #[error("provider unavailable ({code})")]
    Unavailable {
        /// Status or cause.
        code: String,
    },
    /// The request left and no answer came: it may have been done, and paid for.
    #[error("outcome unknown ({code})")]
    Unknown {
        /// Cause.
        code: String,
    },
    /// The provider will not do it: credentials, credits or the request are at fault.
    #[error("refused ({code}): {message}")]
    Refused {
        /// The provider's code.
        code: String,
        /// The provider's reason, free of addresses.
        message: String,
    },
    /// Done, but the answer is not what the provider documents. Nothing may be concluded from it.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
}

/// Makes the call, once.
pub(crate) async fn call(request: RequestBuilder) -> Result<Answer, CallError> {
    let response = request.send().await.map_err(|error| broken(&error))?;
    let status = response.status();
    let retry_after = retry_after(response.headers());
    let body = response.bytes().await.ok().map(|bytes| bytes.to_vec());
    Ok(Answer {
        status,
        retry_after,
        body,
    })
}

/// A connection that never stood carried no request; anything later may have.
fn broken(error: &reqwest::Error) -> CallError {
    if error.is_connect() {
        CallError::Unavailable {
            code: "connect".to_owned(),
        }
    } else if error.is_builder() {
        CallError::Refused {
            code: "request".to_owned(),
            message: "the request cannot be built from the given base address".to_owned(),
        }
    } else if error.is_timeout() {
        CallError::Unknown {
            code: "time_out".to_owned(),
        }
    } else {
        CallError::Unknown {
            code: "connection_lost".to_owned(),
        }
    }
}

impl Answer {
    /// The error that the status alone decides: 408, 429 and 5xx. `None` leaves it to the provider's module.
    pub fn transient(&self, replay: Replay) -> Option<CallError> {
        let status = self.status.as_u16();
        let code = status.to_string();
        match status {
            429 => Some(CallError::RateLimited {
                retry_after: self.retry_after,
            }),
            500 | 503 => Some(CallError::Unavailable { code }),
            // A gateway that gives up knows nothing of what happened behind it.
            408 | 501.. if replay == Replay::Recognised => Some(CallError::Unavailable { code }),
            408 | 501.. => Some(CallError::Unknown { code }),
            _ => None,
        }
    }

    /// The body as JSON, or null.
    pub fn json(&self) -> serde_json::Value {
        self.body
            .as_deref()
            .and_then(|body| serde_json::from_slice(body).ok())
            .unwrap_or_default()
    }
}

impl CallError {
    /// This outcome of a send. `code` is the provider's code for a rate limit.
    pub(crate) fn into_send_error(self, rate_code: &str) -> SendError {
        match self {
            Self::RateLimited { retry_after } => SendError::RateLimited {
                retry_after,
                code: rate_code.to_owned(),
            },
            Self::Unavailable { code } => SendError::Unavailable { code },
            Self::Unknown { code } => SendError::Unknown { code },
            // Accepted, but the id is lost: sending again would be a second message.
            Self::Unreadable(code) => SendError::Unknown { code },
            Self::Refused { code, message } => SendError::Rejected {
                refusal: touchline_engine::provider::Refusal::Sender,
                code,
                message,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(status: u16, replay: Replay) -> Option<&'static str> {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: None,
            body: None,
        };
        answer.transient(replay).map(|error| match error {
            CallError::RateLimited { .. } => "rate",
            CallError::Unavailable { .. } => "unavailable",
            CallError::Unknown { .. } => "unknown",
            _ => "other",
        })
    }

    #[test]
    fn a_gateway_error_is_unknown_unless_a_replay_would_be_recognised_send_2() {
        for status in [408, 502, 504, 520, 599] {
            assert_eq!(outcome(status, Replay::Taken), Some("unknown"), "{status}");
            let keyed = outcome(status, Replay::Recognised);
            assert_eq!(keyed, Some("unavailable"), "{status}");
        }
    }

    #[test]
    fn a_refusal_to_work_is_retried_and_other_answers_are_left_to_the_provider_send_3() {
        assert_eq!(outcome(429, Replay::Taken), Some("rate"));
        for status in [500, 503] {
            assert_eq!(outcome(status, Replay::Taken), Some("unavailable"));
        }
        for status in [200, 201, 301, 400, 401, 404, 409, 422] {
            assert_eq!(outcome(status, Replay::Taken), None, "{status}");
        }
    }
}
