//! The dead-letter queues of a stack: counted, looked into, redriven. Looking leaves everything where it is.
//! Nothing is lost on the way back: a message is sent to its queue first and deleted here afterwards. A crash in
//! between leaves it in both, which does no harm, because every consumer takes a repeated message (SEND-1, HOOK-3).

use anyhow::{Context as _, bail};
use aws_sdk_lambda::{primitives::Blob, types::InvocationType};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use chrono::{DateTime, Utc};
use futures::future::join_all;

use super::contents::{Contents, Invocation, describe};
use touchline_stack::{depth::Depth, error::CliError, outputs::DLQ, target::Target};

/// What is looked at is hidden from others this long, should this command die before it puts it back.
const HOLD_SECS: i32 = 30;
/// SQS gives at most so many at once.
const RECEIVED_AT_ONCE: i32 = 10;
/// A dead message is looked for among at most so many.
const SEARCHED: usize = 10_000;

/// A dead-letter queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadQueue {
    /// Its queue's short name, such as `email`; `events` for failed invocations.
    pub name: String,
    url: String,
    origin: Origin,
}

/// Where its messages came from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    /// A queue with this address.
    Queue(String),
    /// Invocations by S3 and schedules.
    Invocations,
}

/// A dead message.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Letter {
    /// SQS's id, the same as in the function's log.
    pub id: String,
    /// When it was sent at first, in the stack's time.
    pub sent_at: Option<DateTime<Utc>>,
    /// How often it was received, looks by this command included.
    pub receives: u32,
    /// What it is about.
    #[serde(flatten)]
    pub contents: Contents,
}

/// Which messages go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one with this id.
    One(String),
    /// All that are there when the command begins.
    All,
}

/// What a redrive did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Redriven {
    /// Messages that are on their way again.
    pub redriven: usize,
    /// Messages that could not be sent; they stay where they are.
    pub stayed: usize,
}

/// The dead-letter queues of one stack.
#[derive(Debug)]
pub struct DeadLetters {
    queues: Vec<DeadQueue>,
    sqs: aws_sdk_sqs::Client,
    lambda: aws_sdk_lambda::Client,
}

