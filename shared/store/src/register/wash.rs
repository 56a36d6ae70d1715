//! The register's answers, one for each number and the same for every tenant (DNC-1). An older answer never replaces a
//! newer one.

use chrono::{DateTime, NaiveDate, Utc};
use touchline_domain::{contact::E164, sending::register::WashResult};
use touchline_engine::ports::PortError;

use super::{Register, WASH, hash_of, wash_in};
use crate::{
    error::{corrupt, unavailable},
    item::{attribute, key_of, number, required_text, text},
    keys,
    table::{Range, Read},
};

/// The number, so that a bucket can be washed again.
const NUMBER: &str = "e164";

/// Some numbers, and behind which sort key to go on.
pub type NumberPage = (Vec<E164>, Option<String>);

impl Register {
    /// What is known of a number.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn wash_of(&self, number: &E164) -> Result<Option<WashResult>, PortError> {
        let key = keys::address(&hash_of(number));
        let item = self
            .table
            .get("register's answer", key, Read::Consistent)
            .await?;
        wash_in(&item.unwrap_or_default())
    }

    /// Keeps an answer; one that is newer already stays. The day's bucket is written first: an entry without an answer
    /// is harmless, an answer without an entry would never be washed again (DNC-2).
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn save_wash(&self, e164: &E164, result: WashResult) -> Result<(), PortError> {
        let hash = hash_of(e164);
        let mut entry = key_of(keys::washed(result.washed_at.date_naive(), &hash));
        entry.insert(NUMBER.to_owned(), text(e164.as_str()));
        self.table.put("bucket of washed numbers", entry).await?;
        let written = self
            .table
            .update()?
            .set_key(Some(key_of(keys::address(&hash))))
            .update_expression("SET #wash = :wash, washed_ms = :ms")
            .condition_expression("attribute_not_exists(washed_ms) OR washed_ms < :ms")
            .expression_attribute_names("#wash", WASH)
            .expression_attribute_values(":wash", attribute("register's answer", &result)?)
            .expression_attribute_values(":ms", number(result.washed_at.timestamp_millis()))
            .send()
            .await;
        match written {
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Ok(())
            }
            other => other.map(|_| ()).map_err(unavailable("register's answer")),
        }
    }

    /// Numbers that were washed on a day, some of them again since: whoever washes looks at the answer first.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn washed_on(
        &self,
        date: NaiveDate,
        from: Option<String>,
        limit: u32,
    ) -> Result<NumberPage, PortError> {
        const WHAT: &str = "bucket of washed numbers";
        let pk = keys::washed_on(date);
        let page = self
            .table
            .page(WHAT, &pk, Range::All, Read::Eventual, Some(limit), from)
            .await?;
        let numbers = page.items.iter().map(|item| {
            let value = required_text(WHAT, item, NUMBER)?;
            value
                .parse()
                .map_err(|_| corrupt(WHAT, NUMBER, value, "not an E.164 number"))
        });
        Ok((numbers.collect::<Result<_, _>>()?, page.next))
    }

    /// The time since which a number's answer holds, for reports.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn washed_at(&self, number: &E164) -> Result<Option<DateTime<Utc>>, PortError> {
        Ok(self.wash_of(number).await?.map(|result| result.washed_at))
    }
}
