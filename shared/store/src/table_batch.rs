//! Reads and writes of many items by key: 100 and 25 a call, several calls at a time, and what DynamoDB leaves
//! unprocessed is asked for again. Refuses to answer half: it is everything or an error.

use std::time::Duration;

use aws_sdk_dynamodb::types::{KeysAndAttributes, PutRequest, WriteRequest};
use futures::{StreamExt, TryStreamExt};
use touchline_engine::ports::PortError;

use crate::{
    error::{Incomplete, incomplete, unavailable},
    item::{Item, key_of},
    keys::Key,
    table::{Read, Table},
};

/// `BatchGetItem` takes so many keys.
pub(crate) const GET_CHUNK: usize = 100;
/// `BatchWriteItem` takes so many items.
pub(crate) const WRITE_CHUNK: usize = 25;
/// Calls in flight at a time.
const CONCURRENCY: usize = 8;
/// What is left unprocessed is asked for this often.
const TRIES: u32 = 8;
/// The pause before the second try; it doubles. DynamoDB asks for it, since an immediate try meets the same limit.
const FIRST_PAUSE: Duration = Duration::from_millis(25);

impl Table {
    /// The items that exist under `keys`, in no order. No key may come twice.
    pub(crate) async fn batch_get(
        &self,
        what: &'static str,
        keys: Vec<Key>,
        read: Read,
    ) -> Result<Vec<Item>, PortError> {
        let chunks: Vec<Vec<Item>> = keys
            .chunks(GET_CHUNK)
            .map(|chunk| chunk.iter().cloned().map(key_of).collect())
            .collect();
        let found: Vec<Vec<Item>> = futures::stream::iter(chunks)
            .map(|chunk| self.get_chunk(what, chunk, read))
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn get_chunk(
        &self,
        what: &'static str,
        mut keys: Vec<Item>,
        read: Read,
    ) -> Result<Vec<Item>, PortError> {
        let mut found = Vec::with_capacity(keys.len());
        for attempt in 0..TRIES {
            pause_before(attempt).await;
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(keys))
                .consistent_read(read == Read::Consistent)
                .build()
                .map_err(|error| PortError::Unavailable {
                    what,
                    cause: Box::new(error),
                })?;
            let mut answer = self
                .db()
                .batch_get_item()
                .request_items(self.name(), wanted)
                .send()
                .await
                .map_err(unavailable(what))?;
            found.extend(
                answer
                    .responses
                    .as_mut()
                    .and_then(|all| all.remove(self.name()))
                    .unwrap_or_default(),
            );
            keys = answer
                .unprocessed_keys
                .and_then(|mut all| all.remove(self.name()))
                .map_or(Vec::new(), |k| k.keys);
            if keys.is_empty() {
                return Ok(found);
            }
        }
        Err(incomplete(what, Incomplete::Refused(keys.len())))
    }

    /// Writes whole items over whatever is there. No key may come twice.
    pub(crate) async fn batch_put(
        &self,
        what: &'static str,
        items: Vec<Item>,
    ) -> Result<(), PortError> {
        let mut requests = Vec::with_capacity(items.len());
        for item in items {
            let put = PutRequest::builder().set_item(Some(item)).build();
            let put = put.map_err(|error| PortError::Unavailable {
                what,
                cause: Box::new(error),
            })?;
            requests.push(WriteRequest::builder().put_request(put).build());
        }
        let chunks: Vec<Vec<WriteRequest>> =
            requests.chunks(WRITE_CHUNK).map(<[_]>::to_vec).collect();
        futures::stream::iter(chunks)
            .map(|chunk| self.write_chunk(what, chunk))
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await
    }

    async fn write_chunk(
        &self,
        what: &'static str,
        mut requests: Vec<WriteRequest>,
    ) -> Result<(), PortError> {
        for attempt in 0..TRIES {
            pause_before(attempt).await;
            let answer = self
                .db()
                .batch_write_item()
                .request_items(self.name(), requests)
                .send()
                .await
                .map_err(unavailable(what))?;
            requests = answer
                .unprocessed_items
                .and_then(|mut all| all.remove(self.name()))
                .unwrap_or_default();
            if requests.is_empty() {
                return Ok(());
            }
        }
        Err(incomplete(what, Incomplete::Refused(requests.len())))
    }
}

async fn pause_before(attempt: u32) {
    if let Some(doublings) = attempt.checked_sub(1) {
        tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(doublings)).await;
    }
}
