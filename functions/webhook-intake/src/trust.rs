//! What a webhook is checked against: the provider's secret, or for Amazon SES the certificate that signed it.

use std::future::Future;

use touchline_domain::{events::Provider, message::UnsubscribeKey};
use touchline_engine::ports::PortError;
use touchline_providers::webhook::{
    CertHosts, Request, Secrets as Signing, SnsCertificates, sns::subscribe_url,
};
use touchline_wiring::providers::Providers;

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
    fn unsubscribe_keys(
        &self,
    ) -> impl Future<Output = Result<Vec<UnsubscribeKey>, PortError>> + Send;
}

/// The secrets of Secrets Manager and the certificates of SNS.
pub struct Trust {
    providers: Providers,
    certificates: SnsCertificates,
}

impl Trust {
    /// Reads nothing yet; each secret is read when its provider first calls.
    #[must_use]
    pub fn new(providers: Providers, hosts: &[String]) -> Self {
        let hosts = CertHosts::aws_and(&hosts.join(","));
        Self {
            certificates: SnsCertificates::new(providers.http().clone(), hosts),
            providers,
        }
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
        match self.providers.signing(provider).await {
            Ok(signing) => signing,
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
            match self.providers.http().get(&url).send().await {
                Ok(answer) => {
                    tracing::info!(status = answer.status().as_u16(), "subscription confirmed")
                }
                Err(error) => {
                    tracing::error!(error = %error.without_url(), "subscription not confirmed")
                }
            }
        }
    }

    async fn unsubscribe_keys(&self) -> Result<Vec<UnsubscribeKey>, PortError> {
        Ok(vec![self.providers.unsubscribe_key().await?])
    }
}
