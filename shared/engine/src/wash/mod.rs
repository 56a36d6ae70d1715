//! Washing numbers against the register (DNC-1..DNC-3). A batch is named by what is in it and the day, so that a batch
//! whose answer got lost is asked about and never submitted, and paid for, a second time. Where the register cannot be
//! reached, nothing is written, and so nothing is assumed clear.

mod rewash;

use std::future::Future;

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use touchline_domain::{
    contact::E164,
    country::Country,
    ids::fingerprint,
    sending::register::{REWASH_ALWAYS_DAYS, REWASH_BEFORE_USE_DAYS, WashResult, WashStatus},
};

pub use self::rewash::{Collected, Rewash, collect};
use crate::ports::PortError;

/// The register takes at most so many numbers in a batch.
pub const BATCH: usize = 200;
/// After a time-out the register wants this long a pause before it is asked for the result.
pub const ASK_AGAIN_SECS: u32 = 30;

/// Why the register did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// Not accepted, or not finished: ask again later.
    #[error("the register is not available ({0})")]
    Unavailable(String),
    /// The request left and no answer came: ask for the result.
    #[error("the register did not answer ({0})")]
    Unknown(String),
    /// It knows no batch of that name.
    #[error("the register knows no such batch")]
    NoSuchBatch,
    /// Account, subscription or balance: a person has to act.
    #[error("the register refuses the account: {0}")]
    Account(String),
}

/// A register of one country.
pub trait Register: Sync {
    /// Submits a batch under a reference of ours.
    fn submit(
        &self,
        reference: &str,
        numbers: &[E164],
    ) -> impl Future<Output = Result<Vec<(E164, WashStatus)>, RegisterError>> + Send;

    /// Asks for the result of an earlier batch.
    fn result(
        &self,
        reference: &str,
        numbers: &[E164],
    ) -> impl Future<Output = Result<Vec<(E164, WashStatus)>, RegisterError>> + Send;
}

/// Where the answers are kept.
pub trait WashStore: Sync {
    /// What is known of a number.
    fn wash_of(
        &self,
        number: &E164,
    ) -> impl Future<Output = Result<Option<WashResult>, PortError>> + Send;

    /// Keeps an answer; one that is newer already stays.
    fn save_wash(
        &self,
        number: &E164,
        result: WashResult,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Notes that a batch is being submitted; `false` if it was noted before.
    fn begin_batch(
        &self,
        reference: &str,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, PortError>> + Send;
}

/// What a wash came to (DNC-2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Washed {
    /// Numbers that were not listed before and are now.
    pub newly_listed: u32,
    /// Numbers that were not clear before and are now.
    pub newly_clear: u32,
    /// Numbers whose standing stays.
    pub unchanged: u32,
    /// Numbers that the register has no answer for.
    pub failed: u32,
    /// Numbers whose country has no register here.
    pub no_register: u32,
    /// Numbers whose answer is fresh enough.
    pub fresh: u32,
}

/// How a batch went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WashOutcome {
    /// The answers are kept.
    Done(Washed),
    /// Nothing is known yet; come back.
    Later {
        /// In so many seconds.
        after_secs: u32,
        /// Why.
        error: RegisterError,
    },
}

