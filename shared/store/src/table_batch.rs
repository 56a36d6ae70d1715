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
/// Calls in flight at a time, each on a connection of its own.
const CONCURRENCY: usize = 32;
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
        let keys = keys.into_iter().map(key_of);
        let found: Vec<Vec<Item>> = futures::stream::iter(chunks(keys, GET_CHUNK))
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

    /// Writes whole items over whatever is there. No key may come twice. An item is made when its turn comes, so only
    /// those of the calls in flight are in memory.
    pub(crate) async fn batch_put(
        &self,
        what: &'static str,
        items: impl Iterator<Item = Result<Item, PortError>>,
    ) -> Result<(), PortError> {
        futures::stream::iter(chunks(items, WRITE_CHUNK))
            .map(|chunk| self.write_chunk(what, chunk))
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await
    }

    async fn write_chunk(
        &self,
        what: &'static str,
        items: Vec<Result<Item, PortError>>,
    ) -> Result<(), PortError> {
        let mut requests = Vec::with_capacity(items.len());
        for item in items {
            let put = PutRequest::builder().set_item(Some(item?)).build();
            let put = put.map_err(|error| PortError::Unavailable {
                what,
                cause: Box::new(error),
            })?;
            requests.push(WriteRequest::builder().put_request(put).build());
        }
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

/// `items` in chunks of at most `size`, each taken from the iterator when it is asked for.
fn chunks<T>(mut items: impl Iterator<Item = T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        let chunk: Vec<T> = items.by_ref().take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

async fn pause_before(attempt: u32) {
    if let Some(doublings) = attempt.checked_sub(1) {
        tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(doublings)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_hold_every_item_once_and_in_order() {
        let taken: Vec<Vec<u8>> = chunks(0..5, 2).collect();
        assert_eq!(taken, [vec![0, 1], vec![2, 3], vec![4]]);
        assert_eq!(chunks(0..0, 2).count(), 0);
    }
}
