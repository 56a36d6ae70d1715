//! What a command tells the shell: one line on stderr and an exit status.
//! It keeps two kinds apart: what the caller wrote wrongly (2) and what could not be done (1).

use std::process::ExitCode;

use touchline_engine::ports::PortError;

use crate::local::{self, LocalError};
use crate::target::TargetError;
use crate::workspace::WorkspaceError;

/// Why a command ended without doing its work.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The caller must change what was asked; exit status 2.
    #[error("{0}")]
    Usage(String),
    /// The request was right and could not be carried out; exit status 1.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl CliError {
    /// A usage error with this message: lower case, naming the argument and its value.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// The exit status the shell sees: 2 for usage, 1 for failure.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::from(1),
        }
    }

    /// The message and its causes on one line, so that a log or a script can keep it whole.
    #[must_use]
    pub fn one_line(&self) -> String {
        let text = match self {
            Self::Usage(message) => message.clone(),
            Self::Failed(error) => local::chain(error.as_ref()),
        };
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl From<LocalError> for CliError {
    fn from(error: LocalError) -> Self {
        if error.is_usage() {
            Self::Usage(error.to_string())
        } else {
            Self::Failed(anyhow::Error::new(error))
        }
    }
}

impl From<TargetError> for CliError {
    fn from(error: TargetError) -> Self {
        Self::Failed(anyhow::Error::new(error))
    }
}

impl From<WorkspaceError> for CliError {
    fn from(error: WorkspaceError) -> Self {
        Self::Failed(anyhow::Error::new(error))
    }
}

impl From<PortError> for CliError {
    fn from(error: PortError) -> Self {
        Self::Failed(anyhow::Error::new(error))
    }
}

impl From<std::io::Error> for CliError {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(anyhow::Error::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn a_failure_shows_its_causes_on_one_line() {
        let cause: anyhow::Result<()> = Err(anyhow::anyhow!("connection\nrefused"));
        let Err(error) = cause.context("stack touchline does not answer") else {
            unreachable!()
        };
        let line = CliError::Failed(error).one_line();
        assert_eq!(line, "stack touchline does not answer: connection refused");
    }
}
