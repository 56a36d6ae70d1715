//! How far each shard of the due index has been queued. Moved only from where it was read, so two ticks at once can
//! not both move it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use touchline_engine::ports::{PortError, Saved, Watermark};

use super::Ledger;
use crate::{
    item::{attribute, decode, encode, text},
    keys,
    table::Read,
};

/// A watermark as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    queued_until: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    queued_page: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    swept_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    swept_page: Option<String>,
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
            page: stored.queued_page,
            swept_at: stored.swept_at,
            sweep_page: stored.swept_page,
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
            queued_page: to.page,
            swept_at: to.swept_at,
            swept_page: to.sweep_page,
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

/// The condition that everything is still what it was, what was absent included.
fn still(from: Watermark) -> Result<(String, HashMap<String, AttributeValue>), PortError> {
    let time = |time: Option<DateTime<Utc>>| time.map(|time| attribute("watermark", &time));
    let parts = [
        ("queued_until", time(from.until).transpose()?),
        ("queued_page", from.page.map(text)),
        ("swept_at", time(from.swept_at).transpose()?),
        ("swept_page", from.sweep_page.map(text)),
    ];
    let mut values = HashMap::new();
    let mut conditions = Vec::new();
    for (name, value) in parts {
        match value {
            Some(value) => {
                conditions.push(format!("{name} = :{name}"));
                values.insert(format!(":{name}"), value);
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
            "attribute_not_exists(queued_until) AND attribute_not_exists(queued_page) AND \
             attribute_not_exists(swept_at) AND attribute_not_exists(swept_page)"
        );
        assert!(values.is_empty());
        let read = Watermark {
            until: Some(crate::samples::now()),
            page: Some("2026-11-20T22:14:00Z|acme#lead".to_owned()),
            ..Watermark::default()
        };
        let (condition, values) = still(read).unwrap();
        assert_eq!(
            condition,
            "queued_until = :queued_until AND queued_page = :queued_page AND \
             attribute_not_exists(swept_at) AND attribute_not_exists(swept_page)"
        );
        assert_eq!(values.len(), 2);
    }
}
