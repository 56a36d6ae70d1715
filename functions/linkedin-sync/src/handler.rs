//! Reads the lists of every seat that works for a tenant and reports what they held.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Serialize;
use touchline_domain::{
    events,
    sending::resource::{Resource, ResourceKind, ResourceStatus},
};
use touchline_engine::{poll, pool::ResourcePool as _, ports::PortError};
use touchline_providers::{
    lists::{List, Seat},
    unipile::Unipile,
};
use touchline_runtime::lambda::Failure;
use touchline_wiring::{read_lists, run::Function};

/// What a run did.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Webhooks that were not registered any more and are again (LA-018).
    pub registered: usize,
    /// What the lists held.
    #[serde(flatten)]
    pub lists: poll::Report,
}

/// Queues what the seats' lists hold and no earlier run has queued.
///
/// # Errors
/// The pool or the secret cannot be read, or no list could be read for a fault of ours.
pub async fn handle(function: &Function, now: DateTime<Utc>) -> Result<Report, Failure> {
    let store = &function.store;
    let Some((unipile, secret)) = function.providers.unipile().await? else {
        tracing::debug!("no provider of seats is set up");
        return Ok(Report {
            registered: 0,
            lists: read_lists(store, Vec::new(), now).await?,
        });
    };
    let registered = repair(&unipile, secret.as_ref(), function.config.public_url()?).await;
    let lists = seats(function, &unipile).await?;
    Ok(Report {
        registered,
        lists: read_lists(store, lists, now).await?,
    })
}

async fn seats(function: &Function, unipile: &Unipile) -> Result<Vec<List>, PortError> {
    let pooled = function.store.pool.list(ResourceKind::LinkedinSeat).await?;
    let seats = pooled
        .iter()
        .filter_map(|pooled| seat(&pooled.resource, unipile));
    Ok(seats
        .flat_map(|seat| [List::SeatMessages(seat.clone()), List::SeatRelations(seat)])
        .collect())
}

/// The seat, if it is a tenant's and connected through Unipile. A paused one is read as well: who answers it has to be
/// heard.
fn seat(resource: &Resource, unipile: &Unipile) -> Option<Seat> {
    let connected = matches!(
        resource.status,
        ResourceStatus::Assigned | ResourceStatus::Paused | ResourceStatus::Held
    );
    let ours = connected && resource.provider == events::Provider::Unipile;
    let tenant = resource.tenant.clone().filter(|_| ours)?;
    Some(Seat {
        unipile: unipile.clone(),
        account: resource.address.clone(),
        tenant,
    })
}

/// Sees to it that the provider tells us what happens. While it cannot, the lists do.
async fn repair(unipile: &Unipile, secret: Option<&SecretString>, public_url: &str) -> usize {
    let Some(secret) = secret else {
        tracing::error!("the secret of unipile has no webhook_secret, so no webhook is taken");
        return 0;
    };
    let url = format!("{public_url}/hooks/unipile");
    match unipile.repair_webhooks(&url, secret).await {
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
