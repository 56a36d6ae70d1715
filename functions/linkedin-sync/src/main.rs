//! Finds LinkedIn messages and accepted invitations whose webhook never came. Wires the lists of all seats to the queues
//! of events.

mod handler;
mod seats;

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
        "POOL_TABLE",
        "LEDGER_TABLE",
        "BUCKET",
        "QUEUE_DELIVERY",
        "QUEUE_REPLIES",
    ];
    let names = Names::from_settings(&settings, &needed);
    let (prefix, url) = (
        settings.require("SECRETS_PREFIX"),
        settings.optional("UNIPILE_URL"),
    );
    let (public_url, clock) = (settings.url("PUBLIC_URL"), settings.clock());
    let (names, prefix, url, public_url, clock) =
        settings.finish((names, prefix, url, public_url, clock))?;
    let aws = Aws::load().await;
    let provider = seats::Provider::build(&aws, &prefix, url, public_url)?;
    let store = Store::with_clock(&aws, names, clock.clone());
    lambda::run(|event: handler::Scheduled, _| async {
        let handler::Scheduled { time } = event;
        let now = clock
            .for_schedule(time.as_deref())
            .map_err(Failure::non_retryable)?;
        handler::handle(&store, &provider, now).await
    })
    .await
}
