//! Reading the due index. It is eventually consistent, as every index is; whoever acts on an entry reads the journey.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use touchline_domain::ids::{LeadId, TenantId};
use touchline_engine::ports::{DueItem, PortError};

use super::{Leads, names};
use crate::{
    error::{corrupt, unavailable},
    item::{Item, required_text, text},
    keys::{self, JOURNEY, PK, SK},
    table::index,
};

/// Some entries of the due index, and where to go on.
pub type DuePage = (Vec<DueItem>, Option<String>);

/// Sorts before every due time.
const EVER: &str = "0000";

impl Leads {
    /// Up to `limit` entries of a shard with `after < due_at <= until`, in order of time, behind `from_page`.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn due_between(
        &self,
        shard: u8,
        after: Option<DateTime<Utc>>,
        until: DateTime<Utc>,
        from_page: Option<String>,
        limit: u32,
    ) -> Result<DuePage, PortError> {
        let shard = keys::due_shard_name(shard);
        let first = after.map_or(EVER.to_owned(), |after| {
            keys::due_bound(after + chrono::Duration::seconds(1))
        });
        let last = keys::due_bound(until);
        if first > last {
            return Ok((Vec::new(), None));
        }
        let start = from_page
            .map(|token| start_key(&shard, &token))
            .transpose()?;
        // A tick that comes late meets a place behind its own end, which a query refuses to begin at.
        let began = start.as_ref().and_then(|start| start.get(names::DUE_AT));
        if began.is_some_and(|began| began.as_s().is_ok_and(|began| *began > last)) {
            return Ok((Vec::new(), None));
        }
        let answer = self
            .table
            .query_index::<index::Due>()?
            .key_condition_expression("due_shard = :shard AND due_at BETWEEN :first AND :last")
            .projection_expression("pk, due_at, due_channel")
            .expression_attribute_values(":shard", text(&shard))
            .expression_attribute_values(":first", text(first))
            .expression_attribute_values(":last", text(last))
            .set_exclusive_start_key(start)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(unavailable("due index"))?;
        let next = answer
            .last_evaluated_key
            .as_ref()
            .map(page_token)
            .transpose()?;
        let items = answer
            .items
            .unwrap_or_default()
            .iter()
            .map(due_item)
            .collect::<Result<_, _>>()?;
        Ok((items, next))
    }

    /// The ids of all leads of a tenant, for the audit.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn ids(&self, tenant: &TenantId) -> Result<Vec<LeadId>, PortError> {
        const PAGE: u32 = 1_000;
        let mut ids = Vec::new();
        for shard in 0..keys::LIST_SHARDS {
            let mut from = None;
            loop {
                let (page, next) = self.list(tenant, shard, from, PAGE).await?;
                ids.extend(page);
                from = next;
                if from.is_none() {
                    break;
                }
            }
        }
        Ok(ids)
    }

    /// One page of a listing shard of a tenant: lead ids in order, behind `from`.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn list(
        &self,
        tenant: &TenantId,
        shard: u8,
        from: Option<LeadId>,
        limit: u32,
    ) -> Result<(Vec<LeadId>, Option<LeadId>), PortError> {
        let pk = keys::listing(tenant, shard);
        let start = from.map(|lead| {
            let mut start = crate::item::key_of(keys::profile(tenant, &lead));
            start.insert(names::LIST_PK.to_owned(), text(&pk));
            start.insert(names::LIST_SK.to_owned(), text(lead.as_str()));
            start
        });
        let answer = self
            .table
            .query_index::<index::Listing>()?
            .key_condition_expression("list_pk = :pk")
            .projection_expression("list_sk")
            .expression_attribute_values(":pk", text(pk))
            .set_exclusive_start_key(start)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(unavailable("listing"))?;
        let next = answer
            .last_evaluated_key
            .as_ref()
            .map(listed_lead)
            .transpose()?;
        let leads = answer
            .items
            .unwrap_or_default()
            .iter()
            .map(listed_lead)
            .collect::<Result<_, _>>()?;
        Ok((leads, next))
    }
}

fn listed_lead(item: &Item) -> Result<LeadId, PortError> {
    let value = required_text("listing", item, names::LIST_SK)?;
    value
        .parse()
        .map_err(|_| corrupt("listing", names::LIST_SK, value, "not a lead id"))
}

fn due_item(item: &Item) -> Result<DueItem, PortError> {
    const WHAT: &str = "due index";
    let pk = required_text(WHAT, item, PK)?;
    let (tenant, lead) =
        keys::parse_lead(pk).ok_or_else(|| corrupt(WHAT, PK, pk, "not tenant and lead"))?;
    let due_at = required_text(WHAT, item, names::DUE_AT)?;
    let channel = required_text(WHAT, item, names::DUE_CHANNEL)?;
    Ok(DueItem {
        tenant,
        lead,
        due_at: due_at
            .parse()
            .map_err(|_| corrupt(WHAT, names::DUE_AT, due_at, "not a time"))?,
        channel: channel
            .parse()
            .map_err(|_| corrupt(WHAT, names::DUE_CHANNEL, channel, "not a channel"))?,
    })
}

/// `{due_at}|{pk}`: with the shard that is everything a page starts behind.
fn page_token(last: &Item) -> Result<String, PortError> {
    let due_at = required_text("due index", last, names::DUE_AT)?;
    let pk = required_text("due index", last, PK)?;
    Ok(format!("{due_at}|{pk}"))
}

fn start_key(
    shard: &str,
    token: &str,
) -> Result<std::collections::HashMap<String, AttributeValue>, PortError> {
    let (due_at, pk) = token
        .split_once('|')
        .filter(|(_, pk)| keys::parse_lead(pk).is_some())
        .ok_or_else(|| corrupt("page of the due index", "token", token, "not time and lead"))?;
    Ok([
        (PK, pk),
        (SK, JOURNEY),
        (names::DUE_SHARD, shard),
        (names::DUE_AT, due_at),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), text(value)))
    .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_token_leads_back_to_its_key() {
        let tenant: TenantId = "acme".parse().unwrap();
        let pk = keys::lead(&tenant, &LeadId::derive(&tenant, "a@b.co"));
        let last = Item::from([
            (PK.to_owned(), text(&pk)),
            (names::DUE_AT.to_owned(), text("2026-11-20T22:14:00Z")),
        ]);
        let start = start_key("07", &page_token(&last).unwrap()).unwrap();
        assert_eq!(start[PK], text(pk));
        assert_eq!(start[names::DUE_SHARD], text("07"));
        assert!(start_key("07", "nonsense").is_err());
    }
}
