//! Paid answers about people (ENR-1): whoever asks first pays and keeps the answer for 30 days; whoever asks meanwhile
//! waits, whoever asks later reads.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use serde::{Serialize, de::DeserializeOwned};
use touchline_domain::ids::TenantId;
use touchline_engine::ports::PortError;

use super::{Ledger, TTL, expiry};
use crate::{
    attribute_json::{write_more, write_texts},
    item::{Item, decode_attribute, key_of, number},
    keys::{self, PK, SK},
    table::PutIf,
};

/// A person is not paid for twice within so many days (ENR-1).
const KEEP_DAYS: i64 = 30;
/// Whoever began and ended without an answer blocks the person for so long; a call takes seconds.
const CLAIM_SECS: i64 = 300;
/// The answer, once there is one.
const RESULT: &str = "result";
/// When the entry is over by our own clock: DynamoDB deletes much later. (`ttl` is a word that conditions may not use.)
const EXPIRES: &str = "expires_at";
/// There is nothing, or it is over.
const IF_FREE: &str = "attribute_not_exists(pk) OR expires_at <= :now";

/// What is known of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrichment<T> {
    /// Nothing: it is yours to ask, and to call [`Ledger::save_enrichments`] with the answer.
    Yours,
    /// Somebody else is asking; come back.
    UnderWay,
    /// This was the answer.
    Known(T),
}

impl Ledger {
    /// Looks a person up by the fingerprint of what identifies them, and claims the question if nobody has asked.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn begin_enrichment<T: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        fingerprint: &str,
        now: DateTime<Utc>,
    ) -> Result<Enrichment<T>, PortError> {
        let claim = entry(tenant, fingerprint, now, Duration::seconds(CLAIM_SECS));
        let values = HashMap::from([(":now".to_owned(), number(now.timestamp()))]);
        match self
            .table
            .put_if("enrichment", claim, IF_FREE, values)
            .await?
        {
            PutIf::Written => Ok(Enrichment::Yours),
            PutIf::Refused(found) => match found.get(RESULT) {
                Some(result) => {
                    decode_attribute("enrichment", RESULT, result).map(Enrichment::Known)
                }
                None => Ok(Enrichment::UnderWay),
            },
        }
    }

    /// Keeps answers, also that there is none, each under a fingerprint of its own.
    ///
    /// # Errors
    /// [`PortError`]: some may be written; all of them again does no harm.
    pub async fn save_enrichments<T: Serialize>(
        &self,
        tenant: &TenantId,
        answers: &[(String, T)],
        now: DateTime<Utc>,
    ) -> Result<(), PortError> {
        let expires_at = expiry(now, Duration::days(KEEP_DAYS));
        let items = answers.iter().map(|(fingerprint, result)| {
            let key = keys::enrichment(tenant, fingerprint);
            let kept = Kept {
                ttl: expires_at,
                expires_at,
                result,
            };
            move |out: &mut Vec<u8>| {
                write_texts(out, &[(PK, &key.pk), (SK, &key.sk)])?;
                write_more(out, &kept)
            }
        });
        self.table.batch_put("enrichment", items).await
    }

    /// Gives the question back when it certainly was not asked.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn drop_enrichment(
        &self,
        tenant: &TenantId,
        fingerprint: &str,
        now: DateTime<Utc>,
    ) -> Result<(), PortError> {
        self.table
            .put(
                "enrichment",
                entry(tenant, fingerprint, now, Duration::zero()),
            )
            .await
    }
}

/// What an answer has beside its key, under the names of [`TTL`], [`EXPIRES`] and [`RESULT`].
#[derive(Serialize)]
struct Kept<'a, T> {
    ttl: i64,
    expires_at: i64,
    result: &'a T,
}

fn entry(tenant: &TenantId, fingerprint: &str, now: DateTime<Utc>, lasts: Duration) -> Item {
    let expires_at = expiry(now, lasts);
    let mut item = key_of(keys::enrichment(tenant, fingerprint));
    item.insert(TTL.to_owned(), number(expires_at));
    item.insert(EXPIRES.to_owned(), number(expires_at));
    item
}
