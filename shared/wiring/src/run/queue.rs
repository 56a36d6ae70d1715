//! Functions that work through a queue.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use serde::de::DeserializeOwned;
use touchline_runtime::{
    batch::{self, Handled, Message},
    lambda::{self, Failure},
    visibility::SqsVisibility,
};

use super::{Error, Function, block_on};
use crate::needs::{Needs, Trigger};

/// Runs `handler` on each message of the function's queue.
///
/// # Errors
/// The function cannot start, or the runtime cannot be reached.
pub fn on_queue<J, H>(needs: &'static Needs, handler: H) -> Result<(), Error>
where
    J: DeserializeOwned,
    H: AsyncFn(&Function, Message<J>) -> Handled,
{
    block_on(async move {
        let function = Function::start(needs).await?;
        let (function, handler) = (&function, &handler);
        lambda::run(move |event: SqsEvent, _| async move {
            Ok::<_, Failure>(function.batch(event, handler).await)
        })
        .await
    })
}

impl Function {
    /// Works through one batch.
    pub(super) async fn batch<J, H>(&self, event: SqsEvent, handler: &H) -> SqsBatchResponse
    where
        J: DeserializeOwned,
        H: AsyncFn(&Self, Message<J>) -> Handled,
    {
        let visibility = SqsVisibility::new(self.aws.sqs());
        let work = |message| handler(self, message);
        let response = batch::run(event, &visibility, self.at_once(), work).await;
        self.end(self.clock.now()).await;
        response
    }

    /// Messages of a batch that are worked on at a time.
    pub(super) fn at_once(&self) -> usize {
        let mut triggers = self.needs.triggers.iter();
        let declared = triggers.find_map(|trigger| match trigger {
            Trigger::Queue { at_once, .. } => usize::try_from(*at_once).ok(),
            _ => None,
        });
        declared.unwrap_or(1)
    }
}
