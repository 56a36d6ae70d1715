//! The optional model (REP-4): asked where one is named and its key is there. Without it every doubt goes to a person.

use anyhow::Context as _;
use touchline_domain::{channel::Channel, money::Micros};
use touchline_engine::reply::refine::{Reader, Verdict};
use touchline_providers::{
    anthropic::Anthropic,
    http::{self, Timeouts},
};
use touchline_runtime::{aws::Aws, secrets::Secrets, settings::Settings};

/// The secret with the key.
const SECRET: &str = "anthropic";

/// Which model, and where.
pub struct Named {
    model: String,
    url: String,
}

impl Named {
    /// The model of the settings, if they name one.
    pub fn from_settings(settings: &Settings) -> Option<Self> {
        settings.optional("MODEL_ID").map(|model| Self {
            model,
            url: settings.url("ANTHROPIC_URL"),
        })
    }
}

/// The model, if there is one.
pub struct Model(Option<Anthropic>);

impl Model {
    /// Reads the key and builds the client.
    pub async fn build(aws: &Aws, prefix: &str, named: Option<Named>) -> anyhow::Result<Self> {
        let Some(Named { model, url }) = named else {
            return Ok(Self(None));
        };
        let secret = Secrets::new(aws.secrets(), prefix).get(SECRET).await;
        let key = secret.ok().and_then(|secret| secret.api_key.clone());
        if key.is_none() {
            tracing::warn!(model, "a model is named and its key is missing");
        }
        let client = http::client(Timeouts::default()).context("building the HTTP client")?;
        Ok(Self(key.map(|key| Anthropic::new(client, url, key, model))))
    }
}

impl Reader for Model {
    fn price(&self) -> Option<Micros> {
        self.0.as_ref().and_then(Reader::price)
    }

    async fn read(&self, channel: Channel, text: &str) -> Option<Verdict> {
        match self.0.as_ref()?.ask(channel, text).await {
            Ok(verdict) => Some(verdict),
            Err(error) => {
                tracing::warn!(%error, "the model did not read a reply; a person does");
                None
            }
        }
    }
}
