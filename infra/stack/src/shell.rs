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
            say(&refusal(&error.to_string()));
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    tokio::select! {
        result = command(cli) => report(result),
        () = interrupted() => ExitCode::from(INTERRUPTED),
    }
}

/// What is wrong and how to mend it, on one line; without the usage, which `--help` has.
fn refusal(text: &str) -> String {
    let told = text.split("\n\n");
    let told = told.take_while(|part| {
        !part.starts_with("Usage:") && !part.starts_with("For more information")
    });
    let told: Vec<String> = told
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    told.join("; ")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Parser)]
    #[command(name = "tool")]
    struct Tool {
        #[arg(long)]
        name: String,
        #[arg(long)]
        address: String,
    }

    fn refused(words: &[&str]) -> String {
        let error = Tool::try_parse_from(words).unwrap_err();
        refusal(&error.to_string())
    }

    #[test]
    fn a_refusal_names_on_one_line_everything_that_is_missing() {
        assert_eq!(
            refused(&["tool"]),
            "error: the following required arguments were not provided: --name <NAME> --address <ADDRESS>"
        );
    }

    #[test]
    fn a_refusal_says_what_may_have_been_meant() {
        let line = refused(&["tool", "--nam", "x"]);
        assert!(
            line.contains("'--nam'") && line.contains("'--name'"),
            "{line}"
        );
        assert!(
            line.contains("; tip: ") && !line.contains("Usage"),
            "{line}"
        );
    }
}
