//! Runs a tool to its end with its output in a log, and reports the last thing it said when it fails.
//! A tool that is no longer waited for is killed, so that Ctrl-C leaves none behind.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::LocalError;

/// How much of a log is searched for its last line.
const TAIL_BYTES: u64 = 8 * 1024;

/// Runs `command`; `what` names it in an error.
///
/// # Errors
/// [`LocalError::Step`] when it can't be started or ends with a status other than 0.
pub async fn run(what: &'static str, mut command: Command, log: &Path) -> Result<(), LocalError> {
    let out = File::create(log).map_err(LocalError::io(log))?;
    let err = out.try_clone().map_err(LocalError::io(log))?;
    let status = command
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .kill_on_drop(true)
        .status()
        .await;
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(failed(what, log)),
        Err(error) => Err(LocalError::Step {
            what,
            reason: error.to_string(),
            log: log.to_owned(),
        }),
    }
}

/// The error of a step whose log tells the reason.
#[must_use]
pub fn failed(what: &'static str, log: &Path) -> LocalError {
    LocalError::Step {
        what,
        reason: last_line(log).unwrap_or_else(|| "it said nothing".into()),
        log: log.to_owned(),
    }
}

// Compilers and pip end with a summary; an `error` line before it says more.
fn last_line(log: &Path) -> Option<String> {
    let mut file = File::open(log).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))
        .ok()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines()
        .find(|line| line.to_ascii_lowercase().starts_with("error"))
        .or_else(|| lines().next_back())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failed_tool_is_reported_by_its_error_line() {
        let log = std::env::temp_dir().join(format!("touchline-run-{}", std::process::id()));
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "echo starting; echo 'error: no space'; echo done; exit 3",
        ]);
        let error = run("packing", command, &log).await.unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("packing failed: error: no space"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_tool_that_is_missing_is_reported() {
        let log = std::env::temp_dir().join(format!("touchline-none-{}", std::process::id()));
        let error = run("packing", Command::new("/no/such/tool"), &log)
            .await
            .unwrap_err();
        assert!(matches!(error, LocalError::Step { .. }), "{error}");
    }
}
