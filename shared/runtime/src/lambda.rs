//! Runs a handler on the Lambda runtime, so that a function's `main` only wires. Every failure leaves with a stable
//! error type; a panic is caught and reported by the runtime.

use std::{error::Error, fmt};

use futures::future::LocalBoxFuture;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::{Serialize, de::DeserializeOwned};

use crate::meter;

/// Whether the same event can succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// It can.
    Retryable,
    /// It never will.
    NonRetryable,
}

impl FailureKind {
    /// The `errorType` that alarms and retries look at; it never changes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retryable => "Retryable",
            Self::NonRetryable => "NonRetryable",
        }
    }
}

/// Why an invocation failed, with its cause.
pub struct Failure {
    kind: FailureKind,
    cause: Box<dyn Error + Send + Sync>,
}

impl Failure {
    /// The same event can succeed later.
    pub fn retryable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind: FailureKind::Retryable,
            cause: cause.into(),
        }
    }

    /// The same event never will.
    pub fn non_retryable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind: FailureKind::NonRetryable,
            cause: cause.into(),
        }
    }

    /// Which it is.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.kind
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cause)?;
        let mut cause = self.cause.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// The runtime logs a failed handler by its `Debug`, so the causes are in it.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.kind.as_str())
    }
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        Self {
            error_type: failure.kind.as_str().to_owned(),
            error_message: failure.to_string(),
        }
    }
}

/// What the runtime says of an invocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// AWS's id of the request. The emulator gives a retry a new one, so nothing may be keyed by it.
    pub request_id: String,
    /// Milliseconds since 1970 at which the function is stopped.
    pub deadline_ms: u64,
}

/// Runs `handler` on each event until the sandbox ends.
///
/// # Errors
/// The runtime API cannot be reached.
pub async fn run<E, R, F, Fut>(handler: F) -> Result<(), lambda_runtime::Error>
where
    E: DeserializeOwned,
    R: Serialize,
    F: Fn(E, Invocation) -> Fut,
    Fut: Future<Output = Result<R, Failure>>,
{
    // Boxed, so that the runtime's own layers are not multiplied by all that a handler awaits.
    let service = service_fn(
        |event: LambdaEvent<E>| -> LocalBoxFuture<'_, Result<R, Failure>> {
            let invocation = Invocation {
                request_id: event.context.request_id.clone(),
                deadline_ms: event.context.deadline,
            };
            Box::pin(meter::invocation(handler(event.payload, invocation)))
        },
    );
    lambda_runtime::run(service).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the table is busy")]
    struct Busy(#[source] std::num::ParseIntError);

    fn busy() -> Busy {
        Busy("x".parse::<u8>().unwrap_err())
    }

    #[test]
    fn a_failure_leaves_with_a_stable_type_and_its_causes() {
        let diagnostic = Diagnostic::from(Failure::retryable(busy()));
        assert_eq!(diagnostic.error_type, "Retryable");
        assert_eq!(
            diagnostic.error_message,
            "the table is busy: invalid digit found in string"
        );
        let debug = format!("{:?}", Failure::non_retryable(busy()));
        assert!(
            debug.starts_with("NonRetryable: the table is busy: "),
            "{debug}"
        );
    }
}
