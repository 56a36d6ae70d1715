//! The lists of the providers that have a key. One without is not used, and nothing of it is looked for.

use std::sync::Arc;

use anyhow::Context as _;
use touchline_providers::{
    clicksend::Clicksend,
    http::{self, HttpClient, Timeouts},
    lists::List,
    resend::Resend,
    twilio::Twilio,
};
use touchline_runtime::{
    aws::Aws,
    lambda::Failure,
    secrets::{ProviderSecret, SecretError, Secrets},
    settings::Settings,
};

/// What the providers need from the settings.
pub struct Wanted {
    twilio_url: String,
    clicksend_url: String,
    resend_url: String,
    public_url: String,
    prefix: String,
}

impl Wanted {
    /// Reads the settings.
    pub fn from_settings(settings: &Settings) -> Self {
        Self {
            twilio_url: settings.url("TWILIO_URL"),
            clicksend_url: settings.url("CLICKSEND_URL"),
            resend_url: settings.url("RESEND_URL"),
            public_url: settings.url("PUBLIC_URL"),
            prefix: settings.require("SECRETS_PREFIX"),
        }
    }
}

/// The providers, as far as they are set up.
pub struct Providers {
    secrets: Secrets,
    client: HttpClient,
    wanted: Wanted,
}

impl Providers {
    /// Reads nothing yet: a key that is put or changed later counts from the next run on.
    pub fn build(aws: &Aws, wanted: Wanted) -> anyhow::Result<Self> {
        Ok(Self {
            secrets: Secrets::new(aws.secrets(), &wanted.prefix),
            client: http::client(Timeouts::default()).context("building the HTTP client")?,
            wanted,
        })
    }

    /// Every list of every provider that is set up.
    ///
    /// # Errors
    /// A secret can not be read now; without it a provider would silently be left out.
    pub async fn lists(&self) -> Result<Vec<List>, Failure> {
        let mut lists = Vec::new();
        let client = || self.client.clone();
        if let Some((account, token)) = self.account("twilio").await? {
            let (url, public) = (&self.wanted.twilio_url, &self.wanted.public_url);
            let twilio = Twilio::new(client(), url, account, token, public);
            lists.push(List::TwilioInbound(twilio.clone()));
            lists.push(List::TwilioFailures(twilio));
        }
        if let Some((user, key)) = self.account("clicksend").await? {
            let clicksend = Clicksend::new(client(), &self.wanted.clicksend_url, user, key);
            lists.push(List::ClicksendInbound(clicksend.clone()));
            lists.push(List::ClicksendReceipts(clicksend));
        }
        let resend = self.secret("resend").await?;
        if let Some(key) = resend.and_then(|secret| secret.api_key.clone()) {
            let resend = Resend::new(client(), &self.wanted.resend_url, key);
            lists.push(List::ResendReceived(resend));
        }
        Ok(lists)
    }

    async fn account(
        &self,
        provider: &str,
    ) -> Result<Option<(String, secrecy::SecretString)>, Failure> {
        let secret = self.secret(provider).await?;
        Ok(secret.and_then(|secret| secret.account.clone().zip(secret.api_key.clone())))
    }

    async fn secret(&self, provider: &str) -> Result<Option<Arc<ProviderSecret>>, Failure> {
        match self.secrets.get(provider).await {
            Ok(secret) => Ok(Some(secret)),
            Err(SecretError::Missing { .. }) => {
                tracing::debug!(provider, "provider is not set up");
                Ok(None)
            }
            Err(error @ SecretError::Unavailable { .. }) => Err(Failure::retryable(error)),
            Err(error) => Err(Failure::non_retryable(error)),
        }
    }
}
