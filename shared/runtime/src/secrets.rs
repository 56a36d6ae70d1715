//! Secrets of providers, from Secrets Manager, kept for five minutes so that a rotation reaches every function soon.
//! Never logged: the values mask themselves, and an error names the secret and not what is in it.

use std::{sync::Arc, time::Duration};

use aws_sdk_secretsmanager::Client;
use secrecy::SecretString;
use serde::Deserialize;

use crate::cache::TtlCache;

/// How long a secret is kept before it is read again.
const MAX_AGE: Duration = Duration::from_secs(300);

/// What a provider's secret holds, as a JSON object with these names. An empty text counts as absent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Stored")]
pub struct ProviderSecret {
    /// The key, or password, with which we call the provider.
    pub api_key: Option<SecretString>,
    /// The account, user or configuration set that goes with it. Not secret.
    pub account: Option<String>,
    /// The key with which the provider signs its webhooks.
    pub webhook_secret: Option<SecretString>,
    /// The one before; accepted as well while a rotation is under way.
    pub webhook_secret_previous: Option<SecretString>,
}

#[derive(Deserialize)]
struct Stored {
    #[serde(default)]
    api_key: Option<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    webhook_secret: Option<String>,
    #[serde(default)]
    webhook_secret_previous: Option<String>,
}

impl From<Stored> for ProviderSecret {
    fn from(stored: Stored) -> Self {
        let present = |text: Option<String>| text.filter(|text| !text.is_empty());
        let secret = |text| present(text).map(SecretString::from);
        Self {
            api_key: secret(stored.api_key),
            account: present(stored.account),
            webhook_secret: secret(stored.webhook_secret),
            webhook_secret_previous: secret(stored.webhook_secret_previous),
        }
    }
}

impl ProviderSecret {
    /// The keys that a webhook may be signed with, the current one first.
    pub fn webhook_secrets(&self) -> impl Iterator<Item = &SecretString> {
        [&self.webhook_secret, &self.webhook_secret_previous]
            .into_iter()
            .flatten()
    }

    /// The key to call the provider with.
    ///
    /// # Errors
    /// [`SecretError::Incomplete`] when the secret has none.
    pub fn require_api_key(&self, provider: &str) -> Result<&SecretString, SecretError> {
        self.api_key
            .as_ref()
            .ok_or_else(|| SecretError::Incomplete {
                name: provider.to_owned(),
                field: "api_key",
            })
    }
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Nobody has put it there.
    #[error("secret {name} does not exist or has no value")]
    Missing {
        /// The secret's name.
        name: String,
    },
    /// It is not a JSON object of texts.
    #[error("secret {name} is not a JSON object of texts: line {line} column {column}")]
    Malformed {
        /// The secret's name.
        name: String,
        /// Where the fault is.
        line: usize,
        /// Where the fault is.
        column: usize,
    },
    /// It lacks a field.
    #[error("secret {name} has no {field}")]
    Incomplete {
        /// The secret's name.
        name: String,
        /// The field.
        field: &'static str,
    },
    /// Try again later.
    #[error("secret {name} cannot be read now")]
    Unavailable {
        /// The secret's name.
        name: String,
        /// The cause.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Reads secrets whose names begin with the stack's prefix.
#[derive(Debug)]
pub struct Secrets {
    client: Client,
    prefix: String,
    kept: TtlCache<String, Arc<ProviderSecret>>,
}

impl Secrets {
    /// A reader of `{prefix}/{provider}`.
    #[must_use]
    pub fn new(client: Client, prefix: &str) -> Self {
        Self {
            client,
            prefix: prefix.trim_end_matches('/').to_owned(),
            kept: TtlCache::new(MAX_AGE),
        }
    }

    /// A provider's secret, at most five minutes old.
    ///
    /// # Errors
    /// [`SecretError`], naming the secret.
    pub async fn get(&self, provider: &str) -> Result<Arc<ProviderSecret>, SecretError> {
        let name = format!("{}/{provider}", self.prefix);
        if let Some(kept) = self.kept.get(&name) {
            return Ok(kept);
        }
        let began = self.kept.begin();
        let secret = Arc::new(parse(&name, &self.read(&name).await?)?);
        self.kept.put(name, Arc::clone(&secret), began);
        Ok(secret)
    }

    /// Reads a secret anew at its next use: call it when a provider refuses the key.
    pub fn forget(&self, provider: &str) {
        self.kept.forget(&format!("{}/{provider}", self.prefix));
    }

    async fn read(&self, name: &str) -> Result<String, SecretError> {
        let missing = || SecretError::Missing {
            name: name.to_owned(),
        };
        let read = self.client.get_secret_value().secret_id(name).send().await;
        match read.map_err(aws_sdk_secretsmanager::error::SdkError::into_service_error) {
            Ok(answer) => answer.secret_string.ok_or_else(missing),
            Err(error) if error.is_resource_not_found_exception() => Err(missing()),
            Err(error) => Err(SecretError::Unavailable {
                name: name.to_owned(),
                cause: Box::new(error),
            }),
        }
    }
}

fn parse(name: &str, text: &str) -> Result<ProviderSecret, SecretError> {
    serde_json::from_str(text).map_err(|error| SecretError::Malformed {
        name: name.to_owned(),
        line: error.line(),
        column: error.column(),
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn two_webhook_keys_are_accepted_while_a_rotation_is_under_way() {
        let text = r#"{"api_key": "k", "account": "", "webhook_secret": "new", "webhook_secret_previous": "old"}"#;
        let secret = parse("x/resend", text).unwrap();
        let keys: Vec<&str> = secret
            .webhook_secrets()
            .map(ExposeSecret::expose_secret)
            .collect();
        assert_eq!(keys, ["new", "old"]);
        assert_eq!(secret.account, None);
        assert_eq!(
            secret.require_api_key("resend").unwrap().expose_secret(),
            "k"
        );
    }

    #[test]
    fn a_secret_never_shows_in_debug_output() {
        let secret = parse(
            "x/resend",
            r#"{"api_key": "hunter2", "webhook_secret": "s3same"}"#,
        )
        .unwrap();
        let shown = format!("{secret:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains("s3same"),
            "{shown}"
        );
    }

    #[test]
    fn a_malformed_secret_is_named_without_its_content() {
        let error = parse("x/resend", r#"{"api_key": hunter2}"#)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("secret x/resend is not a JSON object of texts"),
            "{error}"
        );
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_missing_field_is_named() {
        let error = ProviderSecret::default()
            .require_api_key("apollo")
            .unwrap_err();
        assert_eq!(error.to_string(), "secret apollo has no api_key");
    }
}
