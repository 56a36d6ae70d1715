//! How many messages each queue holds.

use touchline_stack::{depth::Depth, records::Records, target::Target};

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
            let depth = Depth::of(&self.sqs, url).await?;
            waiting.visible += depth.visible;
            if depth.total() > 0 {
                waiting.held.push((name, depth.total()));
            }
        }
        Ok(waiting)
    }
}