impl DeadLetters {
    /// Finds the queues by the template's outputs.
    ///
    /// # Errors
    /// The stack cannot be described.
    pub async fn open(target: &Target) -> Result<Self, CliError> {
        let outputs = target.outputs().await?;
        let lone = outputs.lone_dead_letters().map(|(name, url)| DeadQueue {
            name,
            url: url.to_owned(),
            origin: Origin::Invocations,
        });
        let queues = outputs.queues().into_iter().map(|queue| DeadQueue {
            url: queue.dead_letters(),
            name: queue.name,
            origin: Origin::Queue(queue.url),
        });
        let mut queues: Vec<DeadQueue> = lone.chain(queues).collect();
        queues.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self {
            queues,
            sqs: aws_sdk_sqs::Client::new(target.config()),
            lambda: aws_sdk_lambda::Client::new(target.config()),
        })
    }

    /// All of them, by name.
    #[must_use]
    pub fn queues(&self) -> &[DeadQueue] {
        &self.queues
    }

    /// The one that is called `name`, with or without `-dlq`.
    ///
    /// # Errors
    /// A usage error that names those there are.
    pub fn find(&self, name: &str) -> Result<&DeadQueue, CliError> {
        let wanted = name.strip_suffix(DLQ).unwrap_or(name);
        let found = self.queues.iter().find(|queue| queue.name == wanted);
        found.ok_or_else(|| {
            let known: Vec<&str> = self.queues.iter().map(|q| q.name.as_str()).collect();
            CliError::usage(format!(
                "there is no queue '{name}'; there are {}",
                known.join(", ")
            ))
        })
    }

    /// How many messages a queue holds, those that somebody looks at included.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn count(&self, queue: &DeadQueue) -> anyhow::Result<usize> {
        let depth = Depth::of(&self.sqs, &queue.url).await?;
        Ok(usize::try_from(depth.total())?)
    }

    /// Up to `limit` messages of a queue, oldest first. They are put back.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn look(&self, queue: &DeadQueue, limit: usize) -> anyhow::Result<Vec<Letter>> {
        let held = self.hold(queue, limit).await?;
        self.put_back(queue, &held).await;
        let mut letters: Vec<Letter> = held.iter().map(|m| letter(&queue.name, m)).collect();
        letters.sort_by_key(|letter| letter.sent_at);
        Ok(letters)
    }

    /// Sends messages back to where they came from.
    ///
    /// # Errors
    /// The queue cannot be read, or does not hold the message that was asked for.
    pub async fn redrive(&self, queue: &DeadQueue, which: &Which) -> anyhow::Result<Redriven> {
        match which {
            Which::All => self.redrive_all(queue).await,
            Which::One(id) => {
                let held = self.hold(queue, SEARCHED).await?;
                let (wanted, others): (Vec<_>, Vec<_>) = held
                    .into_iter()
                    .partition(|message| message.message_id() == Some(id));
                self.put_back(queue, &others).await;
                if wanted.is_empty() {
                    bail!("{}{DLQ} holds no message {id}", queue.name);
                }
                Ok(self.send_back(queue, &wanted).await)
            }
        }
    }

    /// Not more than there were: one that fails again comes back here and is not chased.
    async fn redrive_all(&self, queue: &DeadQueue) -> anyhow::Result<Redriven> {
        let mut left = self.count(queue).await?;
        let mut done = Redriven::default();
        while left > 0 {
            let batch = self.receive(queue).await?;
            if batch.is_empty() {
                break;
            }
            left = left.saturating_sub(batch.len());
            let moved = self.send_back(queue, &batch).await;
            done.redriven += moved.redriven;
            done.stayed += moved.stayed;
        }
        Ok(done)
    }

    async fn send_back(&self, queue: &DeadQueue, messages: &[Message]) -> Redriven {
        let sends = messages.iter().map(|message| self.send_one(queue, message));
        let mut done = Redriven::default();
        for (message, sent) in messages.iter().zip(join_all(sends).await) {
            match sent {
                Ok(()) => done.redriven += 1,
                Err(_) => {
                    done.stayed += 1;
                    self.put_back(queue, std::slice::from_ref(message)).await;
                }
            }
        }
        done
    }

    async fn send_one(&self, queue: &DeadQueue, message: &Message) -> anyhow::Result<()> {
        let body = message.body().unwrap_or_default();
        match &queue.origin {
            Origin::Queue(url) => {
                let sent = self.sqs.send_message().queue_url(url).message_body(body);
                sent.send().await.context("sending a message back")?;
            }
            Origin::Invocations => {
                let failed: Invocation = serde_json::from_str(body)?;
                let function = failed.function().context("the record names no function")?;
                self.lambda
                    .invoke()
                    .function_name(function)
                    .invocation_type(InvocationType::Event)
                    .payload(Blob::new(failed.request_payload.to_string()))
                    .send()
                    .await
                    .context("invoking a function again")?;
            }
        }
        self.sqs
            .delete_message()
            .queue_url(&queue.url)
            .receipt_handle(message.receipt_handle().unwrap_or_default())
            .send()
            .await
            .context("deleting a message that was sent back")?;
        Ok(())
    }

    async fn hold(&self, queue: &DeadQueue, limit: usize) -> anyhow::Result<Vec<Message>> {
        let there = self.count(queue).await?.min(limit);
        let mut held = Vec::new();
        while held.len() < there {
            let batch = self.receive(queue).await?;
            if batch.is_empty() {
                break;
            }
            held.extend(batch);
        }
        let surplus = held.split_off(held.len().min(limit));
        self.put_back(queue, &surplus).await;
        Ok(held)
    }

    async fn receive(&self, queue: &DeadQueue) -> anyhow::Result<Vec<Message>> {
        let answer = self
            .sqs
            .receive_message()
            .queue_url(&queue.url)
            .max_number_of_messages(RECEIVED_AT_ONCE)
            .visibility_timeout(HOLD_SECS)
            // A short poll asks only some of the servers that hold a queue, and may find nothing.
            .wait_time_seconds(1)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await
            .with_context(|| format!("reading {}{DLQ}", queue.name))?;
        Ok(answer.messages.unwrap_or_default())
    }

    /// Best effort: what cannot be shown again at once is seen again after [`HOLD_SECS`].
    async fn put_back(&self, queue: &DeadQueue, messages: &[Message]) {
        let shown = messages.iter().map(|message| {
            self.sqs
                .change_message_visibility()
                .queue_url(&queue.url)
                .receipt_handle(message.receipt_handle().unwrap_or_default())
                .visibility_timeout(0)
                .send()
        });
        join_all(shown).await;
    }
}

fn letter(queue: &str, message: &Message) -> Letter {
    let attributes = message.attributes();
    let number =
        |name: MessageSystemAttributeName| -> Option<i64> { attributes?.get(&name)?.parse().ok() };
    let receives = number(MessageSystemAttributeName::ApproximateReceiveCount);
    Letter {
        id: message.message_id().unwrap_or_default().to_owned(),
        sent_at: number(MessageSystemAttributeName::SentTimestamp)
            .and_then(DateTime::from_timestamp_millis),
        receives: receives.and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        contents: describe(queue, message.body().unwrap_or_default()),
    }
}
