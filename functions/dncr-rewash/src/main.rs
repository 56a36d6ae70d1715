//! Washes numbers against the Do Not Call Register: those that wait in the queue, and daily those that are due for it.

mod handler;
mod register;
mod rewash;

use aws_lambda_events::sqs::SqsBatchResponse;
use touchline_runtime::{
    aws::Aws,
    batch,
    lambda::{self, Failure},
    logging,
    settings::Settings,
    visibility::SqsVisibility,
};
use touchline_store::{Names, Store};

use handler::Event;

/// The register takes one batch of ours at a time.
const AT_ONCE: usize = 1;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let settings = Settings::from_env();
    let needed = [
        "LEADS_TABLE",
        "REGISTER_TABLE",
        "LEDGER_TABLE",
        "QUEUE_WASH",
    ];
    let names = Names::from_settings(&settings, &needed);
    let (dncr_url, prefix) = (settings.url("DNCR_URL"), settings.require("SECRETS_PREFIX"));
    let clock = settings.clock();
    let (names, dncr_url, prefix, clock) = settings.finish((names, dncr_url, prefix, clock))?;
    let aws = Aws::load().await;
    let visibility = SqsVisibility::new(aws.sqs());
    let register = register::AustralianRegister::build(&aws, prefix, dncr_url).await?;
    let store = Store::with_clock(&aws, names, clock.clone());
    lambda::run(|event: Event, _| async {
        match event {
            Event::Queue(event) => {
                let work = |message| handler::handle(&store, &register, message, clock.now());
                Ok::<_, Failure>(batch::run(event, &visibility, AT_ONCE, work).await)
            }
            Event::Schedule(event) => {
                let now = clock
                    .for_schedule(event.time.as_deref())
                    .map_err(Failure::non_retryable)?;
                rewash::collect(&store, now).await?;
                Ok(SqsBatchResponse::default())
            }
        }
    })
    .await
}
