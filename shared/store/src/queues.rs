//! Sending jobs to queues, ten a call. What a queue did not take is answered by position, so that nothing is lost and
//! nothing that was taken is sent again without need.

use std::sync::Arc;

use aws_sdk_sqs::{Client, types::SendMessageBatchRequestEntry};
use futures::{StreamExt, stream};
use serde::Serialize;
use touchline_engine::ports::PortError;

use crate::error::{Incomplete, incomplete, unavailable};

/// A call takes so many messages ...
const BATCH: usize = 10;
/// ... of so many bytes together.
const BATCH_BYTES: usize = 1_048_576;
/// Calls in flight at a time.
const CONCURRENCY: usize = 8;
/// A queue holds a message back for at most so long.
pub const MAX_DELAY_SECS: u32 = 900;

const WHAT: &str = "queue";

/// Where jobs are sent.
pub(crate) mod to {
    use touchline_domain::channel::Channel;
    use touchline_engine::channel;
    use touchline_runtime::settings::name;

    /// A queue by the setting with its address.
    pub(crate) trait Target {
        /// The setting.
        fn setting(&self) -> &'static str;
    }

    /// The touches of a channel.
    pub(crate) struct Touches(pub Channel);

    impl Target for Touches {
        fn setting(&self) -> &'static str {
            channel::rules(self.0).queue
        }
    }

    macro_rules! queues {
        ($($(#[$doc:meta])* $name:ident = $setting:ident),+) => {$(
            $(#[$doc])*
            pub(crate) struct $name;

            impl Target for $name {
                fn setting(&self) -> &'static str {
                    name::$setting
                }
            }
        )+};
    }

    queues!(
        /// Leads to enrich.
        Enrich = QUEUE_ENRICH,
        /// Delivery events.
        Delivery = QUEUE_DELIVERY,
        /// Replies.
        Replies = QUEUE_REPLIES,
        /// Numbers to wash.
        Wash = QUEUE_WASH
    );
}

/// One queue.
#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    url: Arc<str>,
}

/// A job as it travels, with its place among the caller's jobs.
struct Encoded {
    position: usize,
    body: String,
    delay_secs: u32,
}

impl Queue {
    /// The queue with this address.
    #[must_use]
    pub fn new(client: Client, url: &str) -> Self {
        Self {
            client,
            url: url.into(),
        }
    }

    /// Sends jobs, each after its delay in seconds (at most 900). Answers the positions that the queue did not take,
    /// or may not have taken, in order.
    ///
    /// # Errors
    /// [`PortError`] when the queue took nothing at all.
    pub async fn send<J: Serialize + Sync>(
        &self,
        jobs: &[(J, u32)],
    ) -> Result<Vec<usize>, PortError> {
        let batches = batches(jobs)?;
        let sent = batches.len();
        let (mut refused, mut failures) = (Vec::new(), Vec::new());
        let mut results = stream::iter(batches)
            .map(|batch| self.send_batch(batch))
            .buffer_unordered(CONCURRENCY);
        while let Some(result) = results.next().await {
            match result {
                Ok(positions) => refused.extend(positions),
                Err((positions, error)) => {
                    refused.extend(positions);
                    failures.push(error);
                }
            }
        }
        if failures.len() == sent
            && let Some(error) = failures.pop()
        {
            return Err(error);
        }
        refused.sort_unstable();
        Ok(refused)
    }

    /// Sends jobs at once and all of them.
    ///
    /// # Errors
    /// [`PortError`] when one was not taken; sent again, the others arrive twice, which no consumer minds.
    pub async fn send_all<J: Serialize + Sync + Clone>(&self, jobs: &[J]) -> Result<(), PortError> {
        let jobs: Vec<(J, u32)> = jobs.iter().map(|job| (job.clone(), 0)).collect();
        match self.send(&jobs).await?.len() {
            0 => Ok(()),
            refused => Err(incomplete(WHAT, Incomplete::Refused(refused))),
        }
    }

    async fn send_batch(&self, batch: Vec<Encoded>) -> Result<Vec<usize>, (Vec<usize>, PortError)> {
        let positions: Vec<usize> = batch.iter().map(|job| job.position).collect();
        let mut call = self.client.send_message_batch().queue_url(&*self.url);
        for job in batch {
            let entry = SendMessageBatchRequestEntry::builder()
                .id(job.position.to_string())
                .message_body(job.body)
                .delay_seconds(i32::try_from(job.delay_secs.min(MAX_DELAY_SECS)).unwrap_or(0))
                .build();
            match entry {
                Ok(entry) => call = call.entries(entry),
                Err(error) => {
                    return Err((
                        positions,
                        PortError::Unavailable {
                            what: WHAT,
                            cause: Box::new(error),
                        },
                    ));
                }
            }
        }
        match call.send().await {
            Ok(answer) => Ok(answer
                .failed()
                .iter()
                .filter_map(|failed| failed.id().parse().ok())
                .collect()),
            Err(error) => Err((positions, unavailable(WHAT)(error))),
        }
    }
}

/// Cuts jobs into calls by number and size.
fn batches<J: Serialize>(jobs: &[(J, u32)]) -> Result<Vec<Vec<Encoded>>, PortError> {
    let mut batches: Vec<Vec<Encoded>> = Vec::new();
    let mut bytes = 0;
    for (position, (job, delay_secs)) in jobs.iter().enumerate() {
        let body = serde_json::to_string(job)
            .map_err(|error| incomplete(WHAT, Incomplete::Json(error)))?;
        let full = batches
            .last()
            .is_none_or(|last| last.len() == BATCH || bytes + body.len() > BATCH_BYTES);
        if full {
            batches.push(Vec::with_capacity(BATCH));
            bytes = 0;
        }
        bytes += body.len();
        if let Some(last) = batches.last_mut() {
            last.push(Encoded {
                position,
                body,
                delay_secs: *delay_secs,
            });
        }
    }
    Ok(batches)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(jobs: &[(String, u32)]) -> Vec<usize> {
        batches(jobs).unwrap().iter().map(Vec::len).collect()
    }

    #[test]
    fn a_call_carries_at_most_ten_messages() {
        let jobs: Vec<(String, u32)> = (0..23).map(|n| (n.to_string(), 0)).collect();
        assert_eq!(sizes(&jobs), [10, 10, 3]);
        assert!(sizes(&[]).is_empty());
    }

    #[test]
    fn a_call_carries_at_most_a_mebibyte() {
        let large = "x".repeat(400_000);
        let jobs: Vec<(String, u32)> = (0..5).map(|_| (large.clone(), 0)).collect();
        assert_eq!(sizes(&jobs), [2, 2, 1]);
    }

    #[test]
    fn every_job_keeps_its_position() {
        let jobs: Vec<(String, u32)> = (0..12).map(|n| (n.to_string(), n)).collect();
        let batches = batches(&jobs).unwrap();
        assert_eq!(batches[1][1].position, 11);
        assert_eq!(batches[1][1].delay_secs, 11);
        assert_eq!(batches[1][1].body, "\"11\"");
    }
}
