//! The SMS providers of this stack, picked by the number that sends.

use anyhow::Context as _;
use touchline_domain::events::{Provider, TouchRef};
use touchline_engine::{
    channel::Handover,
    provider::{Accepted, Reconciled, SendError, Sends, SmsMessage},
};
use touchline_providers::{
    clicksend::Clicksend,
    http::{self, Timeouts},
    twilio::Twilio,
};
use touchline_runtime::{aws::Aws, secrets::Secrets, settings::Settings};

/// What the providers need from the settings.
pub struct Wanted {
    twilio_url: String,
    clicksend_url: String,
    public_url: String,
    prefix: String,
}

impl Wanted {
    /// Reads the settings.
    pub fn from_settings(settings: &Settings) -> Self {
        Self {
            twilio_url: settings.url("TWILIO_URL"),
            clicksend_url: settings.url("CLICKSEND_URL"),
            public_url: settings.url("PUBLIC_URL"),
            prefix: settings.require("SECRETS_PREFIX"),
        }
    }
}

/// The providers that have a key; a number of another one is not used.
pub struct Outbox {
    twilio: Option<Twilio>,
    clicksend: Option<Clicksend>,
}

impl Outbox {
    /// Reads the keys and builds the clients.
    pub async fn build(aws: &Aws, wanted: &Wanted) -> anyhow::Result<Self> {
        let secrets = Secrets::new(aws.secrets(), &wanted.prefix);
        let client = http::client(Timeouts::default()).context("building the HTTP client")?;
        let account = |found: &touchline_runtime::secrets::ProviderSecret| {
            found.account.clone().zip(found.api_key.clone())
        };
        let twilio = secrets
            .get("twilio")
            .await
            .ok()
            .and_then(|s| account(&s))
            .map(|(sid, token)| {
                Twilio::new(
                    client.clone(),
                    wanted.twilio_url.clone(),
                    sid,
                    token,
                    wanted.public_url.clone(),
                )
            });
        let clicksend = secrets
            .get("clicksend")
            .await
            .ok()
            .and_then(|s| account(&s))
            .map(|(user, key)| Clicksend::new(client, wanted.clicksend_url.clone(), user, key));
        Ok(Self { twilio, clicksend })
    }
}

impl Handover<SmsMessage> for Outbox {
    fn serves(&self, provider: Provider) -> bool {
        match provider {
            Provider::Twilio => self.twilio.is_some(),
            Provider::Clicksend => self.clicksend.is_some(),
            _ => false,
        }
    }

    async fn send(&self, provider: Provider, message: &SmsMessage) -> Result<Accepted, SendError> {
        match (provider, &self.twilio, &self.clicksend) {
            (Provider::Twilio, Some(twilio), _) => twilio.send(message).await,
            (Provider::Clicksend, _, Some(clicksend)) => clicksend.send(message).await,
            _ => Err(SendError::Unavailable {
                code: "no_such_provider".into(),
            }),
        }
    }

    async fn reconcile(&self, provider: Provider, reference: &TouchRef) -> Reconciled {
        match (provider, &self.twilio, &self.clicksend) {
            (Provider::Twilio, Some(twilio), _) => twilio.reconcile(reference).await,
            (Provider::Clicksend, _, Some(clicksend)) => clicksend.reconcile(reference).await,
            _ => Reconciled::Undecided,
        }
    }
}
