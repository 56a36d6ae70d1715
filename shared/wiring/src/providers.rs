//! The services outside our own stack, each with today's key. A secret is at most five minutes old; one that is missing
//! means that the service is not set up, one that cannot be read now sends the work back to its queue, and one that the
//! service refuses is read again at its next use.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use touchline_domain::{events::Provider, message::UnsubscribeKey};
use touchline_engine::ports::PortError;
use touchline_providers::{
    anthropic::Anthropic,
    apollo::Apollo,
    clicksend::Clicksend,
    dncr::{Credentials, Dncr},
    http::{self, CallError, HttpClient},
    resend::Resend,
    ses::Ses,
    twilio::Twilio,
    unipile::{self, Unipile},
    webhook,
};
use touchline_runtime::{
    aws::Aws,
    secrets::{ProviderSecret, SecretError, Secrets},
    settings::name,
};

use crate::{config::Config, needs::Service};

/// The clients of a function, made when they are asked for.
#[derive(Debug)]
pub struct Providers {
    aws: Aws,
    config: Config,
    client: HttpClient,
    secrets: Secrets,
}

/// What cannot be had now.
const KEY: &str = "a provider's key";

impl Providers {
    /// Reads nothing yet.
    ///
    /// # Errors
    /// The platform offers no TLS.
    pub fn new(aws: &Aws, config: &Config) -> Result<Self, PortError> {
        let client = http::client(config.timeouts).map_err(|error| PortError::Unavailable {
            what: "the HTTP client",
            cause: Box::new(error),
        })?;
        let prefix = config.declared(name::SECRETS_PREFIX).unwrap_or_default();
        Ok(Self {
            secrets: Secrets::new(aws.secrets(), prefix),
            aws: aws.clone(),
            config: config.clone(),
            client,
        })
    }

    /// The client that every provider shares.
    #[must_use]
    pub fn http(&self) -> &HttpClient {
        &self.client
    }

    /// Resend; nothing while it is not set up.
    ///
    /// # Errors
    /// The secret cannot be read now.
    pub async fn resend(&self) -> Result<Option<Resend>, PortError> {
        let Some(key) = self.key("resend").await? else {
            return Ok(None);
        };
        let url = self.url(Service::Resend)?;
        Ok(Some(Resend::new(self.client.clone(), url, key)))
    }

    /// Amazon SES; nothing while it is not set up.
    ///
    /// # Errors
    /// The secret cannot be read now.
    pub async fn ses(&self) -> Result<Option<Ses>, PortError> {
        let Some(secret) = self.secret("ses").await? else {
            return Ok(None);
        };
        let (endpoint, set) = (self.url(Service::Ses)?, secret.account.clone());
        let (aws, timeouts) = (self.aws.config(), self.config.timeouts);
        Ok(Some(Ses::new(aws, Some(endpoint), set, timeouts)))
    }

    /// Twilio; nothing while it is not set up.
    ///
    /// # Errors
    /// The secret cannot be read now.
    pub async fn twilio(&self) -> Result<Option<Twilio>, PortError> {
        let Some((account, token)) = self.account("twilio").await? else {
            return Ok(None);
        };
        let (url, ours) = (self.url(Service::Twilio)?, self.config.public_url()?);
        let client = self.client.clone();
        Ok(Some(Twilio::new(client, url, account, token, ours)))
    }

    /// ClickSend; nothing while it is not set up.
    ///
    /// # Errors
    /// The secret cannot be read now.
    pub async fn clicksend(&self) -> Result<Option<Clicksend>, PortError> {
        let Some((user, key)) = self.account("clicksend").await? else {
            return Ok(None);
        };
        let url = self.url(Service::Clicksend)?;
        Ok(Some(Clicksend::new(self.client.clone(), url, user, key)))
    }

    /// Apollo; nothing while it is not set up.
    ///
    /// # Errors
    /// The secret cannot be read now.
    pub async fn apollo(&self) -> Result<Option<Apollo>, PortError> {
        let Some(key) = self.key("apollo").await? else {
            return Ok(None);
        };
        let url = self.url(Service::Apollo)?;
        Ok(Some(Apollo::new(self.client.clone(), url, key)))
    }

    /// The Australian register; nothing while there is no account.
    ///
    /// # Errors
    /// The secret cannot be read now.
    pub async fn dncr(&self) -> Result<Option<Dncr>, PortError> {
        let Some((telemarketer_id, password)) = self.account("dncr").await? else {
            return Ok(None);
        };
        let credentials = Credentials {
            telemarketer_id,
            wash_only_user_id: String::new(),
            password,
        };
        let url = self.url(Service::Dncr)?;
        Ok(Some(Dncr::new(self.client.clone(), url, credentials)))
    }

