//! Reads and writes of many items by key: 100 and 25 a call, several calls at a time, and what DynamoDB leaves
//! unprocessed is asked for again. Refuses to answer half: it is everything or an error.

use std::time::Duration;

use aws_sdk_dynamodb::{
    error::BuildError,
    operation::{
        batch_get_item::builders::BatchGetItemFluentBuilder,
        batch_write_item::builders::BatchWriteItemFluentBuilder,
    },
    types::{KeysAndAttributes, WriteRequest},
};
use futures::{StreamExt, TryStreamExt};
use touchline_engine::ports::PortError;

use crate::{
    attribute_json::NotWritten,
    bulk_request::{self, WriteItem, with_body},
    error::{Incomplete, corrupt, incomplete, unavailable},
    item::Item,
    keys::Key,
    table::{Kind, Read, Table},
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

impl<K: Kind> Table<K> {
    /// The items that exist under `keys`, in no order. No key may come twice.
    pub(crate) async fn batch_get(
        &self,
        what: &'static str,
        keys: &[Key],
        read: Read,
    ) -> Result<Vec<Item>, PortError> {
        let (name, consistent) = (self.name()?, read == Read::Consistent);
        let requests = (0..keys.len()).step_by(GET_CHUNK).map(|from| {
            let some = &keys[from..keys.len().min(from + GET_CHUNK)];
            bulk_request::gets(name, some, consistent)
        });
        let found: Vec<Vec<Item>> = futures::stream::iter(requests)
            .map(|request| self.get_chunk(what, name, request, consistent))
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn get_chunk(
        &self,
        what: &'static str,
        name: &str,
        request: Result<Vec<u8>, NotWritten>,
        consistent: bool,
    ) -> Result<Vec<Item>, PortError> {
        let body = request.map_err(not_written(what))?;
        let first = self.get_some(name, Vec::new(), consistent);
        let first = first.map_err(incomplete_read(what))?;
        let first = first.customize().mutate_request(with_body(body));
        let mut answer = first.send().await.map_err(unavailable(what))?;
        let mut found = Vec::new();
        for attempt in 1..=TRIES {
            found.extend(
                answer
                    .responses
                    .as_mut()
                    .and_then(|all| all.remove(name))
                    .unwrap_or_default(),
            );
            let left = answer
                .unprocessed_keys
                .and_then(|mut all| all.remove(name))
                .map_or(Vec::new(), |k| k.keys);
            if left.is_empty() {
                return Ok(found);
            }
            if attempt == TRIES {
                return Err(incomplete(what, Incomplete::Refused(left.len())));
            }
            pause_before(attempt).await;
            let again = self.get_some(name, left, consistent);
            let again = again.map_err(incomplete_read(what))?;
            answer = again.send().await.map_err(unavailable(what))?;
        }
        Ok(found)
    }

    fn get_some(
        &self,
        name: &str,
        keys: Vec<Item>,
        consistent: bool,
    ) -> Result<BatchGetItemFluentBuilder, BuildError> {
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(consistent)
            .build()?;
        Ok(self.batch_get_item().request_items(name, wanted))
    }

    /// Writes whole items over whatever is there. No key may come twice. An item is written into its request when its
    /// turn comes, so only the requests of the calls in flight are in memory.
    pub(crate) async fn batch_put(
        &self,
        what: &'static str,
        items: impl Iterator<Item = impl WriteItem>,
    ) -> Result<(), PortError> {
        let name = self.name()?;
        let requests = chunks(items, WRITE_CHUNK).map(|items| bulk_request::puts(name, items));
        futures::stream::iter(requests)
            .map(|request| self.write_chunk(what, name, request))
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await
    }

    async fn write_chunk(
        &self,
        what: &'static str,
        name: &str,
        request: Result<Vec<u8>, NotWritten>,
    ) -> Result<(), PortError> {
        let request = request.map_err(not_written(what))?;
        let first = self.put_some(name, Vec::new());
        let first = first.customize().mutate_request(with_body(request));
        let mut answer = first.send().await.map_err(unavailable(what))?;
        for attempt in 1..=TRIES {
            let left = answer
                .unprocessed_items
                .and_then(|mut all| all.remove(name))
                .unwrap_or_default();
            if left.is_empty() {
                return Ok(());
            }
            if attempt == TRIES {
                return Err(incomplete(what, Incomplete::Refused(left.len())));
            }
            pause_before(attempt).await;
            answer = self
                .put_some(name, left)
                .send()
                .await
                .map_err(unavailable(what))?;
        }
        Ok(())
    }

    fn put_some(&self, name: &str, requests: Vec<WriteRequest>) -> BatchWriteItemFluentBuilder {
        self.batch_write_item().request_items(name, requests)
    }
}

fn not_written(what: &'static str) -> impl FnOnce(NotWritten) -> PortError {
    move |error| corrupt(what, "-", "", error.to_string())
}

fn incomplete_read(what: &'static str) -> impl FnOnce(BuildError) -> PortError {
    move |error| PortError::Unavailable {
        what,
        cause: Box::new(error),
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
