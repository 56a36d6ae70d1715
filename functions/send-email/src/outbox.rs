//! The e-mail providers of this stack, picked by the mailbox that sends.

use anyhow::Context as _;
use touchline_domain::{
    events::{Provider, TouchRef},
    message::{UnsubscribeKey, WebLink},
};
use touchline_engine::{
    channel::{EmailComposer, Handover},
    provider::{Accepted, EmailMessage, Reconciled, SendError, Sends},
};
use touchline_providers::{
    http::{self, Timeouts},
    resend::Resend,
    ses::Ses,
};
use touchline_runtime::{aws::Aws, secrets::Secrets, settings::Settings};

/// What the providers need from the settings.
pub struct Wanted {
    resend_url: String,
    ses_url: String,
    public_url: String,
    prefix: String,
}

impl Wanted {
    /// Reads the settings.
    pub fn from_settings(settings: &Settings) -> Self {
        Self {
            resend_url: settings.url("RESEND_URL"),
            ses_url: settings.url("SES_URL"),
            public_url: settings.url("PUBLIC_URL"),
            prefix: settings.require("SECRETS_PREFIX"),
        }
    }
}

/// The providers that have a key; a mailbox of another one is not used.
pub struct Outbox {
    resend: Option<Resend>,
    ses: Option<Ses>,
}

impl Outbox {
    /// Reads the keys and builds the clients.
    pub async fn build(aws: &Aws, wanted: &Wanted) -> anyhow::Result<Self> {
        let secrets = Secrets::new(aws.secrets(), &wanted.prefix);
        let client = http::client(Timeouts::default()).context("building the HTTP client")?;
        let resend = secrets
            .get("resend")
            .await
            .ok()
            .and_then(|secret| secret.api_key.clone());
        let ses = secrets
            .get("ses")
            .await
            .ok()
            .map(|secret| secret.account.clone());
        Ok(Self {
            resend: resend.map(|key| Resend::new(client, wanted.resend_url.clone(), key)),
            ses: ses.map(|set| {
                Ses::new(
                    aws.config(),
                    Some(&wanted.ses_url),
                    set,
                    Timeouts::default(),
                )
            }),
        })
    }
}

impl Handover<EmailMessage> for Outbox {
    fn serves(&self, provider: Provider) -> bool {
        match provider {
            Provider::Resend => self.resend.is_some(),
            Provider::Ses => self.ses.is_some(),
            _ => false,
        }
    }

    async fn send(
        &self,
        provider: Provider,
        message: &EmailMessage,
    ) -> Result<Accepted, SendError> {
        match (provider, &self.resend, &self.ses) {
            (Provider::Resend, Some(resend), _) => resend.send(message).await,
            (Provider::Ses, _, Some(ses)) => ses.send(message).await,
            _ => Err(SendError::Unavailable {
                code: "no_such_provider".into(),
            }),
        }
    }

    async fn reconcile(&self, provider: Provider, reference: &TouchRef) -> Reconciled {
        match (provider, &self.resend, &self.ses) {
            (Provider::Resend, Some(resend), _) => resend.reconcile(reference).await,
            (Provider::Ses, _, Some(ses)) => ses.reconcile(reference).await,
            _ => Reconciled::Undecided,
        }
    }
}

/// The composer with the key that seals unsubscribe links (R27).
pub async fn composer(aws: &Aws, wanted: &Wanted) -> anyhow::Result<EmailComposer> {
    use secrecy::ExposeSecret as _;

    let secrets = Secrets::new(aws.secrets(), &wanted.prefix);
    let secret = secrets.get("unsubscribe").await?;
    let key = secret.require_api_key("unsubscribe")?;
    let base: WebLink = format!("{}/u", wanted.public_url.trim_end_matches('/')).parse()?;
    Ok(EmailComposer {
        unsubscribe_key: UnsubscribeKey::new(key.expose_secret().as_bytes())?,
        unsubscribe_base: base,
    })
}
