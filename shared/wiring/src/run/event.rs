//! Functions that a schedule or an uploaded file invokes.

use aws_lambda_events::{
    s3::S3Event,
    sqs::{SqsBatchResponse, SqsEvent},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use touchline_runtime::{
    batch::{Handled, Message},
    lambda::{self, Failure, Invocation},
};
use touchline_store::files::ImportFile;

use super::{Error, Function, block_on};
use crate::needs::Needs;

/// The part of a scheduled event that counts.
#[derive(Debug, Deserialize)]
struct Scheduled<E> {
    /// When it was due.
    #[serde(default)]
    time: Option<String>,
    /// What else it says.
    #[serde(flatten)]
    more: E,
}

/// What a scheduled event says besides its time, where that is nothing.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Nothing {}

/// What a schedule, or somebody in its place, asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion<E> {
    /// For which moment, by the stack's clock.
    pub now: DateTime<Utc>,
    /// What the event says besides its time.
    pub more: E,
    /// Milliseconds since 1970, in real time, at which the invocation is stopped.
    pub deadline_ms: u64,
}

/// Runs `handler` at each scheduled moment.
///
/// # Errors
/// The function cannot start, or the runtime cannot be reached.
pub fn on_schedule<E, R, H>(needs: &'static Needs, handler: H) -> Result<(), Error>
where
    E: DeserializeOwned,
    R: Serialize,
    H: AsyncFn(&Function, Occasion<E>) -> Result<R, Failure>,
{
    block_on(async move {
        let function = Function::start(needs).await?;
        let (function, handler) = (&function, &handler);
        lambda::run(
            move |event: Scheduled<E>, invocation: Invocation| async move {
                let occasion = Occasion {
                    now: function.moment(event.time.as_deref())?,
                    more: event.more,
                    deadline_ms: invocation.deadline_ms,
                };
                let now = occasion.now;
                let report = handler(function, occasion).await;
                function.end(now).await;
                report
            },
        )
        .await
    })
}

/// The queue's messages or the schedule: one function's two triggers.
#[derive(Deserialize)]
#[serde(untagged)]
enum QueueOrSchedule {
    Queue(SqsEvent),
    Schedule(Scheduled<Nothing>),
}

/// Runs `message` on each message of the function's queue, and `moment` at each scheduled moment.
///
/// # Errors
/// The function cannot start, or the runtime cannot be reached.
pub fn on_queue_and_schedule<J, H, M>(
    needs: &'static Needs,
    message: H,
    moment: M,
) -> Result<(), Error>
where
    J: DeserializeOwned,
    H: AsyncFn(&Function, Message<J>) -> Handled,
    M: AsyncFn(&Function, DateTime<Utc>) -> Result<(), Failure>,
{
    block_on(async move {
        let function = Function::start(needs).await?;
        let (function, message, moment) = (&function, &message, &moment);
        lambda::run(move |event: QueueOrSchedule, _| async move {
            match event {
                QueueOrSchedule::Queue(event) => Ok(function.batch(event, message).await),
                QueueOrSchedule::Schedule(Scheduled { time, .. }) => {
                    let now = function.moment(time.as_deref())?;
                    moment(function, now).await?;
                    function.end(now).await;
                    Ok::<_, Failure>(SqsBatchResponse::default())
                }
            }
        })
        .await
    })
}

/// What an invocation did with the objects that it was told of.
#[derive(Debug, Serialize)]
struct Uploads<R> {
    /// What came of those that are lead lists of a tenant.
    uploads: Vec<R>,
    /// Objects that are none, or of no tenant.
    ignored: usize,
}

/// Runs `handler` on each lead list that was put into the bucket, given its deadline in milliseconds since 1970. It
/// answers nothing for a list that is nobody's.
///
/// # Errors
/// The function cannot start, or the runtime cannot be reached.
pub fn on_upload<R, H>(needs: &'static Needs, handler: H) -> Result<(), Error>
where
    R: Serialize,
    H: AsyncFn(&Function, ImportFile, u64) -> Result<Option<R>, Failure>,
{
    block_on(async move {
        let function = Function::start(needs).await?;
        let (function, handler) = (&function, &handler);
        lambda::run(move |event: S3Event, invocation: Invocation| async move {
            let mut report = Uploads {
                uploads: Vec::new(),
                ignored: 0,
            };
            for record in &event.records {
                let file = record
                    .s3
                    .object
                    .key
                    .as_deref()
                    .and_then(ImportFile::of_event);
                let done = match file {
                    Some(file) => handler(function, file, invocation.deadline_ms).await,
                    None => Ok(None),
                };
                match done {
                    Ok(Some(done)) => report.uploads.push(done),
                    Ok(None) => report.ignored += 1,
                    Err(failure) => {
                        function.end(function.clock.now()).await;
                        return Err(failure);
                    }
                }
            }
            function.end(function.clock.now()).await;
            Ok(report)
        })
        .await
    })
}

impl Function {
    fn moment(&self, time: Option<&str>) -> Result<DateTime<Utc>, Failure> {
        self.clock
            .for_schedule(time)
            .map_err(Failure::non_retryable)
    }
}
