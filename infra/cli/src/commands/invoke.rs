//! `touchline invoke`: calls a function with an event, its sample by default, and prints the answer.
//! An answer that reports a failure ends with status 1, so that scripts notice.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use touchline_stack::args::Global;
use touchline_stack::error::CliError;
use touchline_stack::invoke;
use touchline_stack::target::Target;
use touchline_stack::workspace::Workspace;

/// Which function, with what.
#[derive(Debug, Clone, Args)]
pub struct InvokeArgs {
    /// The function by its crate name, such as enqueue.
    pub function: String,
    /// File with the event; without it the function's sample in events/.
    #[arg(long, value_name = "FILE")]
    pub payload: Option<PathBuf>,
}

/// Invokes and prints the answer.
///
/// # Errors
/// [`CliError`]; also when the function reports an error.
pub async fn run(global: &Global, args: &InvokeArgs) -> Result<(), CliError> {
    let path = match &args.payload {
        Some(path) => path.clone(),
        None => {
            let workspace = Workspace::find().await?;
            workspace.sample_event(&args.function)
        }
    };
    let event = read(&path)?;
    let target = Target::open(&global.stack, global.aws).await?;
    let answer = invoke::call(&target, &args.function, &event).await?;
    global.format().print(&answer, |answer| {
        serde_json::to_string_pretty(answer).unwrap_or_default()
    })
}

fn read(path: &Path) -> Result<Value, CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| CliError::usage(format!("event file {}: {error}", path.display())))?;
    serde_json::from_str(&text)
        .map_err(|error| CliError::usage(format!("event file {}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_file_that_is_missing_or_no_json_is_a_usage_error() {
        let missing = read(Path::new("/no/such/event.json"));
        assert!(matches!(missing, Err(CliError::Usage(_))));
        let no_json = read(Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/Cargo.toml"
        )));
        assert!(matches!(no_json, Err(CliError::Usage(_))));
    }
}
