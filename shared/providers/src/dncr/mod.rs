//! The Australian Do Not Call Register: washes numbers in batches over SOAP. Every number that was submitted comes
//! back as listed, clear, invalid or unanswered; nothing is clear unless the register said so (DNC-3).

mod national;
mod register;
mod soap;

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use touchline_domain::contact::E164;

pub use national::national;
pub use touchline_domain::sending::register::WashStatus;

use crate::http::{CallError, HttpClient, Replay, call, trimmed};
use soap::{Operation, Reply};

/// The washing service on it.
const PATH: &str = "/dncrtelem/rtw/washing.cfc";
/// Most numbers in one batch, as the register recommends.
pub const MAX_BATCH: usize = 200;

/// The register's answer for one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WashResult {
    /// The number as it was submitted.
    pub number: E164,
    /// What the register says of it.
    pub status: WashStatus,
}

/// The answer for a batch. The two lists together are the numbers submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Washed {
    /// Answered numbers, in the order submitted.
    pub results: Vec<WashResult>,
    /// Numbers without a usable answer. They are as unwashed as before (DNC-3).
    pub unanswered: Vec<E164>,
}

/// A wash without a result. Nothing may be assumed clear (DNC-3).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WashError {
    /// More numbers than one batch takes; nothing was sent.
    #[error("{0} numbers in one batch, at most {MAX_BATCH}")]
    TooMany(usize),
    /// A number that is not Australian; nothing was sent.
    #[error("a number of another country cannot be washed")]
    NotAustralian(E164),
    /// Certainly not washed: submit again later, under the same reference.
    #[error("register unavailable ({0})")]
    Unavailable(String),
    /// May have been washed and charged: ask [`Dncr::result`] after 30 s, never submit again.
    #[error("outcome unknown ({0})")]
    Unknown(String),
    /// The wash goes on: ask [`Dncr::result`] again after 30 s.
    #[error("wash not finished yet")]
    Pending,
    /// The register knows no wash under this reference: it may be submitted.
    #[error("unknown reference")]
    UnknownReference,
    /// Credentials, subscription or balance: an operator has to act.
    #[error("account refused (code {code}): {reason}")]
    Account {
        /// The register's system code.
        code: u16,
        /// What the code means.
        reason: &'static str,
    },
    /// The answer is not what the register documents.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
}

/// The account that washes.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The numeric account id.
    pub telemarketer_id: String,
    /// The sub-account, or empty.
    pub wash_only_user_id: String,
    /// The password.
    pub password: SecretString,
}

/// The register's real-time washing service.
#[derive(Clone, Debug)]
pub struct Dncr {
    client: HttpClient,
    url: String,
    credentials: Credentials,
}

impl Dncr {
    /// `base` is the register's address: `https://www.donotcall.gov.au`, or the simulator's.
    #[must_use]
    pub fn new(client: HttpClient, base: impl Into<String>, credentials: Credentials) -> Self {
        Self {
            client,
            url: trimmed(base) + PATH,
            credentials,
        }
    }

    /// Washes up to [`MAX_BATCH`] Australian numbers. `reference` names the batch and is never used for another:
    /// it is what [`Self::result`] asks by when the answer is lost.
    ///
    /// # Errors
    /// [`WashError`].
    pub async fn wash(&self, reference: &str, numbers: &[E164]) -> Result<Washed, WashError> {
        if numbers.len() > MAX_BATCH {
            return Err(WashError::TooMany(numbers.len()));
        }
        let submitted = submitted(numbers)?;
        if submitted.is_empty() {
            return Ok(Washed::default());
        }
        let plain: Vec<&str> = submitted.iter().map(|(_, text)| text.as_str()).collect();
        let operation = Operation::WashNumbers {
            reference,
            numbers: &plain,
        };
        let reply = self.ask(&operation).await?;
        match reply.code {
            0 => Ok(matched(submitted, &reply)),
            1 => Err(account(1, "credentials or numbers missing")),
            4 => Err(account(4, "subscription missing or expired")),
            code => Err(refused(code)),
        }
    }

