//! How many messages a queue holds, and in which state. The numbers are SQS's own approximations.

use anyhow::Context as _;
use aws_sdk_sqs::{Client, types::QueueAttributeName};

/// What a queue holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Messages that can be taken now.
    pub visible: u64,
    /// Messages that were sent for later and never taken.
    pub delayed: u64,
    /// Messages that somebody took and has not deleted: being worked on, or put back for later.
    pub in_flight: u64,
}

impl Depth {
    /// Asks SQS.
    ///
    /// # Errors
    /// The queue does not answer, or leaves a number out.
    pub async fn of(client: &Client, url: &str) -> anyhow::Result<Self> {
        use QueueAttributeName::{
            ApproximateNumberOfMessages, ApproximateNumberOfMessagesDelayed,
            ApproximateNumberOfMessagesNotVisible,
        };
        let answer = client
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(ApproximateNumberOfMessages)
            .attribute_names(ApproximateNumberOfMessagesDelayed)
            .attribute_names(ApproximateNumberOfMessagesNotVisible)
            .send()
            .await;
        let attributes = answer
            .with_context(|| format!("counting the messages of {url}"))?
            .attributes
            .unwrap_or_default();
        let number = |name: QueueAttributeName| -> anyhow::Result<u64> {
            let text = attributes.get(&name);
            text.and_then(|text| text.parse().ok())
                .with_context(|| format!("{url} does not tell its {name}"))
        };
        Ok(Self {
            visible: number(ApproximateNumberOfMessages)?,
            delayed: number(ApproximateNumberOfMessagesDelayed)?,
            in_flight: number(ApproximateNumberOfMessagesNotVisible)?,
        })
    }

    /// All of them.
    #[must_use]
    pub fn total(self) -> u64 {
        self.visible + self.delayed + self.in_flight
    }
}
