//! One event, delivered until its upload is through: killed at even distances, stopped once by its deadline. Refuses
//! an import that gets no further.

use std::time::{Duration, Instant};

use anyhow::bail;
use bytes::Bytes;
use touchline_lambda_harness::{Answer, AwsStub, Program, Sandbox, Usage};

use super::world;

/// The function stops a minute before its deadline, so this leaves it a moment.
const SHORT_LIMIT: Duration = Duration::from_millis(60_500);
/// Between two looks at how far the import is.
const LOOK: Duration = Duration::from_millis(2);
/// Starts without an end, kills aside, after which the import is taken to stand still.
const TRIES: u32 = 10;

/// All runs together.
pub struct Total {
    /// The last answer.
    pub answer: Answer,
    /// How often the program was started.
    pub runs: u32,
    /// From the first start to the last answer.
    pub wall: Duration,
    /// On a CPU, killed runs among them.
    pub cpu: Duration,
    /// The most that any run had resident.
    pub peak_rss_bytes: u64,
}

/// Delivers the event until it is answered with success.
///
/// # Errors
/// When the program can't be started, or the import stands still.
pub async fn until_done(
    aws: &AwsStub,
    program: &Program,
    event: &Bytes,
    rows: u64,
    kills: u32,
) -> anyhow::Result<Total> {
    let began = Instant::now();
    let mut used = Usage::default();
    let before = aws.tables().puts();
    let mut last_error = String::from("no error");
    for run in 0..kills + TRIES {
        let mut sandbox = Sandbox::start(program).await?;
        // Each lead is a profile and the look-up of its number at least, so the last kill comes before the end.
        let kill_at =
            (run < kills).then(|| before + rows * u64::from(run + 1) / u64::from(kills + 1) * 2);
        let limit = if run == kills {
            SHORT_LIMIT
        } else {
            world::LIMIT
        };
        let answer = tokio::select! {
            answer = sandbox.invoke(event.clone(), limit) => Some(answer?),
            () = written(aws, kill_at) => None,
        };
        let usage = sandbox.kill().await;
        used.cpu += usage.cpu;
        used.peak_rss_bytes = used.peak_rss_bytes.max(usage.peak_rss_bytes);
        match answer {
            Some(answer @ Answer::Response(_)) => {
                return Ok(Total {
                    answer,
                    runs: run + 1,
                    wall: began.elapsed(),
                    cpu: used.cpu,
                    peak_rss_bytes: used.peak_rss_bytes,
                });
            }
            // Out of time, or a call timed out on a busy machine: Lambda delivers the event again.
            Some(error) => last_error = error.text(),
            None => {}
        }
    }
    bail!("the import does not come to its end: {last_error}")
}

/// Waits until so many items are written; for ever without a number.
async fn written(aws: &AwsStub, items: Option<u64>) {
    let Some(items) = items else {
        return std::future::pending().await;
    };
    while aws.tables().puts() < items {
        tokio::time::sleep(LOOK).await;
    }
}
