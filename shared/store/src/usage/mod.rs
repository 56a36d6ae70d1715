//! Daily and minute limits. All counters of a tenant's day on a channel are one item, so one conditional write takes a unit from the
//! resource, its domain and the tenant at once, and no interleaving exceeds any of them (invariant 5).

mod choice;
mod take;

use std::{sync::Arc, time::Duration};

use aws_sdk_dynamodb::Client;
use touchline_domain::ids::ResourceId;
use touchline_engine::ports::{Capacity, PortError, Reservation, Reserved};
use touchline_runtime::cache::TtlCache;

use self::{
    choice::{Choice, Day, DayKey},
    take::Taken,
};
use crate::{
    error::{Incomplete, incomplete},
    keys,
    names::Given,
    table::{Read, Table, of},
    tenants::Tenants,
};

/// What was last seen of a day is good enough to choose by for this long; the write checks it anyway.
const SEEN_MAX_AGE: Duration = Duration::from_secs(600);
/// A refused write brings fresh counters, so this many tries without an end mean many writers at once.
const TRIES: usize = 24;

/// Counts what is used, in the tenants table.
#[derive(Clone, Debug)]
pub struct Usage {
    table: Table<of::Tenants>,
    tenants: Tenants,
    seen: Arc<TtlCache<DayKey, Day>>,
}

impl Usage {
    /// The counters in the tenants table called `table`.
    #[must_use]
    pub fn new(db: Client, table: impl Into<Given>) -> Self {
        let table: Given = table.into();
        Self {
            tenants: Tenants::new(db.clone(), table.clone()),
            table: Table::new(db, table),
            seen: Arc::new(TtlCache::new(SEEN_MAX_AGE)),
        }
    }

    /// Takes a unit by the counters: chooses, writes, and where the write was refused chooses again by what it found.
    async fn take_one(&self, wish: &Reservation) -> Result<Reserved, PortError> {
        let key = (wish.tenant.clone(), wish.date, wish.channel);
        let (mut day, mut fresh) = match self.seen.get(&key) {
            Some(day) => (day, false),
            None => (self.read_day(wish).await?, true),
        };
        for _ in 0..TRIES {
            let began = self.seen.begin();
            match day.choose(wish) {
                Choice::Nobody(answer) if fresh => return Ok(answer),
                Choice::Nobody(_) => day = self.read_day(wish).await?,
                Choice::Take(position, minute) => {
                    let Some(candidate) = wish.candidates.get(position) else {
                        break;
                    };
                    match self.take(wish, candidate, minute).await? {
                        Taken::Yes(after) => {
                            self.seen.put(key, after, began);
                            return Ok(Reserved::By(candidate.resource.clone()));
                        }
                        Taken::No(found) => day = found,
                    }
                }
            }
            fresh = true;
            self.seen.put(key.clone(), day.clone(), began);
        }
        Err(incomplete("capacity", Incomplete::Contended))
    }

    async fn read_day(&self, wish: &Reservation) -> Result<Day, PortError> {
        let key = keys::usage(&wish.tenant, wish.date, wish.channel);
        let item = self.table.get("usage", key, Read::Consistent).await?;
        Day::of(&item.unwrap_or_default())
    }

    async fn count_price(&self, wish: &Reservation) -> Result<(), PortError> {
        let Some(campaign) = &wish.campaign else {
            return Ok(());
        };
        self.tenants
            .spend(&wish.tenant, campaign, wish.date, wish.price)
            .await
    }
}

impl Capacity for Usage {
    /// A unit that was taken and whose answer never came, or whose price could not be counted, stays taken: a limit
    /// may not be reached, it is never exceeded.
    async fn reserve(&self, wish: &Reservation) -> Result<Reserved, PortError> {
        let reserved = self.take_one(wish).await?;
        if matches!(reserved, Reserved::By(_)) {
            self.count_price(wish).await?;
        }
        Ok(reserved)
    }

    async fn release(&self, wish: &Reservation, resource: &ResourceId) -> Result<(), PortError> {
        let Some(candidate) = wish.candidates.iter().find(|c| c.resource == *resource) else {
            return Ok(());
        };
        self.give_back(wish, candidate).await
    }
}
