//! The `touchline` command.

use std::process::ExitCode;

use touchline_cli::commands;
use touchline_stack::shell;

#[tokio::main]
async fn main() -> ExitCode {
    shell::run(commands::run).await
}
