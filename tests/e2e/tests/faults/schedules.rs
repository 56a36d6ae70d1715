//! A schedule's event without a time that makes sense: ignored, with an error that raises the function's alarm, and kept
//! with its reason where no queue carries it.

use anyhow::{Context as _, ensure};
use aws_sdk_lambda::{primitives::Blob, types::InvocationType};
use serde_json::{Value, json};
use touchline_cli::commands::dlq::{DeadLetters, Letter, Which};
use touchline_e2e::{bed::Bed, reckoning::PATIENCE, wait};
use touchline_stack::invoke;

/// No RFC 3339.
const TIME: &str = "half past nine";

pub async fn are_ignored_with_an_alarm(bed: &Bed) -> anyhow::Result<String> {
    let event = json!({ "time": TIME });
    let functions = [
        "enqueue",
        "dncr-rewash",
        "pool-capacity",
        "message-poll",
        "linkedin-sync",
    ];
    for function in functions {
        let Err(error) = invoke::call(&bed.target, function, &event).await else {
            anyhow::bail!("{function} took '{TIME}' for a time");
        };
        let told = error.to_string();
        ensure!(
            told.contains("NonRetryable") && told.contains(TIME),
            "{function}: {told}"
        );
    }
    fired(bed, "enqueue", &event).await?;
    let kept = kept(bed, None).await?;
    ensure!(kept.contents.kind == "failed invocation", "{kept:?}");
    let reason = kept.contents.reason.as_deref().unwrap_or_default();
    ensure!(reason.ends_with("NonRetryable"), "{kept:?}");
    let function = kept.contents.about.get("function");
    ensure!(
        function == Some(&bed.target.function("enqueue")),
        "{kept:?}"
    );

    let letters = DeadLetters::open(&bed.target).await.map_err(crate::told)?;
    let events = letters.find("events").map_err(crate::told)?;
    let done = letters.redrive(events, &Which::All).await?;
    ensure!(done.redriven == 1, "{done:?}");
    // Its cause is not mended, so it is kept once more.
    self::kept(bed, Some(&kept.id)).await?;
    Ok(format!(
        "{} functions refused theirs, naming the value",
        functions.len()
    ))
}

/// Invokes as a schedule does: without waiting for an answer.
async fn fired(bed: &Bed, function: &str, event: &Value) -> anyhow::Result<()> {
    aws_sdk_lambda::Client::new(bed.target.config())
        .invoke()
        .function_name(bed.target.function(function))
        .invocation_type(InvocationType::Event)
        .payload(Blob::new(event.to_string()))
        .send()
        .await
        .context("firing a schedule")?;
    Ok(())
}

/// The one failed invocation that is kept, other than `before`.
async fn kept(bed: &Bed, before: Option<&str>) -> anyhow::Result<Letter> {
    let letters = DeadLetters::open(&bed.target).await.map_err(crate::told)?;
    let events = letters.find("events").map_err(crate::told)?;
    wait::until("the failed invocation is kept", PATIENCE, || async {
        let kept = letters.look(events, 10).await?;
        let new = kept
            .into_iter()
            .find(|letter| Some(letter.id.as_str()) != before);
        Ok(new)
    })
    .await
}
