//! Applies providers' delivery events. Wires the delivery path to the store.

mod handler;

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

/// Messages of a batch that are worked on at once.
const AT_ONCE: usize = 10;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let settings = Settings::from_env();
    let needed = ["LEADS_TABLE", "POOL_TABLE", "REGISTER_TABLE", "INBOX_TABLE"];
    let (names, clock) = (Names::from_settings(&settings, &needed), settings.clock());
    let (names, clock) = settings.finish((names, clock))?;
    let aws = Aws::load().await;
    let visibility = SqsVisibility::new(aws.sqs());
    let store = Store::with_clock(&aws, names, clock);
    lambda::run(|event: SqsEvent, _| async {
        let response = batch::run(event, &visibility, AT_ONCE, |message| {
            handler::handle(&store, message)
        })
        .await;
        Ok::<_, Failure>(response)
    })
    .await
}
