//! Sends SMS touches. Wires the send path to the store and the providers.

mod outbox;

use aws_lambda_events::sqs::SqsEvent;
use touchline_engine::{channel::SmsComposer, send::Sender};
use touchline_runtime::{
    announcements::Announcements,
    aws::Aws,
    batch,
    lambda::{self, Failure},
    logging,
    settings::Settings,
    touches,
    visibility::SqsVisibility,
};
use touchline_store::{Names, Store, bus::Bus};

/// Messages of a batch that are worked on at once: two for each call in flight.
const AT_ONCE: usize = 10;

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
        "QUEUE_EMAIL",
        "QUEUE_SMS",
        "QUEUE_WASH",
        "EVENT_BUS",
    ];
    let names = Names::from_settings(&settings, &needed);
    let wanted = outbox::Wanted::from_settings(&settings);
    let clock = settings.clock();
    let (names, wanted, clock) = settings.finish((names, wanted, clock))?;
    let aws = Aws::load().await;
    let outbox = outbox::Outbox::build(&aws, &wanted).await?;
    let composer = SmsComposer;

    let visibility = SqsVisibility::new(aws.sqs());
    let bus = Bus::of(&aws, &names)?;
    let announcements = Announcements::default();
    let store = Store::with_clock(&aws, names, clock.clone());
    let now = || clock.now();
    let sender = Sender {
        ports: &store,
        composer: &composer,
        handover: &outbox,
        now: &now,
    };
    lambda::run(|event: SqsEvent, _| async {
        let response = batch::run(event, &visibility, AT_ONCE, |message| {
            touches::handle(&sender, &announcements, message)
        })
        .await;
        announcements.send(&bus, now()).await;
        Ok::<_, Failure>(response)
    })
    .await
}
