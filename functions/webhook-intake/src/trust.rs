//! What a webhook is checked against: the provider's secret, or for Amazon SES the certificate that signed it.

use std::future::Future;

use anyhow::Context as _;
use touchline_domain::events::Provider;
use touchline_domain::message::UnsubscribeKey;
use touchline_providers::{
    http::{self, HttpClient, Timeouts},
    webhook::{CertHosts, Request, Secrets as Signing, SnsCertificates, sns::subscribe_url},
};
use touchline_runtime::{aws::Aws, secrets::Secrets};

/// What requests are checked against.
pub trait Keys: Sync {
    /// The hosts whose certificates are trusted.
    fn hosts(&self) -> &CertHosts;

    /// What `provider` signs with; nothing when it is not set up, and then nothing of it is taken.
    fn signing(
        &self,
        provider: Provider,
        request: &Request<'_>,
    ) -> impl Future<Output = Option<Signing>> + Send;

    /// Confirms an SNS subscription, if `request` asks for it. The caller has verified the request.
    fn confirm(&self, provider: Provider, request: &Request<'_>)
    -> impl Future<Output = ()> + Send;

    /// The keys that seal unsubscribe links.
    fn unsubscribe_keys(&self) -> impl Future<Output = anyhow::Result<Vec<UnsubscribeKey>>> + Send;
}

/// The secrets of Secrets Manager and the certificates of SNS.
pub struct Trust {
    secrets: Secrets,
    certificates: SnsCertificates,
    client: HttpClient,
}

impl Trust {
    /// Reads nothing yet; each secret is read when its provider first calls.
    ///
    /// # Errors
    /// The HTTP client can not be built.
    pub fn build(aws: &Aws, prefix: String, hosts: &[String]) -> anyhow::Result<Self> {
        let client = http::client(Timeouts::default()).context("building the HTTP client")?;
        let hosts = CertHosts::aws_and(&hosts.join(","));
        Ok(Self {
            secrets: Secrets::new(aws.secrets(), &prefix),
            certificates: SnsCertificates::new(client.clone(), hosts),
            client,
        })
    }
}

impl Keys for Trust {
    fn hosts(&self) -> &CertHosts {
        self.certificates.hosts()
    }

    async fn signing(&self, provider: Provider, request: &Request<'_>) -> Option<Signing> {
        if provider == Provider::Ses {
            return self.certificates.secrets_for(request).await.ok();
        }
        match self.secrets.get(provider.as_str()).await {
            Ok(secret) => Some(Signing {
                current: secret.webhook_secret.clone()?,
                previous: secret.webhook_secret_previous.clone(),
            }),
            Err(error) => {
                tracing::error!(provider = provider.as_str(), %error, "provider is not set up");
                None
            }
        }
    }

    /// Only at a trusted host.
    async fn confirm(&self, provider: Provider, request: &Request<'_>) {
        if provider != Provider::Ses {
            return;
        }
        if let Some(url) = subscribe_url(request, self.certificates.hosts()) {
            match self.client.get(&url).send().await {
                Ok(answer) => {
                    tracing::info!(status = answer.status().as_u16(), "subscription confirmed")
                }
                Err(error) => {
                    tracing::error!(error = %error.without_url(), "subscription not confirmed")
                }
            }
        }
    }

    async fn unsubscribe_keys(&self) -> anyhow::Result<Vec<UnsubscribeKey>> {
        use secrecy::ExposeSecret as _;

        let secret = self.secrets.get("unsubscribe").await?;
        let key = secret.require_api_key("unsubscribe")?;
        Ok(vec![UnsubscribeKey::new(key.expose_secret().as_bytes())?])
    }
}
