//! Calls functions of a stack, with an event of one's own or with the one that a schedule sends.

use anyhow::{Context as _, anyhow};
use aws_sdk_lambda::primitives::Blob;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::clock::rfc3339;
use crate::target::Target;

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

/// The event that a schedule's rule sends, at this time.
#[must_use]
pub fn scheduled_event(rule: &str, at: DateTime<Utc>) -> Value {
    let time = rfc3339(at);
    json!({
        "version": "0",
        "id": event_id(rule, &time),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": time,
        "region": "ap-southeast-2",
        "resources": [format!("arn:aws:events:ap-southeast-2:000000000000:rule/{rule}")],
        "detail": {},
    })
}

// Shaped as a UUID; the same rule and second give the same id, as a redelivery does.
fn event_id(rule: &str, time: &str) -> String {
    let digest = hex::encode(Sha256::digest(format!("{rule} {time}")));
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ]
    .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_carries_the_stacks_time_and_a_stable_id() {
        let at = "2026-12-01T09:00:00.750Z".parse().unwrap();
        let event = scheduled_event("touchline-enqueue", at);
        assert_eq!(event["time"], "2026-12-01T09:00:00Z");
        assert_eq!(event["detail-type"], "Scheduled Event");
        assert_eq!(event["id"].as_str().unwrap().len(), 36);
        assert_eq!(event, scheduled_event("touchline-enqueue", at));
    }
}
