//! Builds the functions and the simulator for this machine, in cargo's profile of that name.
//! It refuses a function of the template that no package builds.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{ChildStderr, ChildStdout, Command};

use super::LocalError;
use super::run::failed;
use crate::progress::RunningStage;
use crate::workspace::{Workspace, cargo};

/// What tests run as well: quick to build.
pub const PROFILE: &str = "dev";
const WHAT: &str = "building the functions";

/// Programs by name.
pub type Programs = BTreeMap<String, PathBuf>;

#[derive(Deserialize)]
struct Message {
    reason: String,
    executable: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Builds `binaries` in `profile` and says where each is. Cargo shows its own progress where stages are drawn; elsewhere its
/// messages are kept in `log`.
///
/// # Errors
/// [`LocalError::Compile`] or [`LocalError::Step`] when something does not compile, [`LocalError::NoBinary`] for a package
/// without its program.
pub async fn build(
    workspace: &Workspace,
    binaries: &[&str],
    profile: &str,
    log: &Path,
    stage: &RunningStage<'_>,
) -> Result<Programs, LocalError> {
    let mut command = cargo();
    command
        .args(["build", "--message-format", "json-render-diagnostics"])
        .args(["--profile", profile])
        .current_dir(&workspace.root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    for binary in binaries {
        command.args(["--bin", binary]);
    }
    // Without a package cargo unites features over the whole workspace, as it does for the tests, and compiles nothing
    // twice. What is to be as it is in AWS is built without the tools, and with one set of features for all functions.
    if profile != PROFILE {
        let template = std::fs::read_to_string(workspace.template());
        let template = template.map_err(LocalError::io(&workspace.template()))?;
        for function in super::functions(&template) {
            command.args(["-p", function]);
        }
    }
    let programs = match stage.hand_over() {
        Some(_terminal) => watched(command).await,
        None => logged(command, log, stage).await,
    }?;
    match binaries.iter().find(|name| !programs.contains_key(**name)) {
        Some(missing) => Err(LocalError::NoBinary((*missing).to_owned())),
        None => Ok(programs),
    }
}

/// Cargo draws on the terminal, and says there what does not compile.
async fn watched(mut command: Command) -> Result<Programs, LocalError> {
    let failed = |error: std::io::Error| LocalError::Compile(error.to_string());
    let mut child = command.stderr(Stdio::inherit()).spawn().map_err(failed)?;
    let programs = match child.stdout.take() {
        Some(stdout) => programs_told(stdout).await.map_err(failed)?,
        None => Programs::new(),
    };
    match child.wait().await.map_err(failed)? {
        status if status.success() => Ok(programs),
        _ => Err(LocalError::Compile("cargo says why above".to_owned())),
    }
}

async fn logged(
    mut command: Command,
    log: &Path,
    stage: &RunningStage<'_>,
) -> Result<Programs, LocalError> {
    let child = command.stderr(Stdio::piped()).spawn();
    let mut child = child.map_err(LocalError::io(log))?;
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(failed(WHAT, log));
    };
    let (programs, told) =
        futures::future::join(programs_told(stdout), tell(stderr, log, stage)).await;
    told.map_err(LocalError::io(log))?;
    let status = child.wait().await.map_err(LocalError::io(log))?;
    if !status.success() {
        return Err(failed(WHAT, log));
    }
    programs.map_err(LocalError::io(log))
}

async fn programs_told(mut stdout: ChildStdout) -> std::io::Result<Programs> {
    let mut text = String::new();
    stdout.read_to_string(&mut text).await?;
    Ok(text.lines().filter_map(program).collect())
}

fn program(line: &str) -> Option<(String, PathBuf)> {
    let message: Message = serde_json::from_str(line).ok()?;
    let target = message
        .target
        .filter(|t| t.kind.iter().any(|k| k == "bin"))?;
    (message.reason == "compiler-artifact").then(|| Some((target.name, message.executable?)))?
}

async fn tell(stderr: ChildStderr, log: &Path, stage: &RunningStage<'_>) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut kept = File::create(log)?;
    let mut lines = BufReader::new(stderr).lines();
    while let Some(line) = lines.next_line().await? {
        writeln!(kept, "{line}")?;
        stage.detail(&line);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_read_from_cargos_messages() {
        let line = r#"{"reason":"compiler-artifact","target":{"name":"enqueue","kind":["bin"]},"executable":"/t/enqueue"}"#;
        assert_eq!(program(line), Some(("enqueue".into(), "/t/enqueue".into())));
        let library = r#"{"reason":"compiler-artifact","target":{"name":"x","kind":["lib"]},"executable":null}"#;
        assert_eq!(program(library), None);
        assert_eq!(
            program(r#"{"reason":"build-finished","success":true}"#),
            None
        );
        assert_eq!(program("warning: not json"), None);
    }
}
