//! What a port's failure means for a message or an invocation: what is unavailable is tried again, what cannot be read
//! is left for a person.

use touchline_engine::ports::PortError;

use crate::{batch::Handled, lambda::Failure};

impl From<PortError> for Handled {
    fn from(error: PortError) -> Self {
        match error {
            PortError::Unavailable { .. } => {
                Self::retry(None, Failure::retryable(error).to_string())
            }
            PortError::Corrupt { .. } => Self::poison(error.to_string()),
        }
    }
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        match error {
            PortError::Unavailable { .. } => Self::retryable(error),
            PortError::Corrupt { .. } => Self::non_retryable(error),
        }
    }
}
