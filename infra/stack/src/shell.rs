//! How a tool runs: it reads the command line, runs one command, and ends with its status.
//! It stops at once on Ctrl-C or termination, and what the command started stops with it.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use crate::error::CliError;

/// What a shell reports for a program ended by Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Parses the command line and runs what it asks for.
pub async fn run<C, F>(command: impl FnOnce(C) -> F) -> ExitCode
where
    C: Parser,
    F: Future<Output = Result<(), CliError>>,
{
    let cli = match C::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            say(line);
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    tokio::select! {
        result = command(cli) => report(result),
        () = interrupted() => ExitCode::from(INTERRUPTED),
    }
}

fn report(result: Result<(), CliError>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {}", error.one_line()));
            error.exit_code()
        }
    }
}

// A closed stderr is no reason to end otherwise.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

async fn interrupted() {
    let wait = |kind| async move {
        match signal(kind) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = wait(SignalKind::interrupt()) => {}
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::hangup()) => {}
    }
}
