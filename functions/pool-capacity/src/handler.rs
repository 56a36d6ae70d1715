//! Reports, alerts and counts what the check of the pool found (POOL-3, ED-004). Buys and allocates nothing.

use chrono::{DateTime, Utc};
use touchline_domain::sending::limits::Health;
use touchline_engine::{
    announce::DomainEvent,
    pool::{self, Report, ResourcePool},
};
use touchline_runtime::{announcements::Announcements, lambda::Failure, metrics::Metrics};

/// Checks the pool.
///
/// # Errors
/// The pool cannot be read.
pub async fn handle<P: ResourcePool>(
    pool: &P,
    announcements: &Announcements,
    now: DateTime<Utc>,
) -> Result<Report, Failure> {
    let report = pool::check(pool, now).await?;
    for checked in &report.buffers {
        let (kind, stock, wanted) = (checked.kind, checked.stock, checked.wanted);
        if checked.alert {
            tracing::error!(%kind, available = stock.available, wanted, "pool is low");
            announcements.note(DomainEvent::PoolLow {
                kind,
                available: stock.available,
                wanted,
            });
        }
        Metrics::new()
            .dimension("Kind", kind.to_string())
            .count("PoolAvailable", stock.available)
            .count("PoolShortfall", checked.shortfall)
            .emit(now);
    }
    for (domain, health) in &report.unhealthy {
        match health {
            Health::Critical => tracing::error!(%domain, "domain is critical and sends nothing"),
            Health::Warning | Health::Good => tracing::warn!(%domain, "domain sends less"),
        }
    }
    tracing::info!(
        alerts = report.buffers.iter().filter(|b| b.alert).count(),
        "pool checked"
    );
    Ok(report)
}
