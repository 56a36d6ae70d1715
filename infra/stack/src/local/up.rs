//! Brings a local stack up, or what is missing of it; everything that runs as asked is used again.
//! When it fails or is interrupted, what this run started is stopped.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::build::{PROFILE, Programs, build};
use super::deploy::{Deployment, parameters};
use super::lock::Lock;
use super::package::{Archive, archive};
use super::paths::{DEFAULT_STACK, StackPaths};
use super::process::ProcessId;
use super::stack::LocalStack;
use super::state::StackState;
use super::venv::Venv;
use super::{LocalError, aws, dynamodb, emulator, simulator, template};
use crate::progress::Progress;
use crate::workspace::Workspace;

/// How a local stack is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpOptions {
    /// Its name; several stacks run side by side.
    pub name: String,
    /// The port of the AWS endpoint; without one the usual port if free, else any.
    pub port: Option<u16>,
    /// Whether to begin with no data and the machine's time.
    pub fresh: bool,
    /// Whether IAM is enforced, as it is in AWS.
    pub auth: bool,
    /// Decides how the simulated leads behave.
    pub seed: u64,
    /// A server that stands in for the providers, instead of the simulator.
    pub provider_url: Option<String>,
    /// Whether schedules fire and simulated webhooks come by themselves; off where a test drives the time.
    pub schedules: bool,
    /// Whether each invocation prints what it cost.
    pub cost_meter: bool,
}

impl Default for UpOptions {
    fn default() -> Self {
        Self {
            name: DEFAULT_STACK.to_owned(),
            port: None,
            fresh: false,
            auth: false,
            seed: 1,
            provider_url: None,
            schedules: true,
            cost_meter: false,
        }
    }
}

/// Brings the stack up. It goes down when the returned value is dropped, unless told to stay.
///
/// # Errors
/// [`LocalError`]; nothing that this call started runs on then.
pub async fn up(
    workspace: &Workspace,
    options: &UpOptions,
    progress: &Progress,
) -> Result<LocalStack, LocalError> {
    let paths = StackPaths::new(workspace, &options.name)?;
    let waiting = || progress.stage("waiting for another command on this stack");
    let _lock = Lock::acquire(&paths.lock(), waiting).await?;
    let mut state = begin(workspace, &paths, options)?;
    let path = workspace.template();
    let text = fs::read_to_string(&path).map_err(LocalError::io(&path))?;
    let functions = template::functions(&text);

    let (venv, programs) = futures::future::try_join(
        Venv::ensure(workspace, &paths, progress),
        compile(workspace, &paths, options, &functions, progress),
    )
    .await?;

    let stage = progress.stage("starting the AWS emulator and the provider simulator");
    // Two stacks that start at once would find the same port free.
    let ports = Lock::acquire(&paths.ports_lock(), || ()).await?;
    let program = |name| programs.get(name).map(PathBuf::as_path);
    let dynamodb = program(dynamodb::BINARY);
    let mut started =
        emulator::ensure(workspace, &paths, &venv, dynamodb, options, &mut state).await?;
    let (provider, is_new) = (program(simulator::BINARY), !started.is_empty());
    started.extend(simulator::ensure(provider, &paths, options, is_new, &mut state).await?);
    drop(ports);
    drop(stage);

    let archives = archives(&paths, &functions, &programs, progress)?;
    let deployment = Deployment {
        template: &text,
        archives: &archives,
        parameters: parameters(&state, options),
    };
    deploy_changes(&deployment, &paths, &venv, &mut state, progress).await?;

    for process in started {
        process.keep();
    }
    Ok(LocalStack::new(paths, state))
}

