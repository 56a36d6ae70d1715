//! What runs for a local stack and where, kept in `stack.json` so that the next command finds it.
//! The file is replaced whole; a damaged one is reported, never guessed around.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::LocalError;
use super::process::ProcessId;

/// One local stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackState {
    /// The name of the stack in the emulator too.
    pub name: String,
    /// The checkout it was deployed from.
    pub workspace: PathBuf,
    /// The AWS endpoint, loopback only.
    pub endpoint: String,
    /// DynamoDB's own endpoint, where the emulator's is not used.
    pub dynamodb_endpoint: Option<String>,
    /// The region that holds everything.
    pub region: String,
    /// Whether the emulator enforces IAM.
    pub auth: bool,
    /// The HTTP API: what webhooks and unsubscribe links call.
    pub api_url: String,
    /// The server that stands in for the providers.
    pub simulator_url: Option<String>,
    /// What decides how its leads behave.
    pub seed: u64,
    /// Whether schedules fire and webhooks come by themselves.
    pub schedules: bool,
    /// The file with the virtual clock's offset.
    pub clock_file: PathBuf,
    /// The emulator, when it was started.
    pub emulator: Option<ProcessId>,
    /// DynamoDB, when it was started.
    pub dynamodb: Option<ProcessId>,
    /// The provider simulator, when it was started.
    pub simulator: Option<ProcessId>,
    /// What was deployed last, as a digest of template, parameters and code.
    pub deployed: Option<String>,
}

impl StackState {
    /// Reads a stack's state; `None` when it was never started or has been taken down.
    ///
    /// # Errors
    /// [`LocalError::State`] when the file can't be read or understood.
    pub fn load(path: &Path) -> Result<Option<Self>, LocalError> {
        let damaged = |reason: String| LocalError::State {
            path: path.to_owned(),
            reason,
        };
        match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| damaged(error.to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(damaged(error.to_string())),
        }
    }

    /// Replaces the file.
    ///
    /// # Errors
    /// [`LocalError::State`].
    pub fn save(&self, path: &Path) -> Result<(), LocalError> {
        let failed = |reason: String| LocalError::State {
            path: path.to_owned(),
            reason,
        };
        let text = serde_json::to_vec_pretty(self).map_err(|error| failed(error.to_string()))?;
        let next = path.with_extension("json.next");
        fs::write(&next, text)
            .and_then(|()| fs::rename(&next, path))
            .map_err(|error| failed(error.to_string()))
    }

    /// Stops what runs, simulator first so that it posts to nobody.
    pub fn stop_processes(&self) {
        let processes = [&self.simulator, &self.emulator, &self.dynamodb];
        for process in processes.into_iter().flatten() {
            process.stop();
        }
    }

    /// The port of the AWS endpoint.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        port_of(&self.endpoint)
    }
}

/// The port at the end of a `http://host:port` address.
#[must_use]
pub fn port_of(url: &str) -> Option<u16> {
    url.rsplit_once(':')?.1.trim_end_matches('/').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> StackState {
        StackState {
            name: "touchline".into(),
            workspace: "/src".into(),
            endpoint: "http://127.0.0.1:4566".into(),
            dynamodb_endpoint: None,
            region: "ap-southeast-2".into(),
            auth: true,
            api_url: "http://127.0.0.1:4566/_aws/execute-api/10ca1a91/$default".into(),
            simulator_url: Some("http://127.0.0.1:4600".into()),
            seed: 1,
            schedules: true,
            clock_file: "/build/local/touchline/clock".into(),
            emulator: None,
            dynamodb: None,
            simulator: None,
            deployed: None,
        }
    }

    #[test]
    fn a_saved_state_is_read_back() {
        let dir = std::env::temp_dir().join(format!("touchline-state-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let path = dir.join("stack.json");
        state().save(&path).unwrap();
        assert_eq!(StackState::load(&path).unwrap(), Some(state()));
        fs::write(&path, "{").unwrap();
        assert!(matches!(
            StackState::load(&path),
            Err(LocalError::State { .. })
        ));
        fs::remove_file(&path).unwrap();
        assert_eq!(StackState::load(&path).unwrap(), None);
    }

    #[test]
    fn the_port_is_read_from_the_endpoint() {
        assert_eq!(state().port(), Some(4566));
        assert_eq!(port_of("http://localhost"), None);
    }
}
