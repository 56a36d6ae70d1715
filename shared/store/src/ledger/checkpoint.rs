//! Where a long import goes on (HUB-1): one record an upload, with a version, so that of two runs over one file only
//! one gets ahead.

use std::collections::HashMap;

use serde::{Serialize, de::DeserializeOwned};
use touchline_domain::ids::{TenantId, UploadId};
use touchline_engine::ports::{PortError, Saved};

use super::Ledger;
use crate::{
    item::{counter, decode, encode, number},
    keys,
    table::{IF_NEW, Read},
};

/// Counts the writes of a checkpoint.
const VERSION: &str = "checkpoint_version";

impl Ledger {
    /// The checkpoint of an upload and its version; `None` before the first.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn checkpoint<T: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        upload: &UploadId,
    ) -> Result<Option<(T, u64)>, PortError> {
        let item = self
            .table
            .get(
                "checkpoint",
                keys::checkpoint(tenant, upload),
                Read::Consistent,
            )
            .await?;
        let Some(item) = item else { return Ok(None) };
        let version = u64::try_from(counter("checkpoint", &item, VERSION)?).unwrap_or(0);
        Ok(Some((decode("checkpoint", item)?, version)))
    }

    /// Writes a checkpoint over version `expected` (0: none yet); it then has version `expected + 1`. `T` has no
    /// field called `checkpoint_version`.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn save_checkpoint<T: Serialize>(
        &self,
        tenant: &TenantId,
        upload: &UploadId,
        checkpoint: &T,
        expected: u64,
    ) -> Result<Saved, PortError> {
        let mut item = encode("checkpoint", keys::checkpoint(tenant, upload), checkpoint)?;
        item.insert(VERSION.to_owned(), number(expected + 1));
        let written = if expected == 0 {
            self.table
                .put_if("checkpoint", item, IF_NEW, HashMap::new())
                .await?
        } else {
            let values = HashMap::from([(":expected".to_owned(), number(expected))]);
            self.table
                .put_if("checkpoint", item, "checkpoint_version = :expected", values)
                .await?
        };
        Ok(if written.is_written() {
            Saved::Written
        } else {
            Saved::Conflict
        })
    }
}