/// Washes a batch. Numbers whose answer is younger than the re-wash age are left out: a repeated request costs nothing.
///
/// # Errors
/// The store is not available.
pub async fn wash<S: WashStore, R: Register>(
    store: &S,
    register: &R,
    numbers: &[E164],
    now: DateTime<Utc>,
) -> Result<WashOutcome, PortError> {
    let mut done = Washed::default();
    let mut before = Vec::new();
    for number in numbers {
        if !has_register(number) {
            done.no_register += 1;
            continue;
        }
        let known = store.wash_of(number).await?;
        if known.is_some_and(|w| now - w.washed_at < Duration::days(REWASH_BEFORE_USE_DAYS)) {
            done.fresh += 1;
            continue;
        }
        before.push((number.clone(), known.map(|w| w.status)));
    }
    if before.is_empty() {
        return Ok(WashOutcome::Done(done));
    }
    let wanted: Vec<E164> = before.iter().map(|(number, _)| number.clone()).collect();
    let reference = batch_reference(&wanted, now);
    let answers = if store.begin_batch(&reference, now).await? {
        register.submit(&reference, &wanted).await
    } else {
        match register.result(&reference, &wanted).await {
            Err(RegisterError::NoSuchBatch) => register.submit(&reference, &wanted).await,
            answered => answered,
        }
    };
    let answers = match answers {
        Ok(answers) => answers,
        Err(error) => {
            return Ok(WashOutcome::Later {
                after_secs: ASK_AGAIN_SECS,
                error,
            });
        }
    };
    for (number, was) in before {
        let Some((_, status)) = answers.iter().find(|(answered, _)| *answered == number) else {
            done.failed += 1;
            continue;
        };
        store
            .save_wash(
                &number,
                WashResult {
                    status: *status,
                    washed_at: now,
                },
            )
            .await?;
        match (was, status) {
            (was, now) if was == Some(*now) => done.unchanged += 1,
            (_, WashStatus::Listed) => done.newly_listed += 1,
            (_, WashStatus::Clear) => done.newly_clear += 1,
            (_, WashStatus::Invalid) => done.failed += 1,
        }
    }
    Ok(WashOutcome::Done(done))
}

/// Only Australia's register is built (DNC-5).
fn has_register(number: &E164) -> bool {
    touchline_domain::contact::phone::parse(number.as_str(), None)
        .is_ok_and(|phone| phone.country == Some(Country::AU))
}

/// The name of a batch: the same numbers on the same day are the same batch.
fn batch_reference(numbers: &[E164], now: DateTime<Utc>) -> String {
    let mut sorted: Vec<&str> = numbers.iter().map(E164::as_str).collect();
    sorted.sort_unstable();
    let day = now.date_naive().to_string();
    format!("wash-{}", fingerprint(&[&day, &sorted.join(",")]))
}

/// Whether a number with the given answer has to be washed again today (DNC-2).
#[must_use]
pub fn needs_rewash(answer: Option<WashResult>, used_soon: bool, now: DateTime<Utc>) -> bool {
    let Some(answer) = answer else {
        return used_soon;
    };
    let age = now - answer.washed_at;
    age > Duration::days(REWASH_ALWAYS_DAYS)
        || (used_soon && age > Duration::days(REWASH_BEFORE_USE_DAYS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(days_ago: i64, now: DateTime<Utc>) -> Option<WashResult> {
        Some(WashResult {
            status: WashStatus::Clear,
            washed_at: now - Duration::days(days_ago),
        })
    }

    #[test]
    fn dnc_2_numbers_are_washed_again_before_use_and_quarterly() {
        let now = DateTime::UNIX_EPOCH + Duration::days(1_000);
        assert!(!needs_rewash(answer(25, now), true, now));
        assert!(needs_rewash(answer(26, now), true, now));
        assert!(!needs_rewash(answer(90, now), false, now));
        assert!(needs_rewash(answer(91, now), false, now));
        assert!(needs_rewash(None, true, now));
    }

    #[test]
    fn a_batch_is_named_by_its_numbers_and_day_in_any_order() {
        let now = DateTime::UNIX_EPOCH;
        let (a, b): (E164, E164) = (
            "+61412345678".parse().unwrap(),
            "+61412345679".parse().unwrap(),
        );
        assert_eq!(
            batch_reference(&[a.clone(), b.clone()], now),
            batch_reference(&[b.clone(), a.clone()], now)
        );
        assert_ne!(
            batch_reference(std::slice::from_ref(&a), now),
            batch_reference(std::slice::from_ref(&a), now + Duration::days(1))
        );
        assert_ne!(batch_reference(&[a], now), batch_reference(&[b], now));
    }
}
