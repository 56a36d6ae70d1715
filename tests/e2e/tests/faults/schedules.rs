//! A schedule's event without a time that makes sense: ignored, with an error that raises the function's alarm.

use anyhow::ensure;
use serde_json::json;
use touchline_cli::commands::invoke;
use touchline_e2e::bed::Bed;

pub async fn are_ignored_with_an_alarm(bed: &Bed) -> anyhow::Result<String> {
    let mut refused = 0;
    for function in ["enqueue", "dncr-rewash", "pool-capacity"] {
        let event = json!({ "time": "half past nine" });
        let Err(error) = invoke::call(&bed.target, function, &event).await else {
            anyhow::bail!("{function} took half past nine for a time");
        };
        let told = error.to_string();
        ensure!(
            told.contains("NonRetryable") && told.contains("half past nine"),
            "{function}: {told}"
        );
        refused += 1;
    }
    bed.tick().await?;
    Ok(format!(
        "{refused} functions refused theirs, naming the value"
    ))
}