    /// Asks for the result of an earlier batch of the same `numbers` under `reference`.
    ///
    /// # Errors
    /// [`WashError`]; `Pending` and `UnknownReference` say what to do next.
    pub async fn result(&self, reference: &str, numbers: &[E164]) -> Result<Washed, WashError> {
        let submitted = submitted(numbers)?;
        let operation = Operation::GetWashResult { reference };
        let reply = self.ask(&operation).await.map_err(|error| match error {
            // Asking changes nothing, so a lost answer is no more than that.
            WashError::Unknown(code) => WashError::Unavailable(code),
            other => other,
        })?;
        match reply.code {
            0 => Ok(matched(submitted, &reply)),
            1 => Err(account(1, "credentials missing")),
            2 => Err(WashError::UnknownReference),
            4 => Err(WashError::Pending),
            code => Err(refused(code)),
        }
    }

    async fn ask(&self, operation: &Operation<'_>) -> Result<Reply, WashError> {
        let body = soap::envelope(
            operation,
            &self.credentials.telemarketer_id,
            &self.credentials.wash_only_user_id,
            self.credentials.password.expose_secret(),
        );
        let request = self
            .client
            .post(&self.url)
            .header("Content-Type", "text/xml; charset=utf-8")
            .header("SOAPAction", "\"\"")
            .body(body);
        let answer = call(request).await.map_err(into_wash_error)?;
        if let Some(error) = answer.transient(Replay::Taken) {
            return Err(into_wash_error(error));
        }
        if answer.status != StatusCode::OK {
            return Err(WashError::Unreadable(format!(
                "status {}",
                answer.status.as_u16()
            )));
        }
        let Some(body) = answer.body else {
            return Err(WashError::Unknown("connection_lost".to_owned()));
        };
        soap::read(&body).map_err(WashError::Unreadable)
    }
}

fn submitted(numbers: &[E164]) -> Result<Vec<(E164, String)>, WashError> {
    let with_text = |number: &E164| match national(number) {
        Some(text) => Ok((number.clone(), text)),
        None => Err(WashError::NotAustralian(number.clone())),
    };
    numbers.iter().map(with_text).collect()
}

/// Puts the answers to the numbers submitted. Two answers that disagree are no answer.
fn matched(submitted: Vec<(E164, String)>, reply: &Reply) -> Washed {
    let mut washed = Washed::default();
    for (number, text) in submitted {
        let mut answers = reply.numbers.iter().filter(|(of, _)| *of == text);
        let first = answers.next().and_then(|(_, status)| *status);
        match first {
            Some(status) if answers.all(|(_, other)| *other == Some(status)) => {
                washed.results.push(WashResult { number, status });
            }
            _ => washed.unanswered.push(number),
        }
    }
    washed
}

fn into_wash_error(error: CallError) -> WashError {
    match error {
        CallError::RateLimited { .. } => WashError::Unavailable("429".to_owned()),
        CallError::Unavailable { code } => WashError::Unavailable(code),
        CallError::Unknown { code } => WashError::Unknown(code),
        CallError::Refused { code, .. } | CallError::Unreadable(code) => {
            WashError::Unreadable(code)
        }
    }
}

fn account(code: u16, reason: &'static str) -> WashError {
    WashError::Account { code, reason }
}

fn refused(code: u16) -> WashError {
    match code {
        3 => account(code, "account missing, inactive or suspended"),
        5 => account(code, "balance too low"),
        _ => WashError::Unreadable(format!("system code {code}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_answer_or_with_two_is_not_clear_dnc_3() {
        let numbers: Vec<E164> = [
            "+61411111111",
            "+61422222222",
            "+61433333333",
            "+61444444444",
        ]
        .iter()
        .map(|text| text.parse().unwrap())
        .collect();
        let reply = Reply {
            code: 0,
            numbers: vec![
                ("0411111111".to_owned(), Some(WashStatus::Clear)),
                ("0422222222".to_owned(), None),
                ("0433333333".to_owned(), Some(WashStatus::Clear)),
                ("0433333333".to_owned(), Some(WashStatus::Listed)),
            ],
        };
        let washed = matched(submitted(&numbers).unwrap(), &reply);
        assert_eq!(washed.results.len(), 1);
        assert_eq!(washed.results[0].number, numbers[0]);
        assert_eq!(washed.unanswered, numbers[1..]);
    }
}
