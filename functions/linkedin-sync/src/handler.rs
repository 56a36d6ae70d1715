//! Reads the lists of every seat that works for a tenant and reports what they held.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use touchline_domain::sending::resource::ResourceKind;
use touchline_providers::lists::List;
use touchline_runtime::{lambda::Failure, polls};
use touchline_store::Store;

use crate::seats::{self, Connected, Provider};

/// The part of a scheduled event that counts.
#[derive(Debug, Deserialize)]
pub struct Scheduled {
    /// When it was due.
    #[serde(default)]
    pub time: Option<String>,
}

/// What a run did.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Webhooks that were not registered any more and are again (LA-018).
    pub registered: usize,
    /// What the lists held.
    #[serde(flatten)]
    pub lists: polls::Report,
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
    let Some(connected) = provider.client().await? else {
        tracing::debug!("no provider of seats is set up");
        return Ok(Report {
            registered: 0,
            lists: polls::run::<_, List>(store, &[], now).await?,
        });
    };
    let registered = repair(&connected).await;
    let pooled = store.pool.list(ResourceKind::LinkedinSeat).await?;
    let lists: Vec<_> = pooled
        .iter()
        .filter_map(|pooled| seats::of(&pooled.resource, &connected.unipile))
        .flat_map(|seat| [List::SeatMessages(seat.clone()), List::SeatRelations(seat)])
        .map(|list| (list.feed(), list))
        .collect();
    Ok(Report {
        registered,
        lists: polls::run(store, &lists, now).await?,
    })
}

/// Sees to it that the provider tells us what happens. While it can not, the lists do.
async fn repair(connected: &Connected) -> usize {
    let Some(secret) = &connected.webhook_secret else {
        tracing::error!("the secret of unipile has no webhook_secret, so no webhook is taken");
        return 0;
    };
    let repaired = connected
        .unipile
        .repair_webhooks(&connected.webhook_url, secret)
        .await;
    match repaired {
        Ok(0) => 0,
        Ok(made) => {
            tracing::warn!(made, "webhooks were not registered and are now");
            made
        }
        Err(error) => {
            tracing::warn!(%error, "webhooks could not be checked");
            0
        }
    }
}
