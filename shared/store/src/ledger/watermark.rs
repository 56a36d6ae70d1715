//! How far each shard of the due index has been queued. Moved only from where it was read, so two ticks at once can
//! not both move it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use touchline_engine::ports::{PortError, Saved, Watermark};

use super::Ledger;
use crate::{
    item::{attribute, decode, encode},
    keys,
    table::Read,
};

/// A watermark as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    queued_until: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    swept_at: Option<DateTime<Utc>>,
}

impl Ledger {
    /// The watermark of a shard; empty before the first tick.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn watermark(&self, shard: u8) -> Result<Watermark, PortError> {
        let item = self
            .table
            .get("watermark", keys::watermark(shard), Read::Consistent)
            .await?;
        let stored: Stored = item
            .map(|item| decode("watermark", item))
            .transpose()?
            .unwrap_or_default();
        Ok(Watermark {
            until: stored.queued_until,
            swept_at: stored.swept_at,
        })
    }

    /// Moves it on, if nobody else did.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn move_watermark(
        &self,
        shard: u8,
        from: Watermark,
        to: Watermark,
    ) -> Result<Saved, PortError> {
        let stored = Stored {
            queued_until: to.until,
            swept_at: to.swept_at,
        };
        let item = encode("watermark", keys::watermark(shard), &stored)?;
        let (condition, values) = still(from)?;
        let moved = self
            .table
            .put_if("watermark", item, &condition, values)
            .await?;
        Ok(if moved.is_written() {
            Saved::Written
        } else {
            Saved::Conflict
        })
    }
}

/// The condition that both times are still what they were, absent ones included.
fn still(from: Watermark) -> Result<(String, HashMap<String, AttributeValue>), PortError> {
    let mut values = HashMap::new();
    let mut conditions = Vec::new();
    for (name, time) in [("queued_until", from.until), ("swept_at", from.swept_at)] {
        match time {
            Some(time) => {
                conditions.push(format!("{name} = :{name}"));
                values.insert(format!(":{name}"), attribute("watermark", &time)?);
            }
            None => conditions.push(format!("attribute_not_exists({name})")),
        }
    }
    Ok((conditions.join(" AND "), values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watermark_is_only_moved_from_where_it_was_read() {
        let (condition, values) = still(Watermark::default()).unwrap();
        assert_eq!(
            condition,
            "attribute_not_exists(queued_until) AND attribute_not_exists(swept_at)"
        );
        assert!(values.is_empty());
        let read = Watermark {
            until: Some(crate::samples::now()),
            swept_at: None,
        };
        let (condition, values) = still(read).unwrap();
        assert_eq!(
            condition,
            "queued_until = :queued_until AND attribute_not_exists(swept_at)"
        );
        assert_eq!(values.len(), 1);
    }
}
