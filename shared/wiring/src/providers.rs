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

    /// Resend.
    ///
    /// # Errors
    /// As for every provider here: the secret cannot be read now. Nothing while it is not set up.
    pub async fn resend(&self) -> Result<Option<Resend>, PortError> {
        self.keyed(Service::Resend, |client, url, key| {
            Resend::new(client, url, key)
        })
        .await
    }

    /// Amazon SES.
    ///
    /// # Errors
    /// See [`Self::resend`].
    pub async fn ses(&self) -> Result<Option<Ses>, PortError> {
        let Some(secret) = self.secret("ses").await? else {
            return Ok(None);
        };
        let (endpoint, set) = (self.url(Service::Ses)?, secret.account.clone());
        let (aws, timeouts) = (self.aws.config(), self.config.timeouts);
        Ok(Some(Ses::new(aws, Some(endpoint), set, timeouts)))
    }

    /// Twilio.
    ///
    /// # Errors
    /// See [`Self::resend`].
    pub async fn twilio(&self) -> Result<Option<Twilio>, PortError> {
        let ours = self.config.public_url()?;
        self.with_account(Service::Twilio, |client, url, account, token| {
            Twilio::new(client, url, account, token, ours)
        })
        .await
    }

    /// ClickSend.
    ///
    /// # Errors
    /// See [`Self::resend`].
    pub async fn clicksend(&self) -> Result<Option<Clicksend>, PortError> {
        self.with_account(Service::Clicksend, |client, url, user, key| {
            Clicksend::new(client, url, user, key)
        })
        .await
    }

    /// Apollo.
    ///
    /// # Errors
    /// See [`Self::resend`].
    pub async fn apollo(&self) -> Result<Option<Apollo>, PortError> {
        self.keyed(Service::Apollo, |client, url, key| {
            Apollo::new(client, url, key)
        })
        .await
    }

    /// The Australian register.
    ///
    /// # Errors
    /// See [`Self::resend`].
    pub async fn dncr(&self) -> Result<Option<Dncr>, PortError> {
        self.with_account(Service::Dncr, |client, url, telemarketer_id, password| {
            let credentials = Credentials {
                telemarketer_id,
                wash_only_user_id: String::new(),
                password,
            };
            Dncr::new(client, url, credentials)
        })
        .await
    }

    /// The provider of LinkedIn seats, with the key that its webhooks carry.
    ///
    /// # Errors
    /// See [`Self::resend`].
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
    /// See [`Self::resend`].
    pub async fn anthropic(&self) -> Result<Option<Anthropic>, PortError> {
        let Some(model) = self.config.model_id() else {
            return Ok(None);
        };
        let reader = self
            .keyed(Service::Anthropic, |client, url, key| {
                Anthropic::new(client, url, key, model)
            })
            .await?;
        if reader.is_none() {
            tracing::warn!(model, "a model is named and its key is missing");
        }
        Ok(reader)
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

    /// A service with a key.
    async fn keyed<T>(
        &self,
        service: Service,
        make: impl FnOnce(HttpClient, &str, SecretString) -> T,
    ) -> Result<Option<T>, PortError> {
        let secret = self.secret(service.secret()).await?;
        let Some(key) = secret.and_then(|secret| secret.api_key.clone()) else {
            return Ok(None);
        };
        Ok(Some(make(self.client.clone(), self.url(service)?, key)))
    }

    /// A service with an account and a key.
    async fn with_account<T>(
        &self,
        service: Service,
        make: impl FnOnce(HttpClient, &str, String, SecretString) -> T,
    ) -> Result<Option<T>, PortError> {
        let secret = self.secret(service.secret()).await?;
        let account = secret.and_then(|secret| secret.account.clone());
        let Some(account) = account else {
            return Ok(None);
        };
        self.keyed(service, |client, url, key| make(client, url, account, key))
            .await
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
