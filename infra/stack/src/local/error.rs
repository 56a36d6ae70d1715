//! Why a local stack could not be brought up, read or taken down.
//! Each variant says what to do next; long output stays in the log file that the message names.

use std::path::{Path, PathBuf};

use crate::clock::ClockError;
use crate::workspace::WorkspaceError;

/// Why the local stack is not as asked.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// Choose another name.
    #[error("stack name `{0}` is not 1 to 32 of a-z, 0-9 and -, starting with a letter")]
    StackName(String),
    /// Choose another port, or none.
    #[error("port {0} is taken")]
    PortTaken(u16),
    /// Start it first.
    #[error("stack {0} is not up; start it with `touchline up --stack {0}`")]
    NotUp(String),
    /// Take the stack down, or use its checkout.
    #[error("stack {name} belongs to the checkout in {owner}; take it down there or name another")]
    OtherCheckout {
        /// The stack.
        name: String,
        /// The checkout that started it.
        owner: PathBuf,
    },
    /// Install Python.
    #[error("Python 3.10 or later is needed for the local stack, and none was found")]
    Python,
    /// The function is missing from the workspace, or is no binary.
    #[error("template.yaml names the function {0}, but no package builds that binary")]
    NoBinary(String),
    /// Read what cargo said on the terminal.
    #[error("building the functions failed: {0}")]
    Compile(String),
    /// Begin with a fresh stack; DynamoDB would refuse to change it as well.
    #[error(
        "table {0} holds data and the template gives it other keys or indexes; bring the stack up with --fresh"
    )]
    TableChanged(String),
    /// Read the log.
    #[error("{what} failed: {reason} (see {log})")]
    Step {
        /// What was being done.
        what: &'static str,
        /// The last thing it said.
        reason: String,
        /// Everything it said.
        log: PathBuf,
    },
    /// Remove the file, then take what still runs down by hand.
    #[error("state file {path}: {reason}")]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Mend the file system.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The emulator refused a call.
    #[error("{what}: {reason}")]
    Aws {
        /// The call.
        what: String,
        /// The emulator's reason.
        reason: String,
    },
    /// See [`WorkspaceError`].
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// See [`ClockError`].
    #[error(transparent)]
    Clock(#[from] ClockError),
}

impl LocalError {
    /// Whether the caller asked for something that can't be, as against something that did not work.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::StackName(_) | Self::PortTaken(_) | Self::Clock(ClockError::Refused(_))
        )
    }

    /// For `map_err`: an input or output error with its path.
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    /// For `map_err`: a refused call, with the service's code and message.
    pub(crate) fn aws<E: std::error::Error>(what: impl Into<String>) -> impl FnOnce(E) -> Self {
        move |error| Self::Aws {
            what: what.into(),
            reason: chain(&error),
        }
    }
}

/// An error and its causes, each said once: the SDK's outermost message alone is only "service error", and the inner
/// ones repeat each other.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{said}")]
    struct Said {
        said: &'static str,
        source: Option<Box<Said>>,
    }

    #[test]
    fn a_chain_says_each_cause_once() {
        let said = |said, source| Said { said, source };
        let inner = said("no such function", None);
        let outer = said("no such function", Some(Box::new(inner)));
        let error = said("service error", Some(Box::new(outer)));
        assert_eq!(chain(&error), "service error: no such function");
    }
}
