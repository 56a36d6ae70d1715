//! `cargo lab fuzz`: starts the webhook intake's own fuzzer, an example of that function's package. Cargo builds and
//! runs it, so that the lab depends on no function.

use anyhow::anyhow;
use clap::{Args, value_parser};
use touchline_stack::{
    args::Global,
    error::CliError,
    workspace::{Workspace, cargo},
};

/// How much to send.
#[derive(Clone, Debug, Args)]
pub struct FuzzArgs {
    /// Requests to send.
    #[arg(long, default_value_t = 1_000_000, value_parser = value_parser!(u64).range(1..))]
    pub requests: u64,
    /// What decides them.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Fuzzes, and ends with status 1 if the intake failed a request or stored something for a stranger.
///
/// # Errors
/// The intake broke a rule or does not compile.
pub async fn run(global: &Global, args: &FuzzArgs) -> Result<(), CliError> {
    let workspace = Workspace::find().await?;
    let status = cargo()
        .args([
            "run",
            "--package",
            "webhook-intake",
            "--example",
            "fuzz",
            "--",
        ])
        .args([args.requests.to_string(), args.seed.to_string()])
        .args(global.json.then_some("--json"))
        .current_dir(&workspace.root)
        .kill_on_drop(true)
        .status()
        .await?;
    if status.success() {
        Ok(())
    } else {
        Err(CliError::Failed(anyhow!(
            "the intake broke a rule, or cargo could not run it; see above"
        )))
    }
}
