//! In which order resources are given out, pure (POOL-2): warmed first, then higher reputation, then older.

use std::cmp::Ordering;

use chrono::NaiveDate;
use touchline_domain::sending::resource::{Reputation, Resource, ResourceKind};

/// The first day on which a resource of a kind sends its full limit, counting the first day of its warm-up as day 1
/// (VO-008, LI-005).
fn full_from_day(kind: ResourceKind) -> i64 {
    match kind {
        ResourceKind::EmailDomain | ResourceKind::Mailbox => 22,
        ResourceKind::PhoneNumber => 7,
        ResourceKind::LinkedinSeat => 12,
    }
}

/// The better one first.
pub(crate) fn by_preference(a: &Resource, b: &Resource, today: NaiveDate) -> Ordering {
    let warmed = |r: &Resource| (today - r.warm_up_started).num_days() + 1 >= full_from_day(r.kind);
    warmed(b)
        .cmp(&warmed(a))
        .then_with(|| harm(&a.reputation, &b.reputation))
        .then_with(|| a.warm_up_started.cmp(&b.warm_up_started))
        .then_with(|| a.id.cmp(&b.id))
}

/// Fewer complaints first, then fewer bounces, as shares of what was sent; compared as products, without rounding.
fn harm(a: &Reputation, b: &Reputation) -> Ordering {
    share(a.complained, a.sent, b.complained, b.sent)
        .then_with(|| share(a.bounced, a.sent, b.bounced, b.sent))
}

fn share(bad_a: u32, sent_a: u32, bad_b: u32, sent_b: u32) -> Ordering {
    let (sent_a, sent_b) = (u64::from(sent_a.max(1)), u64::from(sent_b.max(1)));
    (u64::from(bad_a) * sent_b).cmp(&(u64::from(bad_b) * sent_a))
}

#[cfg(test)]
mod tests {
    use touchline_domain::{events::Provider, sending::resource::ResourceStatus};

    use super::*;

    fn domain(id: &str, started: &str, bounced: u32) -> Resource {
        Resource {
            id: id.parse().unwrap(),
            kind: ResourceKind::EmailDomain,
            status: ResourceStatus::Available,
            tenant: None,
            persona: None,
            address: format!("{id}.example"),
            domain: None,
            provider: Provider::Resend,
            zone: "Australia/Sydney".parse().unwrap(),
            warm_up_started: started.parse().unwrap(),
            reputation: Reputation {
                sent: 1_000,
                bounced,
                complained: 0,
            },
        }
    }

    #[test]
    fn pool_2_warmed_comes_first_then_reputation_then_age() {
        let today = "2026-11-20".parse().unwrap();
        let mut all = [
            domain("cold-but-clean", "2026-11-10", 0),
            domain("warm-young", "2026-10-20", 5),
            domain("warm-old", "2026-09-01", 5),
            domain("warm-clean", "2026-10-25", 1),
        ];
        all.sort_by(|a, b| by_preference(a, b, today));
        let ids: Vec<&str> = all.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(
            ids,
            ["warm-clean", "warm-old", "warm-young", "cold-but-clean"]
        );
    }

    #[test]
    fn a_domain_is_warmed_on_its_twenty_second_day() {
        let (day_22, day_21) = (domain("d1", "2026-10-30", 9), domain("d2", "2026-10-31", 0));
        assert_eq!(
            by_preference(&day_22, &day_21, "2026-11-20".parse().unwrap()),
            Ordering::Less
        );
    }
}
