//! Fills a local stack's secrets, so that functions and simulator share keys without anybody typing one.
//! The values are functions of the secret's name; they open nothing outside this machine.

use aws_config::SdkConfig;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::LocalError;

/// The value of the secret for `provider`, in the shape that every secret of the product has.
///
/// The webhook secret reads as base64 after its prefix, as one provider decodes it and others take it literally.
#[must_use]
pub fn value(provider: &str) -> Value {
    let derived = |purpose: &str| {
        let digest = Sha256::digest(format!("touchline local {provider} {purpose}"));
        hex::encode(digest)
    };
    let api_key = derived("api key");
    // Twilio signs webhooks with the token that also opens its API.
    let webhook_secret = match provider {
        "twilio" => api_key.clone(),
        _ => format!("whsec_{}", derived("webhook")),
    };
    json!({
        "api_key": api_key,
        "account": account(provider),
        "webhook_secret": webhook_secret,
        "webhook_secret_previous": null,
    })
}

/// The register numbers its accounts; the others name theirs.
fn account(provider: &str) -> String {
    match provider {
        "dncr" => "1000001".to_owned(),
        _ => format!("local-{provider}"),
    }
}

/// Puts a value into each of these secrets; they are named `{prefix}/{provider}`.
///
/// # Errors
/// [`LocalError::Aws`] names the secret that was refused.
pub async fn seed(config: &SdkConfig, names: &[String]) -> Result<(), LocalError> {
    let client = aws_sdk_secretsmanager::Client::new(config);
    let puts = names.iter().map(|name| {
        let provider = name.rsplit('/').next().unwrap_or(name);
        client
            .put_secret_value()
            .secret_id(name)
            .secret_string(value(provider).to_string())
            .send()
    });
    for (name, put) in names.iter().zip(futures::future::join_all(puts).await) {
        put.map_err(LocalError::aws(format!("putting secret {name}")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_secret_has_its_own_value_which_is_always_the_same() {
        assert_eq!(value("resend"), value("resend"));
        assert_ne!(value("resend")["api_key"], value("twilio")["api_key"]);
        assert_ne!(
            value("resend")["api_key"],
            value("resend")["webhook_secret"]
        );
    }

    #[test]
    fn a_webhook_secret_can_be_decoded_as_base64_after_its_prefix() {
        let value = value("resend");
        let encoded = value["webhook_secret"]
            .as_str()
            .unwrap()
            .strip_prefix("whsec_")
            .unwrap();
        assert_eq!(encoded.len() % 4, 0);
        assert!(encoded.chars().all(|c| c.is_ascii_alphanumeric()));
    }
}
