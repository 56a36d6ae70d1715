//! Checks the pool's buffer and its senders' health, and announces what is low. Allocates nothing.

mod handler;

use touchline_runtime::{
    announcements::Announcements,
    aws::Aws,
    lambda::{self, Failure},
    logging,
    settings::Settings,
};
use touchline_store::{Names, Store, bus::Bus};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let settings = Settings::from_env();
    let names = Names::from_settings(&settings, &["POOL_TABLE", "EVENT_BUS"]);
    let (names, clock) = {
        let clock = settings.clock();
        settings.finish((names, clock))?
    };
    let aws = Aws::load().await;
    let bus = Bus::of(&aws, &names)?;
    let announcements = Announcements::default();
    let store = Store::with_clock(&aws, names, clock.clone());
    lambda::run(|event: handler::Triggered, _| async {
        let handler::Triggered { time } = event;
        let now = clock
            .for_schedule(time.as_deref())
            .map_err(Failure::non_retryable)?;
        let report = handler::handle(&store, &announcements, now).await;
        announcements.send(&bus, now).await;
        report
    })
    .await
}
