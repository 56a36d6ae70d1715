//! Queues what is due, once a minute. Wires the tick to the due index and the channel queues.

mod handler;

use touchline_runtime::{
    aws::Aws,
    lambda::{self, Failure},
    logging,
    settings::Settings,
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
    let (names, clock) = settings.finish((names, clock))?;
    let store = Store::with_clock(&Aws::load().await, names, clock.clone());
    lambda::run(|event: handler::Scheduled, _| async {
        let handler::Scheduled { time } = event;
        let now = clock
            .for_schedule(time.as_deref())
            .map_err(Failure::non_retryable)?;
        handler::handle(&store, now).await
    })
    .await
}
