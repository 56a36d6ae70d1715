//! Whether any sender did more in a day than it may (invariant 5).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use touchline_domain::{
    channel::Channel,
    ids::ResourceId,
    sending::{
        limits::{Use, per_day, per_tenant_day},
        resource::Resource,
    },
};

use super::{Check, Evidence, Receipt};

/// Who is counted: a resource, or the tenant as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Counted {
    Resource(ResourceId),
    Tenant,
}

pub(super) fn within_daily_limits(evidence: &Evidence, receipts: &[Receipt]) -> Check {
    let mut counts: BTreeMap<(Counted, Channel, NaiveDate), u32> = BTreeMap::new();
    for receipt in receipts {
        let sender = evidence
            .resources
            .iter()
            .find(|r| r.address.eq_ignore_ascii_case(&receipt.from));
        let zone = sender.map_or(evidence.tenant.zone, |r| r.zone);
        let date = zone.local(receipt.at).date();
        let mut count =
            |counted| *counts.entry((counted, receipt.channel, date)).or_default() += receipt.times;
        count(Counted::Tenant);
        if let Some(resource) = sender {
            count(Counted::Resource(resource.id.clone()));
            if let Some(domain) = &resource.domain {
                count(Counted::Resource(domain.clone()));
            }
        }
    }
    Check::of(
        "no sender exceeded its limit on any day",
        counts,
        |((counted, channel, date), count)| {
            let limit = limit_of(evidence, &counted, channel, date)?;
            (count > limit).then(|| {
                format!("{counted:?} sent {count} by {channel} on {date}, more than {limit}")
            })
        },
    )
}

fn limit_of(
    evidence: &Evidence,
    counted: &Counted,
    channel: Channel,
    date: NaiveDate,
) -> Option<u32> {
    match counted {
        Counted::Tenant => per_tenant_day(channel),
        Counted::Resource(id) => {
            let resource: &Resource = evidence.resources.iter().find(|r| r.id == *id)?;
            // The most that was ever allowed that day: answers may draw on the reserve, and a reputation that fell
            // since then does not make earlier messages wrong.
            let fresh = Resource {
                reputation: touchline_domain::sending::resource::Reputation::default(),
                ..resource.clone()
            };
            Some(per_day(&fresh, channel, date, Use::Answer))
        }
    }
}
