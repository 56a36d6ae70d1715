//! The pool's buffer: is enough left to give to the next tenants? (POOL-3). Allocates nothing.

use serde::Serialize;

use super::resource::ResourceKind;

/// Available resources of each kind, as a percentage of the assigned ones, below which the buffer is too small
/// (POOL-3).
pub const BUFFER_PERCENT: u32 = 40;
/// Fewest days until a new domain can send in full (POOL-3).
pub const DOMAIN_WARM_UP_DAYS_MIN: u32 = 16;
/// Most days until a new domain can send in full (POOL-3).
pub const DOMAIN_WARM_UP_DAYS_MAX: u32 = 23;

/// Resources of one kind, counted by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stock {
    /// Ready to be assigned.
    pub available: u32,
    /// Being warmed up.
    pub warming: u32,
    /// Ordered.
    pub purchasing: u32,
    /// Working for a tenant.
    pub assigned: u32,
    /// Kept for tenants that left.
    pub held: u32,
    /// Paused.
    pub paused: u32,
}

/// The state of the buffer for one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BufferReport {
    /// The kind.
    pub kind: ResourceKind,
    /// The resources there are.
    pub stock: Stock,
    /// Resources that should be available.
    pub wanted: u32,
    /// Resources missing, after those already on their way.
    pub shortfall: u32,
    /// Whether operators have to be told: fewer are available than there should be.
    pub alert: bool,
    /// Days until nothing is left at the given rate; absent when nothing is being assigned.
    pub runs_dry_in_days: Option<u32>,
    /// The pool runs dry before a resource that is bought today can send.
    pub too_late_to_buy: bool,
}

/// Checks one kind. `assigned_last_30_days` is the rate at which resources are given out.
#[must_use]
pub fn buffer(kind: ResourceKind, stock: Stock, assigned_last_30_days: u32) -> BufferReport {
    let wanted = (stock.assigned * BUFFER_PERCENT).div_ceil(100);
    let coming = stock.available + stock.warming + stock.purchasing;
    let runs_dry_in_days =
        (assigned_last_30_days > 0).then(|| stock.available * 30 / assigned_last_30_days);
    let lead_time = match kind {
        ResourceKind::EmailDomain | ResourceKind::Mailbox => DOMAIN_WARM_UP_DAYS_MAX,
        ResourceKind::PhoneNumber | ResourceKind::LinkedinSeat => 1,
    };
    BufferReport {
        kind,
        stock,
        wanted,
        shortfall: wanted.saturating_sub(coming),
        alert: stock.available < wanted,
        runs_dry_in_days,
        too_late_to_buy: runs_dry_in_days.is_some_and(|days| days < lead_time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pool_3_the_buffer_is_forty_per_cent_of_what_is_assigned_rounded_up() {
        let report = |assigned, available| {
            buffer(
                ResourceKind::EmailDomain,
                Stock {
                    assigned,
                    available,
                    ..Stock::default()
                },
                0,
            )
        };
        assert_eq!(report(10, 4).wanted, 4);
        assert!(!report(10, 4).alert);
        assert_eq!(report(11, 4).wanted, 5);
        assert!(report(11, 4).alert);
        assert_eq!(report(11, 4).shortfall, 1);
    }

    #[test]
    fn pool_3_what_is_on_its_way_is_not_bought_again() {
        let stock = Stock {
            assigned: 10,
            available: 1,
            warming: 2,
            purchasing: 1,
            ..Stock::default()
        };
        let report = buffer(ResourceKind::EmailDomain, stock, 0);
        assert!(report.alert);
        assert_eq!(report.shortfall, 0);
    }

    #[test]
    fn pool_3_the_report_knows_how_long_a_domain_takes_to_warm() {
        let stock = Stock {
            assigned: 30,
            available: 12,
            ..Stock::default()
        };
        let report = buffer(ResourceKind::EmailDomain, stock, 20);
        assert_eq!(report.runs_dry_in_days, Some(18));
        assert!(report.too_late_to_buy);
    }
}
