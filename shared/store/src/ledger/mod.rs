//! What the machinery remembers for a while: watermarks, breakers, import checkpoints, paid answers, wash batches,
//! daily counters. Entries that may be forgotten carry `ttl`, the second at which DynamoDB may delete them; it does so
//! days later, so nobody relies on it being gone.

mod breaker;
mod checkpoint;
mod daily;
mod enrichment;
mod poll;
mod watermark;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use chrono::{DateTime, Duration, Utc};
use touchline_domain::events::Provider;
use touchline_engine::ports::PortError;
use touchline_runtime::cache::TtlCache;

use self::breaker::{SEEN_MAX_AGE, State};
pub use self::enrichment::Enrichment;
use crate::{
    item::{attribute, key_of, number},
    keys,
    names::Given,
    table::{Table, of},
};

/// The attribute that DynamoDB deletes by.
const TTL: &str = "ttl";
/// A register forgets a batch long before.
const WASH_BATCH_DAYS: i64 = 30;

/// Access to the ledger table.
#[derive(Clone, Debug)]
pub struct Ledger {
    table: Table<of::Ledger>,
    breakers: Arc<TtlCache<Provider, State>>,
}

impl Ledger {
    /// The table called `table`; a function that was not given it has none.
    #[must_use]
    pub fn new(db: Client, table: impl Into<Given>) -> Self {
        Self {
            table: Table::new(db, table),
            breakers: Arc::new(TtlCache::new(SEEN_MAX_AGE)),
        }
    }

    /// Notes that a batch is being submitted to a register; `false` if it was noted before.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn begin_batch(
        &self,
        reference: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        const WHAT: &str = "wash batch";
        let mut item = key_of(keys::wash_batch(reference));
        item.insert("begun_at".to_owned(), attribute(WHAT, &now)?);
        item.insert(
            TTL.to_owned(),
            number(expiry(now, Duration::days(WASH_BATCH_DAYS))),
        );
        self.table.put_if_new(WHAT, item).await
    }
}

/// The second at which an entry may go.
fn expiry(now: DateTime<Utc>, after: Duration) -> i64 {
    (now + after).timestamp()
}
