//! The services that need no state: queues and the bus take everything, a secret has the value that it was given.

use std::sync::{PoisonError, atomic::Ordering};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, World};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Batch {
    entries: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Secret {
    secret_id: String,
}

pub(super) fn call(
    world: &World,
    service: &str,
    operation: &str,
    body: &[u8],
) -> Result<String, Refusal> {
    match (service, operation) {
        ("AmazonSQS", "SendMessageBatch") => {
            let batch: Batch = serde_json::from_slice(body)?;
            let taken = |entry: &Value| json!({ "Id": entry["Id"], "MessageId": entry["Id"] });
            let taken: Vec<Value> = batch.entries.iter().map(taken).collect();
            let body = |entry: &Value| entry["MessageBody"].as_str().map(str::to_owned);
            world.keep(batch.entries.iter().filter_map(body));
            Ok(json!({ "Successful": taken, "Failed": [] }).to_string())
        }
        ("AmazonSQS", "SendMessage") => Ok(json!({ "MessageId": "1" }).to_string()),
        ("AmazonSQS", "ChangeMessageVisibility" | "ChangeMessageVisibilityBatch") => {
            Ok("{}".to_owned())
        }
        ("AWSEvents", "PutEvents") => {
            let batch: Batch = serde_json::from_slice(body)?;
            let entries = vec![json!({ "EventId": "1" }); batch.entries.len()];
            Ok(json!({ "FailedEntryCount": 0, "Entries": entries }).to_string())
        }
        ("secretsmanager", "GetSecretValue") if world.secrets_fail.load(Ordering::Relaxed) => {
            let failure = json!({ "__type": "InternalServiceError", "Message": "try again" });
            Err(Refusal::Answer(failure.to_string()))
        }
        ("secretsmanager", "GetSecretValue") => {
            let wanted: Secret = serde_json::from_slice(body)?;
            let secrets = world.secrets.read().unwrap_or_else(PoisonError::into_inner);
            let value = secrets.get(&wanted.secret_id);
            // As AWS answers it: some providers are not set up.
            let missing =
                || json!({ "__type": "ResourceNotFoundException", "Message": "no secret" });
            let found = |value: &String| json!({ "Name": wanted.secret_id, "SecretString": value });
            match value {
                Some(value) => Ok(found(value).to_string()),
                None => Err(Refusal::Answer(missing().to_string())),
            }
        }
        _ => Err(Refusal::because(format!(
            "{service}.{operation} is not played"
        ))),
    }
}
