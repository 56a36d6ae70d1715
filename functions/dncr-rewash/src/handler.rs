//! The daily schedule collects numbers that are due for a wash; the queue brings numbers to wash.

use chrono::{DateTime, Utc};
use touchline_engine::{
    job::WashJob,
    wash::{self, Register, RegisterError, Rewash, WashOutcome, WashStore},
};
use touchline_runtime::{
    batch::{Handled, Message},
    lambda::Failure,
    metrics::Metrics,
};

/// Handles one message of the wash queue.
pub async fn wash<S, R>(
    store: &S,
    register: &R,
    message: Message<WashJob>,
    now: DateTime<Utc>,
) -> Handled
where
    S: WashStore,
    R: Register,
{
    let WashJob::V1 { numbers } = &message.job;
    match wash::wash(store, register, numbers, now).await {
        Ok(WashOutcome::Done(washed)) => {
            Metrics::new()
                .count("NewlyListed", washed.newly_listed)
                .count("NewlyClear", washed.newly_clear)
                .count("WashFailed", washed.failed)
                .emit(now);
            tracing::info!(
                newly_listed = washed.newly_listed,
                newly_clear = washed.newly_clear,
                unchanged = washed.unchanged,
                failed = washed.failed,
                fresh = washed.fresh,
                "numbers washed"
            );
            Handled::Done
        }
        Ok(WashOutcome::Later { after_secs, error }) => {
            if let RegisterError::Account(_) = &error {
                tracing::error!(%error, "the register's account needs a person");
            }
            Handled::retry(after_secs, error.to_string())
        }
        Err(error) => error.into(),
    }
}

/// Queues every number that is due for a wash (DNC-2).
///
/// # Errors
/// The store is not available; the next run collects what this one did not.
pub async fn collect<S: Rewash>(store: &S, now: DateTime<Utc>) -> Result<(), Failure> {
    let collected = wash::collect(store, now).await?;
    let numbers = u32::try_from(collected.numbers).unwrap_or(u32::MAX);
    Metrics::new().count("NumbersToWash", numbers).emit(now);
    tracing::info!(
        numbers = collected.numbers,
        batches = collected.batches,
        "re-wash collected"
    );
    Ok(())
}