// What is known of the stack, after wiping it when it is to begin anew.
fn begin(
    workspace: &Workspace,
    paths: &StackPaths,
    options: &UpOptions,
) -> Result<StackState, LocalError> {
    let before = StackState::load(&paths.state())?;
    if let Some(before) = &before {
        refuse_other_checkout(before, workspace)?;
        if options.fresh {
            before.stop_processes();
        }
    }
    let kept = before.as_ref().filter(|_| !options.fresh);
    if kept.is_none() {
        wipe(paths)?;
    }
    fs::create_dir_all(paths.dir()).map_err(LocalError::io(paths.dir()))?;
    let blank = || {
        // The addresses of before are tried again, so that clients find the new stack where the old one was.
        let place = before.as_ref();
        blank_state(paths, options, place)
    };
    let mut state = kept.cloned().unwrap_or_else(blank);
    state.workspace.clone_from(&workspace.root);
    Ok(state)
}

// The processes of a stack that another checkout runs are not taken over.
fn refuse_other_checkout(before: &StackState, workspace: &Workspace) -> Result<(), LocalError> {
    let processes = [&before.emulator, &before.dynamodb, &before.simulator];
    let mut processes = processes.into_iter().flatten();
    if before.workspace != workspace.root && processes.any(ProcessId::is_alive) {
        return Err(LocalError::OtherCheckout {
            name: before.name.clone(),
            owner: before.workspace.clone(),
        });
    }
    Ok(())
}

// Of an earlier stack only archives and logs are worth keeping.
fn wipe(paths: &StackPaths) -> Result<(), LocalError> {
    let clock = paths.clock();
    if clock.exists() {
        fs::remove_file(&clock).map_err(LocalError::io(&clock))?;
    }
    let scratch = paths.file("emulator");
    if scratch.exists() {
        fs::remove_dir_all(&scratch).map_err(LocalError::io(&scratch))?;
    }
    Ok(())
}

fn blank_state(paths: &StackPaths, options: &UpOptions, place: Option<&StackState>) -> StackState {
    StackState {
        name: options.name.clone(),
        workspace: PathBuf::new(),
        endpoint: place.map(|p| p.endpoint.clone()).unwrap_or_default(),
        dynamodb_endpoint: place.and_then(|p| p.dynamodb_endpoint.clone()),
        region: aws::REGION.to_owned(),
        auth: options.auth,
        api_url: String::new(),
        simulator_url: place.and_then(|p| p.simulator_url.clone()),
        seed: options.seed,
        schedules: options.schedules,
        clock_file: paths.clock(),
        emulator: None,
        dynamodb: None,
        simulator: None,
        deployed: None,
    }
}

async fn compile(
    workspace: &Workspace,
    paths: &StackPaths,
    options: &UpOptions,
    functions: &[&str],
    progress: &Progress,
) -> Result<Programs, LocalError> {
    let mut binaries = functions.to_vec();
    if options.provider_url.is_none() {
        binaries.push(simulator::BINARY);
    }
    if !options.auth {
        binaries.push(dynamodb::BINARY);
    }
    let stage = progress.stage("building the functions");
    build(workspace, &binaries, PROFILE, &paths.log("build"), &stage).await
}

fn archives(
    paths: &StackPaths,
    functions: &[&str],
    programs: &Programs,
    progress: &Progress,
) -> Result<BTreeMap<String, Archive>, LocalError> {
    let _stage = progress.stage("archiving the functions");
    functions
        .iter()
        .map(|name| {
            let program = programs.get(*name);
            let program = program.ok_or_else(|| LocalError::NoBinary((*name).to_owned()))?;
            Ok(((*name).to_owned(), archive(&paths.code(), name, program)?))
        })
        .collect()
}

async fn deploy_changes(
    deployment: &Deployment<'_>,
    paths: &StackPaths,
    venv: &Venv,
    state: &mut StackState,
    progress: &Progress,
) -> Result<(), LocalError> {
    let digest = deployment.digest();
    if state.deployed.as_ref() != Some(&digest) {
        let _stage = progress.stage("deploying the template");
        deployment.deploy(paths, venv, state).await?;
        state.deployed = Some(digest);
    }
    state.save(&paths.state())
}
