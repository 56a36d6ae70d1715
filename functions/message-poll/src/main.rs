//! Finds text messages and mail whose webhook never came. Wires the lists of the providers to the queues of events.

mod handler;
mod lists;

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
        "POOL_TABLE",
        "LEDGER_TABLE",
        "BUCKET",
        "QUEUE_DELIVERY",
        "QUEUE_REPLIES",
    ];
    let names = Names::from_settings(&settings, &needed);
    let (wanted, clock) = (lists::Wanted::from_settings(&settings), settings.clock());
    let (names, wanted, clock) = settings.finish((names, wanted, clock))?;
    let aws = Aws::load().await;
    let providers = lists::Providers::build(&aws, wanted)?;
    let store = Store::with_clock(&aws, names, clock.clone());
    lambda::run(|event: handler::Scheduled, _| async {
        let handler::Scheduled { time } = event;
        let now = clock
            .for_schedule(time.as_deref())
            .map_err(Failure::non_retryable)?;
        handler::handle(&store, &providers, now).await
    })
    .await
}
