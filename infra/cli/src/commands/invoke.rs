//! `touchline invoke`: calls a function with an event, its sample by default, and prints the answer.
//! An answer that reports a failure ends with status 1, so that scripts notice.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use aws_sdk_lambda::primitives::Blob;
use clap::Args;
use serde_json::Value;

use crate::args::Global;
use crate::error::CliError;
use crate::target::Target;
use crate::workspace::Workspace;

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
            let workspace = Workspace::find().await.map_err(anyhow::Error::new)?;
            workspace.sample_event(&args.function)
        }
    };
    let event = read(&path)?;
    let target = Target::open(&global.stack, global.aws).await?;
    let answer = call(&target, &args.function, &event).await?;
    global.format().print(&answer, |answer| {
        serde_json::to_string_pretty(answer).unwrap_or_default()
    })
}

/// Invokes `function` (a crate name) of the stack and waits for its answer.
///
/// # Errors
/// When there is no such function, it can't be reached, or it reports an error.
pub async fn call(target: &Target, function: &str, event: &Value) -> anyhow::Result<Value> {
    let name = target.function(function);
    let answer = aws_sdk_lambda::Client::new(target.config())
        .invoke()
        .function_name(&name)
        .payload(Blob::new(event.to_string()))
        .send()
        .await
        .with_context(|| format!("invoking {name}"))?;
    let bytes = answer.payload.map(Blob::into_inner).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    if let Some(kind) = answer.function_error {
        return Err(anyhow!("{name} failed ({kind}): {text}"));
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&text).with_context(|| format!("{name} answered what is no JSON: {text}"))
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
