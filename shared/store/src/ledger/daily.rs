//! Daily allowances that are no sending limits: skip traces of a tenant (ENR-2), purchases of the platform (POOL-3).

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use touchline_domain::ids::TenantId;
use touchline_engine::ports::PortError;

use super::{Ledger, TTL, expiry};
use crate::{
    error::unavailable,
    item::{key_of, number},
    keys,
};

/// Kept for reports, then forgotten.
const KEEP_DAYS: i64 = 60;

impl Ledger {
    /// Takes `wanted` of the day's allowance if that many are left; nothing otherwise.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn take_daily(
        &self,
        tenant: Option<&TenantId>,
        name: &str,
        date: NaiveDate,
        wanted: u32,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        let Some(room) = limit.checked_sub(wanted) else {
            return Ok(false);
        };
        let values = HashMap::from([
            (":wanted".to_owned(), number(wanted)),
            (":room".to_owned(), number(room)),
            (
                ":ttl".to_owned(),
                number(expiry(now, Duration::days(KEEP_DAYS))),
            ),
        ]);
        let taken = self
            .table
            .update()?
            .set_key(Some(key_of(keys::daily(tenant, name, date))))
            .update_expression("SET #ttl = :ttl ADD used :wanted")
            .condition_expression("attribute_not_exists(used) OR used <= :room")
            .expression_attribute_names("#ttl", TTL)
            .set_expression_attribute_values(Some(values))
            .send()
            .await;
        match taken {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Ok(false)
            }
            Err(error) => Err(unavailable("daily allowance")(error)),
        }
    }
}
