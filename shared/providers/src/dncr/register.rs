//! The Australian service as the engine's register.

use touchline_domain::{contact::E164, sending::register::WashStatus};
use touchline_engine::wash::{Register, RegisterError};

use super::{Dncr, WashError, Washed};

impl Register for Dncr {
    async fn submit(
        &self,
        reference: &str,
        numbers: &[E164],
    ) -> Result<Vec<(E164, WashStatus)>, RegisterError> {
        Ok(answers(self.wash(reference, numbers).await?))
    }

    async fn result(
        &self,
        reference: &str,
        numbers: &[E164],
    ) -> Result<Vec<(E164, WashStatus)>, RegisterError> {
        Ok(answers(Self::result(self, reference, numbers).await?))
    }
}

fn answers(washed: Washed) -> Vec<(E164, WashStatus)> {
    let results = washed.results.into_iter();
    results
        .map(|result| (result.number, result.status))
        .collect()
}

impl From<WashError> for RegisterError {
    fn from(error: WashError) -> Self {
        match error {
            WashError::Unavailable(code) => Self::Unavailable(code),
            WashError::Unknown(code) => Self::Unknown(code),
            WashError::Pending => Self::Unknown("pending".into()),
            WashError::UnknownReference => Self::NoSuchBatch,
            WashError::Account { reason, .. } => Self::Account(reason.into()),
            WashError::TooMany(_) | WashError::NotAustralian(_) | WashError::Unreadable(_) => {
                Self::Unavailable(error.to_string())
            }
        }
    }
}
