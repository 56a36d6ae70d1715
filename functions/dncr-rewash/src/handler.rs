//! Two kinds of events: the daily schedule collects numbers that are due for a wash, the queue brings numbers to wash.

use aws_lambda_events::sqs::SqsEvent;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use touchline_engine::{
    job::WashJob,
    wash::{self, Register, RegisterError, WashOutcome, WashStore},
};
use touchline_runtime::{
    batch::{Handled, Message},
    metrics::Metrics,
};

/// What invokes this function.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// The wash queue.
    Queue(SqsEvent),
    /// The daily schedule.
    Schedule(Scheduled),
}

/// The part of a scheduled event that counts.
#[derive(Debug, Deserialize)]
pub struct Scheduled {
    /// When it was due.
    #[serde(default)]
    pub time: Option<String>,
}

/// Handles one message of the wash queue.
pub async fn handle<S, R>(
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
