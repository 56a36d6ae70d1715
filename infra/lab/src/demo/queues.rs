//! How many messages each queue holds.

use futures::future::try_join_all;
use touchline_stack::{depth::Depth, outputs::Queue, records::Records, target::Target};

/// What one look at the queues found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Messages that a function can take now.
    pub visible: u64,
    /// Queues with messages of any kind, and how many.
    pub held: Vec<(String, u64)>,
}

impl Waiting {
    /// Whether no queue holds anything.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// `email: 3, wash: 1`.
    pub fn named(&self) -> String {
        let named = self.held.iter();
        let named = named.map(|(name, count)| format!("{name}: {count}"));
        named.collect::<Vec<_>>().join(", ")
    }
}

/// The queues of a stack.
pub struct Queues {
    sqs: aws_sdk_sqs::Client,
    queues: Vec<Queue>,
}

impl Queues {
    /// The queues of this stack.
    pub fn of(target: &Target, records: &Records) -> Self {
        Self {
            sqs: aws_sdk_sqs::Client::new(target.config()),
            queues: records.queues.clone(),
        }
    }

    /// Looks at all queues. A message is in the next queue before it leaves its own, so it can only be missed if it moves
    /// to a queue that was counted already; what looks empty is therefore looked at twice, which no message outruns: on
    /// its way through two queues a function has to take it.
    ///
    /// # Errors
    /// A queue does not answer.
    pub async fn look(&self) -> anyhow::Result<Waiting> {
        let first = self.look_once().await?;
        if first.is_empty() {
            return self.look_once().await;
        }
        Ok(first)
    }

    async fn look_once(&self) -> anyhow::Result<Waiting> {
        let depths = self
            .queues
            .iter()
            .map(|queue| Depth::of(&self.sqs, &queue.url));
        let depths = try_join_all(depths).await?;
        let held = self.queues.iter().zip(&depths);
        let held = held.filter(|(_, depth)| depth.total() > 0);
        Ok(Waiting {
            visible: depths.iter().map(|depth| depth.visible).sum(),
            held: held
                .map(|(queue, depth)| (queue.name.clone(), depth.total()))
                .collect(),
        })
    }
}
