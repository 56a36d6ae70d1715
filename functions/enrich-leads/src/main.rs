//! Enriches, scores and enrols leads. Wires the enrich path to the store and to Apollo.

mod handler;
mod people;

use aws_lambda_events::sqs::SqsEvent;
use touchline_runtime::{
    aws::Aws,
    batch,
    lambda::{self, Failure},
    logging,
    settings::Settings,
    visibility::SqsVisibility,
};
use touchline_store::{Names, Store};

/// Jobs that are worked on at once; with five invocations, ten calls to the provider are in flight (ENR-1).
const AT_ONCE: usize = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let settings = Settings::from_env();
    let needed = [
        "LEADS_TABLE",
        "TENANTS_TABLE",
        "POOL_TABLE",
        "REGISTER_TABLE",
        "LEDGER_TABLE",
        "QUEUE_WASH",
    ];
    let names = Names::from_settings(&settings, &needed);
    let (apollo_url, prefix) = (
        settings.url("APOLLO_URL"),
        settings.require("SECRETS_PREFIX"),
    );
    let clock = settings.clock();
    let (names, apollo_url, prefix, clock) = settings.finish((names, apollo_url, prefix, clock))?;
    let aws = Aws::load().await;
    let visibility = SqsVisibility::new(aws.sqs());
    let people = people::ApolloPeople::build(&aws, prefix, &apollo_url).await?;
    let store = Store::with_clock(&aws, names, clock.clone());
    lambda::run(|event: SqsEvent, _| async {
        let work = |message| handler::handle(&store, &people, message, clock.now());
        Ok::<_, Failure>(batch::run(event, &visibility, AT_ONCE, work).await)
    })
    .await
}
