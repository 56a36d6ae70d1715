//! How many messages each queue holds.

use anyhow::Context as _;
use aws_sdk_sqs::types::QueueAttributeName;

use crate::{records::Records, target::Target};

/// The queues in the order in which work moves through them. A message is in the next queue before it leaves its own, so
/// a look that follows this order never misses one that is moving.
const IN_ORDER: [&str; 9] = [
    "QUEUE_ENRICH",
    "QUEUE_REPLIES",
    "QUEUE_LINKEDIN",
    "QUEUE_VOICE",
    "QUEUE_MAIL",
    "QUEUE_EMAIL",
    "QUEUE_SMS",
    "QUEUE_WASH",
    "QUEUE_DELIVERY",
];

/// What one look at the queues found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Messages that a function can take now.
    pub visible: u64,
    /// Queues with messages of any kind, and how many.
    pub held: Vec<(&'static str, u64)>,
}

impl Waiting {
    /// Whether no queue holds anything.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// `email: 3, wash: 1`.
    pub fn named(&self) -> String {
        let named = self
            .held
            .iter()
            .map(|(name, count)| format!("{}: {count}", name.to_lowercase()));
        named.collect::<Vec<_>>().join(", ")
    }
}

/// The queues of a stack.
pub struct Queues {
    sqs: aws_sdk_sqs::Client,
    queues: Vec<(&'static str, String)>,
}

impl Queues {
    /// The queues of this stack.
    pub fn of(target: &Target, records: &Records) -> Self {
        let url = |name: &&'static str| Some((*name, records.queues.get(*name)?.clone()));
        Self {
            sqs: aws_sdk_sqs::Client::new(target.config()),
            queues: IN_ORDER.iter().filter_map(url).collect(),
        }
    }

    /// Looks at each queue once, in the order of work.
    ///
    /// # Errors
    /// A queue does not answer.
    pub async fn look(&self) -> anyhow::Result<Waiting> {
        let mut waiting = Waiting::default();
        for (name, url) in &self.queues {
            let (visible, hidden) = self.count(name, url).await?;
            waiting.visible += visible;
            if visible + hidden > 0 {
                waiting.held.push((name, visible + hidden));
            }
        }
        Ok(waiting)
    }

    async fn count(&self, name: &str, url: &str) -> anyhow::Result<(u64, u64)> {
        use QueueAttributeName::{
            ApproximateNumberOfMessages, ApproximateNumberOfMessagesDelayed,
            ApproximateNumberOfMessagesNotVisible,
        };
        let answer = self
            .sqs
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(ApproximateNumberOfMessages)
            .attribute_names(ApproximateNumberOfMessagesNotVisible)
            .attribute_names(ApproximateNumberOfMessagesDelayed)
            .send()
            .await
            .with_context(|| format!("looking at {name}"))?;
        let number = |attribute: QueueAttributeName| -> u64 {
            let text = answer.attributes().and_then(|all| all.get(&attribute));
            text.and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        Ok((
            number(ApproximateNumberOfMessages),
            number(ApproximateNumberOfMessagesNotVisible)
                + number(ApproximateNumberOfMessagesDelayed),
        ))
    }
}
