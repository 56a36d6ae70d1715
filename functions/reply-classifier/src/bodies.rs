//! Bodies that a webhook does not carry: Resend announces inbound mail and keeps it.

use anyhow::Context as _;
use touchline_domain::events::{InboundMessage, Provider, ProviderEvent};
use touchline_engine::{ports::PortError, reply::Bodies};
use touchline_providers::{
    http::{self, Timeouts},
    resend::Resend,
};
use touchline_runtime::{aws::Aws, secrets::Secrets};

/// The providers that keep bodies.
pub struct StoredBodies {
    resend: Option<Resend>,
}

impl StoredBodies {
    /// Reads the key and builds the client.
    pub async fn build(aws: &Aws, prefix: String, resend_url: &str) -> anyhow::Result<Self> {
        let secrets = Secrets::new(aws.secrets(), &prefix);
        let client = http::client(Timeouts::default()).context("building the HTTP client")?;
        let key = secrets
            .get("resend")
            .await
            .ok()
            .and_then(|secret| secret.api_key.clone());
        Ok(Self {
            resend: key.map(|key| Resend::new(client, resend_url, key)),
        })
    }
}

impl Bodies for StoredBodies {
    async fn fetch(&self, event: &ProviderEvent, id: &str) -> Result<InboundMessage, PortError> {
        let unavailable =
            |cause: Box<dyn std::error::Error + Send + Sync>| PortError::Unavailable {
                what: "the body of an inbound message",
                cause,
            };
        match (event.provider, &self.resend) {
            (Provider::Resend, Some(resend)) => resend
                .received(id)
                .await
                .map_err(|error| unavailable(Box::new(error))),
            _ => Err(unavailable("no provider here keeps it".into())),
        }
    }
}
