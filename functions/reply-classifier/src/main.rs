//! Reads replies and acts on them. Wires the reply path to the store and to the providers that keep bodies and know
//! members.

mod bodies;
mod handler;
mod members;
mod model;

use aws_lambda_events::sqs::SqsEvent;
use touchline_engine::reply::Reading;
use touchline_runtime::{
    announcements::Announcements,
    aws::Aws,
    batch,
    lambda::{self, Failure},
    logging,
    settings::Settings,
    visibility::SqsVisibility,
};
use touchline_store::{Names, Store, bus::Bus};

/// Messages of a batch that are worked on at once.
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
        "INBOX_TABLE",
        "QUEUE_EMAIL",
        "QUEUE_SMS",
        "EVENT_BUS",
    ];
    let names = Names::from_settings(&settings, &needed);
    let (resend_url, prefix) = (
        settings.url("RESEND_URL"),
        settings.require("SECRETS_PREFIX"),
    );
    let (clock, named) = (settings.clock(), model::Named::from_settings(&settings));
    let unipile_url = settings.optional("UNIPILE_URL");
    let (names, resend_url, prefix, clock, named, unipile_url) =
        settings.finish((names, resend_url, prefix, clock, named, unipile_url))?;
    let aws = Aws::load().await;
    let visibility = SqsVisibility::new(aws.sqs());
    let (model, members, bodies) = tokio::try_join!(
        model::Model::build(&aws, &prefix, named),
        members::LinkedinMembers::build(&aws, &prefix, unipile_url),
        bodies::StoredBodies::build(&aws, prefix.clone(), &resend_url),
    )?;
    let bus = Bus::of(&aws, &names)?;
    let announcements = Announcements::default();
    let store = Store::with_clock(&aws, names, clock.clone());
    let reading = Reading {
        bodies: &bodies,
        reader: &model,
        members: &members,
    };
    lambda::run(|event: SqsEvent, _| async {
        let response = batch::run(event, &visibility, AT_ONCE, |message| {
            handler::handle(&store, &reading, &announcements, message)
        })
        .await;
        announcements.send(&bus, clock.now()).await;
        Ok::<_, Failure>(response)
    })
    .await
}
