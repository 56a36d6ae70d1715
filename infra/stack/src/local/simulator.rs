//! The provider simulator: one process on loopback that the functions call in place of the providers.
//! A stack that was told to use another server for the providers starts none.

use std::path::Path;
use std::process::Command;

use super::paths::StackPaths;
use super::ports::Wanted;
use super::process::Spawned;
use super::state::{StackState, port_of};
use super::{LocalError, UpOptions, wait};

/// The program.
pub const BINARY: &str = "provider-simulator";

/// Keeps what it counted when it alone has to be started again.
const STATE_FILE: &str = "simulator.json";
/// Where schedules run, webhooks come by themselves too, this often; else whoever drives the time asks for them.
const PUMP_MS: &str = "500";

/// Starts the simulator unless the one in `state` will do, and notes in `state` where it is.
///
/// # Errors
/// [`LocalError::Step`] when it does not come up.
pub async fn ensure(
    program: Option<&Path>,
    paths: &StackPaths,
    options: &UpOptions,
    emulator_is_new: bool,
    state: &mut StackState,
) -> Result<Option<Spawned>, LocalError> {
    if let Some(running) = &state.simulator {
        // What it counted belongs to the data of the emulator that has gone.
        let same = state.seed == options.seed && state.schedules == options.schedules;
        let will_do = program.is_some() && !emulator_is_new && same;
        if will_do && running.is_alive() {
            return Ok(None);
        }
        running.stop();
        state.simulator = None;
    }
    state.schedules = options.schedules;
    let Some(program) = program else {
        state.simulator_url.clone_from(&options.provider_url);
        return Ok(None);
    };
    if emulator_is_new || state.seed != options.seed {
        forget(paths)?;
    }
    let before = state.simulator_url.as_deref().and_then(port_of);
    let port = before.map_or(Wanted::Any, Wanted::Rather).find()?;
    let said = paths.file("simulator.out");
    let log = paths.log("simulator");
    let command = command(program, port, paths, options, state);
    let started = Spawned::start(command, &said, &log).map_err(LocalError::io(&log))?;
    state.simulator = Some(started.id().clone());
    state.simulator_url = Some(format!("http://127.0.0.1:{port}"));
    state.seed = options.seed;
    state.save(&paths.state())?;
    wait::until(
        "starting the provider simulator",
        &started,
        &log,
        || async { has_json_line(&said).then_some(()) },
    )
    .await?;
    Ok(Some(started))
}

// What was counted against leads that are gone, or drawn from another seed, proves nothing.
fn forget(paths: &StackPaths) -> Result<(), LocalError> {
    let file = paths.file(STATE_FILE);
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(LocalError::io(&file)(error))
        }
        _ => Ok(()),
    }
}

fn command(
    program: &Path,
    port: u16,
    paths: &StackPaths,
    options: &UpOptions,
    state: &StackState,
) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .args(["--port", &port.to_string()])
        .args(["--hook-base", &state.api_url])
        .args(["--seed", &options.seed.to_string()])
        .arg("--fewer-webhooks")
        .arg("--clock-file")
        .arg(paths.clock())
        .arg("--state-file")
        .arg(paths.file(STATE_FILE));
    if options.schedules {
        command.args(["--pump-ms", PUMP_MS]);
    }
    command
}

// It prints one JSON line once it listens.
fn has_json_line(said: &Path) -> bool {
    let text = std::fs::read_to_string(said).unwrap_or_default();
    text.lines()
        .next()
        .is_some_and(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())
}
