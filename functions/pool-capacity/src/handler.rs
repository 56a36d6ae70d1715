//! Compares what is available with what is assigned, for each kind, and looks at the health of sending domains (POOL-3,
//! ED-004). Reports, alerts and counts; buys and allocates nothing.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use strum::IntoEnumIterator as _;
use touchline_domain::{
    ids::ResourceId,
    sending::{
        limits::Health,
        pool::{BufferReport, Stock, buffer},
        resource::{ResourceKind, ResourceStatus},
    },
};
use touchline_engine::announce::DomainEvent;
use touchline_runtime::{announcements::Announcements, lambda::Failure, metrics::Metrics};
use touchline_store::{Store, pool::Pooled};

/// Over how many days the rate of assignments is taken.
const RATE_DAYS: i64 = 30;

/// What the check found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The buffer of each kind.
    pub buffers: Vec<BufferReport>,
    /// Domains that send less, or nothing, for their reputation.
    pub unhealthy: Vec<(ResourceId, Health)>,
}

/// Checks the pool.
///
/// # Errors
/// The pool can not be read.
pub async fn handle(
    store: &Store,
    announcements: &Announcements,
    now: DateTime<Utc>,
) -> Result<Report, Failure> {
    let mut report = Report {
        buffers: Vec::new(),
        unhealthy: Vec::new(),
    };
    for kind in ResourceKind::iter() {
        let resources = store.pool.list(kind).await?;
        let recent = resources
            .iter()
            .filter(|r| assigned_since(r, now - TimeDelta::days(RATE_DAYS)))
            .count();
        let checked = buffer(
            kind,
            stock(&resources),
            u32::try_from(recent).unwrap_or(u32::MAX),
        );
        if checked.alert {
            tracing::error!(kind = %kind, available = checked.stock.available, wanted = checked.wanted, "pool is low");
            announcements.note(DomainEvent::PoolLow {
                kind,
                available: checked.stock.available,
                wanted: checked.wanted,
            });
        }
        Metrics::new()
            .dimension("Kind", kind.to_string())
            .count("PoolAvailable", checked.stock.available)
            .count("PoolShortfall", checked.shortfall)
            .emit(now);
        report.buffers.push(checked);
        report.unhealthy.extend(unhealthy(kind, &resources));
    }
    tracing::info!(
        alerts = report.buffers.iter().filter(|b| b.alert).count(),
        "pool checked"
    );
    Ok(report)
}

fn assigned_since(pooled: &Pooled, since: DateTime<Utc>) -> bool {
    pooled.assigned_at.is_some_and(|at| at >= since)
}

fn stock(resources: &[Pooled]) -> Stock {
    let mut stock = Stock::default();
    for pooled in resources {
        match pooled.resource.status {
            ResourceStatus::Available => stock.available += 1,
            ResourceStatus::Warming => stock.warming += 1,
            ResourceStatus::Purchasing => stock.purchasing += 1,
            ResourceStatus::Assigned => stock.assigned += 1,
            ResourceStatus::Held => stock.held += 1,
            ResourceStatus::Paused => stock.paused += 1,
            ResourceStatus::Retired => {}
        }
    }
    stock
}

fn unhealthy(kind: ResourceKind, resources: &[Pooled]) -> Vec<(ResourceId, Health)> {
    if kind != ResourceKind::EmailDomain {
        return Vec::new();
    }
    resources
        .iter()
        .map(|pooled| {
            (
                pooled.resource.id.clone(),
                pooled.resource.reputation.health(),
            )
        })
        .filter(|(_, health)| *health != Health::Good)
        .inspect(|(domain, health)| match health {
            Health::Critical => tracing::error!(%domain, "domain is critical and sends nothing"),
            Health::Warning | Health::Good => tracing::warn!(%domain, "domain sends less"),
        })
        .collect()
}
