//! Works through a batch of queue messages: each body is decoded on its own, each message ends on its own, and the
//! answer names those that failed. Refuses to let one bad message fail its neighbours.

use std::{borrow::Cow, panic::AssertUnwindSafe};

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures::{FutureExt, StreamExt};
use serde::de::DeserializeOwned;
use tracing::{Instrument, field::Empty};

use crate::{meter, visibility::Visibility};

/// The system attribute with the number of times that a message was received.
const RECEIVE_COUNT: &str = "ApproximateReceiveCount";

/// A decoded message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<J> {
    /// What it says.
    pub job: J,
    /// SQS's id.
    pub id: String,
    /// Delivery attempt, starting at 1.
    pub attempt: u32,
}

/// How a message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handled {
    /// It is done with.
    Done,
    /// It has to come back: after so many seconds, or after the queue's own timeout.
    Retry {
        /// Seconds.
        after_secs: Option<u32>,
        /// A code for the logs; no address, no body.
        reason: Cow<'static, str>,
    },
    /// It can never succeed. It comes back until the queue gives up on it and keeps it in its dead-letter queue
    /// (invariant 8), so that nothing is dropped.
    Poison {
        /// A code for the logs; no address, no body.
        reason: Cow<'static, str>,
    },
}

impl Handled {
    /// Come back after `after_secs`.
    #[must_use]
    pub fn retry(after_secs: impl Into<Option<u32>>, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Retry {
            after_secs: after_secs.into(),
            reason: reason.into(),
        }
    }

    /// Never succeeds.
    #[must_use]
    pub fn poison(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Poison {
            reason: reason.into(),
        }
    }
}

/// Runs `handler` on every message, at most `concurrency` at a time. Answers the ids of those that failed; without an
/// id in the event Lambda takes the whole batch as failed, which is safe since every handler may run twice.
pub async fn run<J, F, Fut>(
    event: SqsEvent,
    visibility: &impl Visibility,
    concurrency: usize,
    handler: F,
) -> SqsBatchResponse
where
    J: DeserializeOwned,
    F: Fn(Message<J>) -> Fut,
    Fut: Future<Output = Handled>,
{
    let messages = event.records.len();
    let queue = event
        .records
        .first()
        .and_then(|record| record.event_source_arn.clone());
    let ended: Vec<(String, Handled)> = futures::stream::iter(event.records)
        .map(|record| one(record, visibility, &handler))
        .buffer_unordered(concurrency.max(1))
        .collect()
        .await;
    let mut response = SqsBatchResponse::default();
    let (mut retried, mut poison) = (0_usize, 0_usize);
    for (id, handled) in ended {
        match handled {
            Handled::Done => continue,
            Handled::Retry { .. } => retried += 1,
            Handled::Poison { .. } => poison += 1,
        }
        response.add_failure(id);
    }
    let done = messages - retried - poison;
    meter::batch(queue.as_deref().unwrap_or_default(), done);
    tracing::info!(messages, done, retried, poison, "batch finished");
    response
}

async fn one<J, F, Fut>(
    record: SqsMessage,
    visibility: &impl Visibility,
    handler: &F,
) -> (String, Handled)
where
    J: DeserializeOwned,
    F: Fn(Message<J>) -> Fut,
    Fut: Future<Output = Handled>,
{
    let id = record.message_id.clone().unwrap_or_default();
    let attempt = attempt_of(&record);
    let span = tracing::info_span!(
        "message",
        message.id = %id,
        message.attempt = attempt,
        tenant_id = Empty,
        lead_id = Empty,
        campaign_id = Empty,
        touch_id = Empty,
    );
    let work = async {
        let handled = match decode(&record) {
            Ok(job) => {
                let message = Message {
                    job,
                    id: id.clone(),
                    attempt,
                };
                let caught = AssertUnwindSafe(async { handler(message).await })
                    .catch_unwind()
                    .await;
                caught.unwrap_or_else(|_| Handled::poison("panicked"))
            }
            Err(reason) => Handled::poison(reason),
        };
        settle(&record, &handled, visibility).await;
        handled
    };
    let handled = work.instrument(span).await;
    (id, handled)
}

/// Where in the body the fault is, and of which sort. The body itself may hold a person's words, so it stays in the
/// queue and out of the logs.
fn decode<J: DeserializeOwned>(record: &SqsMessage) -> Result<J, String> {
    let body = record.body.as_deref().unwrap_or_default();
    serde_json::from_str(body).map_err(|error| {
        let sort = match error.classify() {
            serde_json::error::Category::Data => "undecodable: not a job of this queue",
            _ => "undecodable: not JSON",
        };
        format!("{sort}, at line {} column {}", error.line(), error.column())
    })
}

