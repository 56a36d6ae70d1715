//! Queues what is due, once a minute. Wires the tick to the due index, the channel queues, and Lambda itself.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod fan_out;
mod handler;

use touchline_runtime::{
    aws::Aws,
    lambda::{self, Failure, Invocation},
    logging,
    settings::{Settings, name},
};
use touchline_store::{Names, Store};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let settings = Settings::from_env();
    let needed = [
        "LEADS_TABLE",
        "LEDGER_TABLE",
        "QUEUE_EMAIL",
        "QUEUE_SMS",
        "QUEUE_VOICE",
        "QUEUE_LINKEDIN",
        "QUEUE_MAIL",
    ];
    let (names, clock) = (Names::from_settings(&settings, &needed), settings.clock());
    let function = settings.require(name::FUNCTION);
    let (names, clock, function) = settings.finish((names, clock, function))?;
    let aws = Aws::load().await;
    let others = fan_out::Invocations::new(&aws, function);
    let store = Store::with_clock(&aws, names, clock.clone());
    lambda::run(|event: handler::Scheduled, invocation: Invocation| {
        let (store, others, clock) = (&store, &others, &clock);
        async move {
            let handler::Scheduled { time, shard } = event;
            let now = clock
                .for_schedule(time.as_deref())
                .map_err(Failure::non_retryable)?;
            handler::handle(store, others, shard, now, invocation.deadline_ms).await
        }
    })
    .await
}
