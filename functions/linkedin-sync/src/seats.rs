//! Which seats are looked at, and the provider that they connect through.

use anyhow::Context as _;
use secrecy::SecretString;
use touchline_domain::{
    events,
    sending::resource::{Resource, ResourceStatus},
};
use touchline_providers::{
    http::{self, HttpClient, Timeouts},
    lists::Seat,
    unipile::{Unipile, base_of},
};
use touchline_runtime::{
    aws::Aws,
    lambda::Failure,
    secrets::{SecretError, Secrets},
};

/// The provider of seats, as far as it is set up.
pub struct Provider {
    secrets: Secrets,
    client: HttpClient,
    url: Option<String>,
    public_url: String,
}

/// The provider with its key.
pub struct Connected {
    /// Its API.
    pub unipile: Unipile,
    /// Under which secret it posts its webhooks.
    pub webhook_secret: Option<SecretString>,
    /// Where.
    pub webhook_url: String,
}

impl Provider {
    /// Reads nothing yet; `url` stands in for the workspace's own address, `public_url` is where we are reached.
    pub fn build(
        aws: &Aws,
        prefix: &str,
        url: Option<String>,
        public_url: String,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            secrets: Secrets::new(aws.secrets(), prefix),
            client: http::client(Timeouts::default()).context("building the HTTP client")?,
            url,
            public_url,
        })
    }

    /// The provider; nothing while there is no key.
    ///
    /// # Errors
    /// The secret can not be read.
    pub async fn client(&self) -> Result<Option<Connected>, Failure> {
        let secret = match self.secrets.get("unipile").await {
            Ok(secret) => secret,
            Err(SecretError::Missing { .. }) => return Ok(None),
            Err(error @ SecretError::Unavailable { .. }) => return Err(Failure::retryable(error)),
            Err(error) => return Err(Failure::non_retryable(error)),
        };
        let base = self
            .url
            .clone()
            .or_else(|| secret.account.as_deref().map(base_of));
        let key = secret.api_key.clone();
        Ok(base.zip(key).map(|(base, key)| Connected {
            unipile: Unipile::new(self.client.clone(), base, key),
            webhook_secret: secret.webhook_secret.clone(),
            webhook_url: format!("{}/hooks/unipile", self.public_url),
        }))
    }
}

/// The seat, if it is a tenant's and connected through Unipile. A paused one is read as well: who answers it has to be
/// heard.
pub fn of(resource: &Resource, unipile: &Unipile) -> Option<Seat> {
    let connected = matches!(
        resource.status,
        ResourceStatus::Assigned | ResourceStatus::Paused | ResourceStatus::Held
    );
    let ours = connected && resource.provider == events::Provider::Unipile;
    let tenant = resource.tenant.clone().filter(|_| ours)?;
    Some(Seat {
        unipile: unipile.clone(),
        account: resource.address.clone(),
        tenant,
    })
}
