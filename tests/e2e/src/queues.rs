//! The stack's queues from outside: puts messages in as a redelivery would, counts what is where, and shortens the
//! time after which an unfinished message is seen again.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};
use serde::Serialize;
use touchline_domain::channel::Channel;
use touchline_stack::{depth::Depth, outputs, records::Records, target::Target};

use crate::wait;

/// A batch of SQS, and of every consumer but one.
pub const BATCH: usize = 10;

/// A queue that a function consumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// E-mail touches.
    Email,
    /// SMS touches.
    Sms,
    /// Leads to enrich.
    Enrich,
    /// Delivery events.
    Delivery,
    /// Replies.
    Replies,
    /// Numbers to wash.
    Wash,
}

impl Queue {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Email,
        Self::Sms,
        Self::Enrich,
        Self::Delivery,
        Self::Replies,
        Self::Wash,
    ];

    /// The queue of a channel that has a sender.
    #[must_use]
    pub fn of(channel: Channel) -> Self {
        match channel {
            Channel::Sms => Self::Sms,
            _ => Self::Email,
        }
    }

    /// Its short name, as commands know it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Enrich => "enrich",
            Self::Delivery => "delivery",
            Self::Replies => "replies",
            Self::Wash => "wash",
        }
    }
}

/// The queues of one stack.
#[derive(Clone, Debug)]
pub struct Queues {
    queues: Vec<outputs::Queue>,
    sqs: aws_sdk_sqs::Client,
}

impl Queues {
    /// Those of this stack.
    #[must_use]
    pub fn of(target: &Target, records: &Records) -> Self {
        Self {
            queues: records.queues.clone(),
            sqs: aws_sdk_sqs::Client::new(target.config()),
        }
    }

    fn find(&self, queue: Queue) -> anyhow::Result<&outputs::Queue> {
        let found = self.queues.iter().find(|one| one.name == queue.as_str());
        found.with_context(|| format!("the stack has no {} queue", queue.as_str()))
    }

    /// Puts jobs into a queue.
    ///
    /// # Errors
    /// A job is not taken.
    pub async fn put<J: Serialize>(&self, queue: Queue, jobs: &[J]) -> anyhow::Result<()> {
        self.put_later(queue, jobs, Duration::ZERO).await
    }

    /// Puts jobs into a queue that holds them back for a while.
    ///
    /// # Errors
    /// A job is not taken.
    pub async fn put_later<J: Serialize>(
        &self,
        queue: Queue,
        jobs: &[J],
        delay: Duration,
    ) -> anyhow::Result<()> {
        let bodies = jobs.iter().map(serde_json::to_string);
        let bodies = bodies.collect::<Result<Vec<_>, _>>()?;
        self.put_bodies(queue, &bodies, delay).await
    }

    /// Puts texts into a queue, ten at a time as one batch.
    ///
    /// # Errors
    /// One is not taken.
    pub async fn put_bodies(
        &self,
        queue: Queue,
        bodies: &[String],
        delay: Duration,
    ) -> anyhow::Result<()> {
        let url = &self.find(queue)?.url;
        let delay_secs = i32::try_from(delay.as_secs())?;
        for chunk in bodies.chunks(BATCH) {
            let entries = chunk.iter().enumerate().map(|(n, body)| {
                SendMessageBatchRequestEntry::builder()
                    .id(n.to_string())
                    .message_body(body)
                    .delay_seconds(delay_secs)
                    .build()
            });
            let entries = entries.collect::<Result<Vec<_>, _>>()?;
            let batch = self.sqs.send_message_batch().queue_url(url);
            let answer = batch.set_entries(Some(entries)).send().await?;
            ensure!(
                answer.failed().is_empty(),
                "{} refused a message",
                queue.as_str()
            );
        }
        Ok(())
    }

    /// How soon an unfinished message is seen again.
    ///
    /// # Errors
    /// The queue does not take it.
    pub async fn show_again_after(&self, queue: Queue, span: Duration) -> anyhow::Result<()> {
        let set = self.sqs.set_queue_attributes();
        set.queue_url(&self.find(queue)?.url)
            .attributes(
                QueueAttributeName::VisibilityTimeout,
                span.as_secs().to_string(),
            )
            .send()
            .await?;
        Ok(())
    }

    /// Messages in a queue: waiting, held back, or being worked on.
    ///
    /// # Errors
    /// The queue does not answer.
    pub async fn count(&self, queue: Queue) -> anyhow::Result<u64> {
        Ok(Depth::of(&self.sqs, &self.find(queue)?.url).await?.total())
    }

    /// Messages in a queue's dead-letter queue.
    ///
    /// # Errors
    /// The queue does not answer.
    pub async fn dead(&self, queue: Queue) -> anyhow::Result<u64> {
        let url = self.find(queue)?.dead_letters();
        Ok(Depth::of(&self.sqs, &url).await?.total())
    }

    /// Waits until a queue holds no more than `left` messages. A message that met another sender's claim hides until
    /// that claim's lease is over, so what a scenario left behind may be there for two minutes.
    ///
    /// # Errors
    /// It still holds more after `bound`.
    pub async fn drained_to(&self, left: u64, queue: Queue, bound: Duration) -> anyhow::Result<()> {
        let what = format!("the {} queue is down to {left}", queue.as_str());
        wait::until(&what, bound, || async {
            Ok((self.count(queue).await? <= left).then_some(()))
        })
        .await
    }
}
