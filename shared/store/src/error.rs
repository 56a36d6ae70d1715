//! From the SDK's errors to the engine's: everything that a call can fail with is worth another try later, and the
//! cause stays attached. A failed condition never comes here; it is an answer.

use std::{error::Error, fmt};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use touchline_engine::ports::PortError;

/// Longest part of a stored value that an error shows; enough to recognise a fault, too little to reveal a person.
const SHOWN_CHARS: usize = 3;

/// A failed call, said in one line, with the SDK's error behind it.
struct CallFailed {
    summary: String,
    cause: Box<dyn Error + Send + Sync>,
}

impl fmt::Display for CallFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)
    }
}

/// The SDK's own `Debug` shows the whole answer, bodies included; the chain of what each error says is enough.
impl fmt::Debug for CallFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl Error for CallFailed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}

/// Turns a failed call into [`PortError::Unavailable`].
pub(crate) fn unavailable<E, R>(what: &'static str) -> impl FnOnce(SdkError<E, R>) -> PortError
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    R: fmt::Debug + Send + Sync + 'static,
{
    move |error| {
        let summary = match &error {
            SdkError::TimeoutError(_) => "timed out".to_owned(),
            SdkError::DispatchFailure(_) => "no connection".to_owned(),
            other => other.code().unwrap_or("no usable answer").to_owned(),
        };
        let cause = Box::new(CallFailed {
            summary,
            cause: Box::new(error),
        });
        PortError::Unavailable { what, cause }
    }
}

/// A service that answered and still did not do all of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Incomplete {
    /// Items that the service kept refusing.
    #[error("{0} items were refused again and again")]
    Refused(usize),
    /// Too many writers at once.
    #[error("others kept writing at the same time")]
    Contended,
    /// What is to be sent cannot be written as JSON.
    #[error("not serialisable")]
    Json(#[source] serde_json::Error),
}

/// An [`Incomplete`] as the engine's error.
pub(crate) fn incomplete(what: &'static str, cause: Incomplete) -> PortError {
    PortError::Unavailable {
        what,
        cause: Box::new(cause),
    }
}

/// A stored value that is not what it should be.
pub(crate) fn corrupt(
    what: &'static str,
    attribute: impl Into<String>,
    value: &str,
    problem: impl Into<String>,
) -> PortError {
    let value = if value.is_empty() {
        "nothing".to_owned()
    } else {
        shortened(value)
    };
    PortError::Corrupt {
        what,
        attribute: attribute.into(),
        value,
        problem: problem.into(),
    }
}

/// The beginning of a value.
pub(crate) fn shortened(value: &str) -> String {
    let mut chars = value.chars();
    let shown: String = chars.by_ref().take(SHOWN_CHARS).collect();
    if chars.next().is_some() {
        format!("{shown}...")
    } else {
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_too_little_of_a_value_to_reveal_a_person() {
        let error = corrupt("lead", "email", "ana@example.com", "not an address").to_string();
        assert_eq!(error, "lead holds ana... in email: not an address");
        assert_eq!(shortened("ok"), "ok");
    }
}
