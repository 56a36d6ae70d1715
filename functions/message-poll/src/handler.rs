//! Reads the lists of all providers that are set up and reports what they held.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use touchline_providers::lists::List;
use touchline_runtime::{
    lambda::Failure,
    polls::{self, Report},
};
use touchline_store::Store;

use crate::lists::Providers;

/// The part of a scheduled event that counts.
#[derive(Debug, Deserialize)]
pub struct Scheduled {
    /// When it was due.
    #[serde(default)]
    pub time: Option<String>,
}

/// Queues what the lists hold and no earlier run has queued.
///
/// # Errors
/// A secret can not be read now, or no list could be read for a fault of ours.
pub async fn handle(
    store: &Store,
    providers: &Providers,
    now: DateTime<Utc>,
) -> Result<Report, Failure> {
    let lists: Vec<_> = providers
        .lists()
        .await?
        .into_iter()
        .map(|list: List| (list.feed(), list))
        .collect();
    polls::run(store, &lists, now).await
}
