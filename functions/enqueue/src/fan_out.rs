//! Hands a shard to another invocation of this same function, which Lambda starts by itself.

use aws_sdk_lambda::{Client, primitives::Blob, types::InvocationType};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;
use touchline_engine::ports::PortError;
use touchline_wiring::run::Function;

use crate::handler::HandOver;

/// This function, called for one shard.
pub struct Invocations {
    client: Client,
    function: String,
}

impl Invocations {
    /// Of this very function.
    ///
    /// # Errors
    /// It did not declare its own name.
    pub fn of(function: &Function) -> Result<Self, PortError> {
        Ok(Self {
            client: Client::new(function.aws.config()),
            function: function.config.function_name()?.to_owned(),
        })
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
