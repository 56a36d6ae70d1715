//! One sandbox: a function's program with the runtime API it talks to. Ends with its owner, as a sandbox does when
//! Lambda takes it away.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use bytes::Bytes;
use tokio::process::{Child, Command};

use crate::{Usage, runtime_api::RuntimeApi};

/// What Lambda sets for every function, besides the address of the runtime API.
const LAMBDA_ENV: [(&str, &str); 5] = [
    ("AWS_LAMBDA_FUNCTION_NAME", "measured"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/measured"),
    ("AWS_LAMBDA_LOG_STREAM_NAME", "measured"),
];

/// What an invocation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The function's answer.
    Response(Bytes),
    /// The error that it reported.
    Error(Bytes),
}

impl Answer {
    /// The text, whichever it is.
    #[must_use]
    pub fn text(&self) -> String {
        let (Self::Response(bytes) | Self::Error(bytes)) = self;
        String::from_utf8_lossy(bytes).into_owned()
    }
}

/// A program and its environment.
#[derive(Clone, Debug)]
pub struct Program {
    /// The executable.
    pub path: PathBuf,
    /// Settings and AWS variables; nothing else is inherited.
    pub env: Vec<(String, String)>,
    /// Where its standard output and error go.
    pub log: PathBuf,
}

/// Why an invocation has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// It can't be started, or its log can't be written.
    #[error("{path}: {cause}")]
    Start {
        /// The program.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// It ended before it answered.
    #[error("{path} ended before it answered: {said}")]
    Ended {
        /// The program.
        path: PathBuf,
        /// What it said before.
        said: String,
    },
    /// It took longer than the invocation may take.
    #[error("{path} did not answer in {limit:?}")]
    TimedOut {
        /// The program.
        path: PathBuf,
        /// The limit.
        limit: Duration,
    },
}

/// A running program that waits for events.
pub struct Sandbox {
    program: PathBuf,
    log: PathBuf,
    child: Child,
    api: RuntimeApi,
}

impl Sandbox {
    /// Starts the program.
    ///
    /// # Errors
    /// [`SandboxError::Start`].
    pub async fn start(program: &Program) -> Result<Self, SandboxError> {
        let failed = |cause| SandboxError::Start {
            path: program.path.clone(),
            cause,
        };
        let api = RuntimeApi::start().await.map_err(failed)?;
        let log = File::create(&program.log).map_err(failed)?;
        let child = Command::new(&program.path)
            .env_clear()
            .envs(LAMBDA_ENV)
            .env("AWS_LAMBDA_RUNTIME_API", api.address())
            .envs(program.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(failed)?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        Ok(Self {
            program: program.path.clone(),
            log: program.log.clone(),
            child,
            api,
        })
    }

    /// Has the program handle one event within `limit`, the function's timeout.
    ///
    /// # Errors
    /// [`SandboxError`]; an error that the function reports is an [`Answer`].
    pub async fn invoke(&mut self, event: Bytes, limit: Duration) -> Result<Answer, SandboxError> {
        let answered = tokio::select! {
            answered = tokio::time::timeout(limit, self.api.invoke(event, limit)) => answered,
            _ = self.child.wait() => Ok(None),
        };
        match answered {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(SandboxError::Ended {
                path: self.program.clone(),
                said: self
                    .api
                    .init_error()
                    .unwrap_or_else(|| last_line(&self.log)),
            }),
            Err(_) => Err(SandboxError::TimedOut {
                path: self.program.clone(),
                limit,
            }),
        }
    }

    /// What the program has used so far; nothing once it has ended.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.child.id().map(Usage::of).unwrap_or_default()
    }

    /// Ends the program at once, as a crash would, and says what it had used.
    pub async fn kill(mut self) -> Usage {
        let usage = self.usage();
        // It may have ended by itself.
        let _ = self.child.kill().await;
        usage
    }
}

fn last_line(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let line = text.lines().rfind(|line| !line.trim().is_empty());
    line.unwrap_or("nothing").to_owned()
}