fn attempt_of(record: &SqsMessage) -> u32 {
    let count = record.attributes.get(RECEIVE_COUNT);
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

async fn settle(record: &SqsMessage, handled: &Handled, visibility: &impl Visibility) {
    match handled {
        Handled::Done => {}
        Handled::Retry { after_secs, reason } => {
            tracing::warn!(%reason, after_secs, "message goes back to its queue");
            if let Some(secs) = after_secs {
                show_after(record, *secs, visibility).await;
            }
        }
        Handled::Poison { reason } => {
            tracing::error!(%reason, "message cannot succeed and is left to the dead-letter queue");
        }
    }
}

async fn show_after(record: &SqsMessage, secs: u32, visibility: &impl Visibility) {
    let arn = record.event_source_arn.as_deref().unwrap_or_default();
    let receipt = record.receipt_handle.as_deref().unwrap_or_default();
    if let Err(error) = visibility.show_after(arn, receipt, secs).await {
        tracing::warn!(%error, "the queue's own timeout applies");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::visibility::VisibilityError;

    #[derive(Default)]
    struct Shown(Mutex<Vec<(String, u32)>>);

    impl Visibility for Shown {
        async fn show_after(
            &self,
            _: &str,
            receipt: &str,
            secs: u32,
        ) -> Result<(), VisibilityError> {
            self.0.lock().unwrap().push((receipt.to_owned(), secs));
            if secs == 13 {
                return Err(VisibilityError::NotAQueue(receipt.to_owned()));
            }
            Ok(())
        }
    }

    fn event(bodies: &[&str]) -> SqsEvent {
        let records: Vec<serde_json::Value> = bodies
            .iter()
            .enumerate()
            .map(|(n, body)| {
                serde_json::json!({
                    "messageId": format!("m{n}"),
                    "receiptHandle": format!("r{n}"),
                    "body": body,
                    "attributes": {"ApproximateReceiveCount": "3"},
                    "eventSourceARN": "arn:aws:sqs:ap-southeast-2:1:q",
                })
            })
            .collect();
        serde_json::from_value(serde_json::json!({ "Records": records })).unwrap()
    }

    async fn failed(bodies: &[&str], shown: &Shown) -> Vec<String> {
        let response = run(
            event(bodies),
            shown,
            2,
            |message: Message<u32>| async move {
                assert_eq!(message.attempt, 3);
                match message.job {
                    0 => Handled::Done,
                    1 => Handled::retry(30, "rate limited"),
                    2 => Handled::retry(None, "contended"),
                    3 => Handled::poison("no such lead"),
                    13 => Handled::retry(13, "unlucky"),
                    _ => panic!("a fault of the handler"),
                }
            },
        )
        .await;
        let mut ids: Vec<String> = response
            .batch_item_failures
            .into_iter()
            .map(|failure| failure.item_identifier)
            .collect();
        ids.sort();
        ids
    }

    #[tokio::test]
    async fn only_messages_that_failed_come_back() {
        let shown = Shown::default();
        assert_eq!(
            failed(&["0", "1", "2", "3", "0"], &shown).await,
            ["m1", "m2", "m3"]
        );
        assert_eq!(*shown.0.lock().unwrap(), [("r1".to_owned(), 30)]);
    }

    #[tokio::test]
    async fn a_body_that_is_no_job_fails_alone() {
        let shown = Shown::default();
        assert_eq!(
            failed(&["0", "{", "\"text\"", "", "0"], &shown).await,
            ["m1", "m2", "m3"]
        );
        assert!(shown.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_panic_fails_its_own_message_only() {
        assert_eq!(failed(&["0", "99", "0"], &Shown::default()).await, ["m1"]);
    }

    #[tokio::test]
    async fn a_timeout_that_can_not_be_changed_fails_nothing_else() {
        assert_eq!(failed(&["13", "0"], &Shown::default()).await, ["m0"]);
    }

    #[test]
    fn an_undecodable_body_is_described_without_its_words() {
        let mut record = SqsMessage::default();
        record.body = Some(r#"{"text": "call me on 0412 345 678"}"#.to_owned());
        let reason = decode::<u32>(&record).unwrap_err();
        assert_eq!(
            reason,
            "undecodable: not a job of this queue, at line 1 column 0"
        );
    }
}
