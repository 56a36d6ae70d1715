//! Putting jobs on queues, in batches of ten. What a queue does not take is said by position; nothing is dropped.

use aws_sdk_sqs::{Client, types::SendMessageBatchRequestEntry};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use touchline_engine::ports::PortError;

use crate::error::{corrupt, unavailable};

/// The most that one call takes.
const BATCH: usize = 10;
/// Calls at once.
const AT_ONCE: usize = 8;

/// The queues of a stack.
#[derive(Clone, Debug)]
pub struct Queues {
    client: Client,
}

impl Queues {
    /// Queues behind this client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Puts jobs on a queue, each after its delay in seconds. Answers the positions that the queue did not take.
    ///
    /// # Errors
    /// [`PortError::Unavailable`]: a call failed as a whole; some jobs may be on the queue.
    pub async fn send<J: Serialize>(&self, url: &str, jobs: &[(J, u32)]) -> Result<Vec<usize>, PortError> {
        let mut entries = Vec::with_capacity(jobs.len());
        for (position, (job, delay)) in jobs.iter().enumerate() {
            entries.push(entry(position, job, *delay)?);
        }
        let refused: Vec<Vec<usize>> = stream::iter(entries.chunks(BATCH).map(<[_]>::to_vec))
            .map(|batch| self.send_batch(url, batch))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(refused.into_iter().flatten().collect())
    }

    async fn send_batch(
        &self,
        url: &str,
        batch: Vec<SendMessageBatchRequestEntry>,
    ) -> Result<Vec<usize>, PortError> {
        let answer = self
            .client
            .send_message_batch()
            .queue_url(url)
            .set_entries(Some(batch))
            .send()
            .await
            .map_err(unavailable("queue"))?;
        Ok(answer.failed().iter().filter_map(|failed| failed.id().parse().ok()).collect())
    }
}

fn entry<J: Serialize>(position: usize, job: &J, delay: u32) -> Result<SendMessageBatchRequestEntry, PortError> {
    let body = serde_json::to_string(job).map_err(|error| corrupt("job", "body", "", error.to_string()))?;
    SendMessageBatchRequestEntry::builder()
        .id(position.to_string())
        .message_body(body)
        .set_delay_seconds((delay > 0).then(|| i32::try_from(delay).unwrap_or(i32::MAX)))
        .build()
        .map_err(|error| corrupt("job", "entry", "", error.to_string()))
}
