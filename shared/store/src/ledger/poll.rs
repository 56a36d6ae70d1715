//! How far each list of a provider has been read: one record a list, with a version, so that of two readings at once only
//! one gets ahead.

use std::collections::HashMap;

use touchline_engine::{
    poll::{Feed, Mark},
    ports::{PortError, Saved},
};

use super::Ledger;
use crate::{
    item::{counter, decode, encode, number},
    keys::{self, Key},
    table::{IF_NEW, Read},
};

/// Counts the writes of a mark.
const VERSION: &str = "mark_version";
const WHAT: &str = "poll mark";

impl Ledger {
    /// The mark of a list and its version; empty and 0 before the first.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn poll_mark(&self, feed: &Feed) -> Result<(Mark, u64), PortError> {
        let item = self.table.get(WHAT, key(feed), Read::Consistent).await?;
        let Some(item) = item else {
            return Ok((Mark::default(), 0));
        };
        let version = u64::try_from(counter(WHAT, &item, VERSION)?).unwrap_or(0);
        Ok((decode(WHAT, item)?, version))
    }

    /// Writes a mark over version `expected`; it then has version `expected + 1`.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn save_poll_mark(
        &self,
        feed: &Feed,
        mark: &Mark,
        expected: u64,
    ) -> Result<Saved, PortError> {
        let mut item = encode(WHAT, key(feed), mark)?;
        item.insert(VERSION.to_owned(), number(expected + 1));
        let (condition, values) = match expected {
            0 => (IF_NEW, HashMap::new()),
            _ => (
                "mark_version = :expected",
                HashMap::from([(":expected".to_owned(), number(expected))]),
            ),
        };
        let written = self.table.put_if(WHAT, item, condition, values).await?;
        Ok(if written.is_written() {
            Saved::Written
        } else {
            Saved::Conflict
        })
    }
}

fn key(feed: &Feed) -> Key {
    keys::poll_mark(
        feed.tenant.as_ref(),
        feed.provider,
        feed.list,
        feed.account.as_deref().unwrap_or_default(),
    )
}
