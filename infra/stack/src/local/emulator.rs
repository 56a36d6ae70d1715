//! The AWS emulator: one process on loopback, started with an environment of its own, because functions inherit it; and
//! DynamoDB beside it, unless IAM is enforced. Both that run are used again; if one has died or does not answer, both are
//! replaced, empty, since each knows the other's data.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::aws::{self, REGION};
use super::paths::StackPaths;
use super::ports::Wanted;
use super::process::{ProcessId, Spawned};
use super::state::StackState;
use super::venv::Venv;
use super::{LocalError, UpOptions, dynamodb, wait};
use crate::workspace::Workspace;

/// Where AWS emulators are looked for.
pub const USUAL_PORT: u16 = 4566;
/// The tag `ms-custom-id` in the template gives the API this id.
const API_ID: &str = "10ca1a91";
/// Function processes at most, over all functions.
const FUNCTION_PROCESSES: &str = "64";
/// A healthy emulator answers in milliseconds, unless the machine compiles.
pub(super) const HEALTH_LIMIT: Duration = Duration::from_secs(5);

/// The address of the AWS endpoint on this port.
#[must_use]
pub fn endpoint(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// The address of the HTTP API behind an endpoint, without a final slash.
#[must_use]
pub fn api_url(endpoint: &str) -> String {
    format!("{endpoint}/_aws/execute-api/{API_ID}/$default")
}

/// Starts the emulator, and DynamoDB from `dynamodb`, unless those in `state` will do, and notes in `state` where they are.
/// Answers what it started.
///
/// # Errors
/// [`LocalError::PortTaken`] for a port that was asked for; [`LocalError::Step`] when one does not come up.
pub async fn ensure(
    workspace: &Workspace,
    paths: &StackPaths,
    venv: &Venv,
    dynamodb: Option<&Path>,
    options: &UpOptions,
    state: &mut StackState,
) -> Result<Vec<Spawned>, LocalError> {
    let port_as_asked = options.port.is_none_or(|port| state.port() == Some(port));
    if state.auth == options.auth && port_as_asked && both_answer(state).await {
        return Ok(Vec::new());
    }
    for running in [&state.emulator, &state.dynamodb].into_iter().flatten() {
        running.stop();
    }
    let mut started = Vec::new();
    (state.emulator, state.dynamodb) = (None, None);
    match dynamodb {
        Some(program) => started.push(dynamodb::start(program, paths, state).await?),
        None => state.dynamodb_endpoint = None,
    }
    started.push(start(workspace, paths, venv, options, state).await?);
    Ok(started)
}

async fn both_answer(state: &StackState) -> bool {
    let alive = |process: &Option<ProcessId>| process.as_ref().is_some_and(ProcessId::is_alive);
    let tables = match &state.dynamodb_endpoint {
        Some(url) => alive(&state.dynamodb) && dynamodb::answers(url).await,
        None => true,
    };
    tables && alive(&state.emulator) && answers(&state.endpoint).await
}

async fn start(
    workspace: &Workspace,
    paths: &StackPaths,
    venv: &Venv,
    options: &UpOptions,
    state: &mut StackState,
) -> Result<Spawned, LocalError> {
    let wanted = match (options.port, state.port()) {
        (Some(port), _) => Wanted::Exactly(port),
        (None, Some(port)) => Wanted::Rather(port),
        (None, None) => Wanted::Rather(USUAL_PORT),
    };
    let port = wanted.find()?;
    state.endpoint = endpoint(port);
    state.api_url = api_url(&state.endpoint);
    state.auth = options.auth;
    state.deployed = None;
    let log = paths.log("emulator");
    let command = command(workspace, paths, venv, port, state)?;
    let started = Spawned::start(command, &paths.log("functions"), &log);
    let started = started.map_err(LocalError::io(&log))?;
    state.emulator = Some(started.id().clone());
    state.save(&paths.state())?;
    wait::until("starting the AWS emulator", &started, &log, || async {
        answers(&state.endpoint).await.then_some(())
    })
    .await?;
    Ok(started)
}

/// Whether an emulator answers there.
pub async fn answers(endpoint: &str) -> bool {
    let Ok(client) = reqwest::Client::builder()
        .no_proxy()
        .timeout(HEALTH_LIMIT)
        .build()
    else {
        return false;
    };
    let health = client.get(format!("{endpoint}/_ministack/health"));
    health
        .send()
        .await
        .is_ok_and(|answer| answer.status().is_success())
}

fn command(
    workspace: &Workspace,
    paths: &StackPaths,
    venv: &Venv,
    port: u16,
    state: &StackState,
) -> Result<Command, LocalError> {
    let scratch = paths.file("emulator");
    for name in ["tmp", "state", "s3"] {
        let dir = scratch.join(name);
        fs::create_dir_all(&dir).map_err(LocalError::io(&dir))?;
    }
    let endpoint = endpoint(port);
    let mut command = Command::new(venv.python());
    command
        .arg(workspace.root.join("infra/local/launcher.py"))
        .current_dir(&scratch)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", &scratch)
        .env("LANG", "C.UTF-8")
        .env("TMPDIR", scratch.join("tmp"))
        .env("STATE_DIR", scratch.join("state"))
        .env("S3_DATA_DIR", scratch.join("s3"))
        .env("GATEWAY_PORT", port.to_string())
        .env("BIND_HOST", "127.0.0.1")
        .env("MINISTACK_REGION", REGION)
        .env("SFTP_ENABLED", "0")
        .env("IOT_MTLS_ENABLED", "0")
        .env("LAMBDA_ACCOUNT_CONCURRENCY", FUNCTION_PROCESSES)
        .env("AUTH", if state.auth { "true" } else { "false" })
        .env("CLOCK_FILE", paths.clock())
        .envs(aws::credentials(&endpoint, REGION));
    if let Some(url) = &state.dynamodb_endpoint {
        command.env("AWS_ENDPOINT_URL_DYNAMODB", url);
    }
    Ok(command)
}
