//! Checks the pool's buffer and its senders' health. Allocates nothing.

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
    let names = Names::from_settings(&settings, &["POOL_TABLE"]);
    let (names, clock) = {
        let clock = settings.clock();
        settings.finish((names, clock))?
    };
    let store = Store::with_clock(&Aws::load().await, names, clock.clone());
    lambda::run(|event: handler::Triggered, _| async {
        let handler::Triggered { time } = event;
        let now = clock
            .for_schedule(time.as_deref())
            .map_err(Failure::non_retryable)?;
        handler::handle(&store, now).await
    })
    .await
}
