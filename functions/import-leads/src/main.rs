//! Streams an uploaded lead list into leads. Wires the import path to the bucket and the tables.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod handler;
mod upload;

use aws_lambda_events::s3::S3Event;
use touchline_runtime::{
    announcements::Announcements,
    aws::Aws,
    lambda::{self, Invocation},
    logging,
    settings::Settings,
};
use touchline_store::{Names, Store, bus::Bus};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let settings = Settings::from_env();
    let needed = [
        "LEADS_TABLE",
        "TENANTS_TABLE",
        "LEDGER_TABLE",
        "BUCKET",
        "QUEUE_ENRICH",
        "EVENT_BUS",
    ];
    let (names, clock) = (Names::from_settings(&settings, &needed), settings.clock());
    let (names, clock) = settings.finish((names, clock))?;
    let aws = Aws::load().await;
    let bus = Bus::of(&aws, &names)?;
    let announcements = Announcements::default();
    let store = Store::with_clock(&aws, names, clock.clone());
    lambda::run(|event: S3Event, invocation: Invocation| {
        let work = handler::handle(
            &store,
            &announcements,
            event,
            &clock,
            invocation.deadline_ms,
        );
        async {
            let report = work.await;
            announcements.send(&bus, clock.now()).await;
            report
        }
    })
    .await
}
