//! The Australian register as the engine's port. Without an account nothing is answered, and so nothing is clear (DNC-3).

use anyhow::Context as _;
use secrecy::SecretString;
use touchline_domain::{contact::E164, sending::register::WashStatus};
use touchline_engine::wash::{Register, RegisterError};
use touchline_providers::{
    dncr::{self, Credentials, Dncr, WashError, Washed},
    http::{self, Timeouts},
};
use touchline_runtime::{aws::Aws, secrets::Secrets};

/// The register.
pub struct AustralianRegister(Dncr);

impl AustralianRegister {
    /// Reads the account and builds the client.
    pub async fn build(aws: &Aws, prefix: String, url: String) -> anyhow::Result<Self> {
        let secret = Secrets::new(aws.secrets(), &prefix).get("dncr").await?;
        let client = http::client(Timeouts::default()).context("building the HTTP client")?;
        let credentials = Credentials {
            telemarketer_id: secret.account.clone().unwrap_or_default(),
            wash_only_user_id: String::new(),
            password: secret
                .api_key
                .clone()
                .unwrap_or_else(|| SecretString::from(String::new())),
        };
        Ok(Self(Dncr::new(client, url, credentials)))
    }
}

impl Register for AustralianRegister {
    async fn submit(
        &self,
        reference: &str,
        numbers: &[E164],
    ) -> Result<Vec<(E164, WashStatus)>, RegisterError> {
        self.0
            .wash(reference, numbers)
            .await
            .map(answers)
            .map_err(failure)
    }

    async fn result(
        &self,
        reference: &str,
        numbers: &[E164],
    ) -> Result<Vec<(E164, WashStatus)>, RegisterError> {
        self.0
            .result(reference, numbers)
            .await
            .map(answers)
            .map_err(failure)
    }
}

fn answers(washed: Washed) -> Vec<(E164, WashStatus)> {
    let status = |status| match status {
        dncr::WashStatus::Listed => WashStatus::Listed,
        dncr::WashStatus::Clear => WashStatus::Clear,
        dncr::WashStatus::Invalid => WashStatus::Invalid,
    };
    washed
        .results
        .into_iter()
        .map(|result| (result.number, status(result.status)))
        .collect()
}

fn failure(error: WashError) -> RegisterError {
    match error {
        WashError::Unavailable(code) => RegisterError::Unavailable(code),
        WashError::Unknown(code) => RegisterError::Unknown(code),
        WashError::Pending => RegisterError::Unknown("pending".into()),
        WashError::UnknownReference => RegisterError::NoSuchBatch,
        WashError::Account { reason, .. } => RegisterError::Account(reason.into()),
        WashError::TooMany(_) | WashError::NotAustralian(_) | WashError::Unreadable(_) => {
            RegisterError::Unavailable(error.to_string())
        }
    }
}
