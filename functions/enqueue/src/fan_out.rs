//! Hands a shard to another invocation of this same function, which Lambda starts by itself.

use aws_sdk_lambda::{Client, primitives::Blob, types::InvocationType};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;
use touchline_engine::ports::PortError;
use touchline_runtime::aws::Aws;

use crate::handler::HandOver;

/// This function, called for one shard.
pub struct Invocations {
    client: Client,
    function: String,
}

impl Invocations {
    /// Of the function with this name.
    pub fn new(aws: &Aws, function: String) -> Self {
        Self {
            client: Client::new(aws.config()),
            function,
        }
    }
}

impl HandOver for Invocations {
    async fn hand_over(&self, shard: u8, now: DateTime<Utc>) -> Result<(), PortError> {
        let time = now.to_rfc3339_opts(SecondsFormat::Secs, true);
        let event = json!({ "time": time, "shard": shard }).to_string();
        let sent = self
            .client
            .invoke()
            .function_name(&self.function)
            .invocation_type(InvocationType::Event)
            .payload(Blob::new(event))
            .send()
            .await;
        sent.map(drop).map_err(|error| PortError::Unavailable {
            what: "an invocation for a shard",
            cause: Box::new(error),
        })
    }
}
