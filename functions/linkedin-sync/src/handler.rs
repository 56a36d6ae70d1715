//! Reads the lists of every seat that works for a tenant and reports what they held.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use touchline_domain::sending::resource::ResourceKind;
use touchline_providers::lists::List;
use touchline_runtime::{
    lambda::Failure,
    polls::{self, Report},
};
use touchline_store::Store;

use crate::seats::{self, Provider};

/// The part of a scheduled event that counts.
#[derive(Debug, Deserialize)]
pub struct Scheduled {
    /// When it was due.
    #[serde(default)]
    pub time: Option<String>,
}

/// Queues what the seats' lists hold and no earlier run has queued.
///
/// # Errors
/// The pool or the secret can not be read, or no list could be read for a fault of ours.
pub async fn handle(
    store: &Store,
    provider: &Provider,
    now: DateTime<Utc>,
) -> Result<Report, Failure> {
    let Some(unipile) = provider.client().await? else {
        tracing::debug!("no provider of seats is set up");
        return polls::run::<_, List>(store, &[], now).await;
    };
    let pooled = store.pool.list(ResourceKind::LinkedinSeat).await?;
    let lists: Vec<_> = pooled
        .iter()
        .filter_map(|pooled| seats::of(&pooled.resource, &unipile))
        .flat_map(|seat| [List::SeatMessages(seat.clone()), List::SeatRelations(seat)])
        .map(|list| (list.feed(), list))
        .collect();
    polls::run(store, &lists, now).await
}