    /// The provider of LinkedIn seats, with the key that its webhooks carry; nothing while it is not set up.
    ///
    /// # Errors
    /// The secret cannot be read now.
    pub async fn unipile(&self) -> Result<Option<(Unipile, Option<SecretString>)>, PortError> {
        let Some(secret) = self.secret("unipile").await? else {
            return Ok(None);
        };
        // A setting stands in for the workspace's own address, for the simulator.
        let stated = self.url(Service::Unipile).ok().map(str::to_owned);
        let own = || secret.account.as_deref().map(unipile::base_of);
        let connected = stated.or_else(own).zip(secret.api_key.clone());
        Ok(connected.map(|(base, key)| {
            let unipile = Unipile::new(self.client.clone(), base, key);
            (unipile, secret.webhook_secret.clone())
        }))
    }

    /// The model that reads what the rules are unsure of; nothing where none is named or its key is missing.
    ///
    /// # Errors
    /// The secret cannot be read now.
    pub async fn anthropic(&self) -> Result<Option<Anthropic>, PortError> {
        let Some(model) = self.config.model_id() else {
            return Ok(None);
        };
        let Some(key) = self.key("anthropic").await? else {
            tracing::warn!(model, "a model is named and its key is missing");
            return Ok(None);
        };
        let url = self.url(Service::Anthropic)?;
        Ok(Some(Anthropic::new(self.client.clone(), url, key, model)))
    }

    /// What a provider signs its webhooks with; nothing while it is not set up, and then nothing of it is taken.
    ///
    /// # Errors
    /// The secret cannot be read now.
    pub async fn signing(&self, provider: Provider) -> Result<Option<webhook::Secrets>, PortError> {
        let secret = self.secret(provider.as_str()).await?;
        Ok(secret.and_then(|secret| {
            Some(webhook::Secrets {
                current: secret.webhook_secret.clone()?,
                previous: secret.webhook_secret_previous.clone(),
            })
        }))
    }

    /// The key that seals unsubscribe links (R27). The stack makes it, so it is never "not set up".
    ///
    /// # Errors
    /// The secret cannot be read now, or is not a key.
    pub async fn unsubscribe_key(&self) -> Result<UnsubscribeKey, PortError> {
        const SECRET: &str = "unsubscribe";
        let secret = self.secrets.get(SECRET).await.map_err(unreadable)?;
        let key = secret.require_api_key(SECRET).map_err(unreadable)?;
        UnsubscribeKey::new(key.expose_secret().as_bytes()).map_err(|error| {
            PortError::Unavailable {
                what: KEY,
                cause: Box::new(error),
            }
        })
    }

    /// Reads the key of `provider` anew at its next use, because it was refused.
    pub(crate) fn refused(&self, provider: &str) {
        tracing::error!(provider, "a provider refuses our key or account");
        self.secrets.forget(provider);
    }

    /// The answer of a call; a refusal has the key read anew.
    pub(crate) fn heard<T>(
        &self,
        provider: &str,
        answer: Result<T, CallError>,
    ) -> Result<T, CallError> {
        if let Err(CallError::Refused { .. }) = &answer {
            self.refused(provider);
        }
        answer
    }

    fn url(&self, service: Service) -> Result<&str, PortError> {
        self.config.declared(service.setting().name)
    }

    async fn key(&self, provider: &str) -> Result<Option<SecretString>, PortError> {
        let secret = self.secret(provider).await?;
        Ok(secret.and_then(|secret| secret.api_key.clone()))
    }

    async fn account(&self, provider: &str) -> Result<Option<(String, SecretString)>, PortError> {
        let secret = self.secret(provider).await?;
        Ok(secret.and_then(|secret| secret.account.clone().zip(secret.api_key.clone())))
    }

    async fn secret(&self, provider: &str) -> Result<Option<Arc<ProviderSecret>>, PortError> {
        match self.secrets.get(provider).await {
            Ok(secret) => Ok(Some(secret)),
            Err(SecretError::Missing { .. }) => {
                tracing::debug!(provider, "provider is not set up");
                Ok(None)
            }
            Err(error) => Err(unreadable(error)),
        }
    }
}

fn unreadable(error: SecretError) -> PortError {
    PortError::Unavailable {
        what: KEY,
        cause: Box::new(error),
    }
}
