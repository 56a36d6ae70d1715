//! The `touchline-lab` command.

use std::process::ExitCode;

use touchline_stack::shell;

#[tokio::main]
async fn main() -> ExitCode {
    shell::run(touchline_lab::run).await
}
