//! Compares what is available with what is assigned, for each kind, and looks at the health of sending domains (POOL-3,
//! ED-004).

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

use super::{Pooled, ResourcePool};
use crate::ports::PortError;

/// Over how many days the rate of assignments is taken.
const RATE_DAYS: i64 = 30;

/// What the check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The buffer of each kind.
    pub buffers: Vec<BufferReport>,
    /// Domains that send less, or nothing, for their reputation.
    pub unhealthy: Vec<(ResourceId, Health)>,
}

/// Checks the pool.
///
/// # Errors
/// The pool is not available.
pub async fn check<P: ResourcePool>(pool: &P, now: DateTime<Utc>) -> Result<Report, PortError> {
    let mut report = Report {
        buffers: Vec::new(),
        unhealthy: Vec::new(),
    };
    let since = now - TimeDelta::days(RATE_DAYS);
    for kind in ResourceKind::iter() {
        let resources = pool.list(kind).await?;
        let recent = resources
            .iter()
            .filter(|r| r.assigned_at.is_some_and(|at| at >= since))
            .count();
        let recent = u32::try_from(recent).unwrap_or(u32::MAX);
        report.buffers.push(buffer(kind, stock(&resources), recent));
        if kind == ResourceKind::EmailDomain {
            report.unhealthy.extend(unhealthy(&resources));
        }
    }
    Ok(report)
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

fn unhealthy(domains: &[Pooled]) -> impl Iterator<Item = (ResourceId, Health)> {
    domains
        .iter()
        .map(|pooled| &pooled.resource)
        .map(|domain| (domain.id.clone(), domain.reputation.health()))
        .filter(|(_, health)| *health != Health::Good)
}
