//! Takes providers' webhooks and recipients' unsubscribes. Wires HTTP to the intake.

use lambda_http::{Request, service_fn};
use touchline_runtime::{aws::Aws, logging, meter, settings::Settings};
use touchline_store::{Names, Store};
use webhook_intake::{handler::Intake, trust::Trust};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    logging::init();
    let settings = Settings::from_env();
    let names = Names::from_settings(
        &settings,
        &[
            "REGISTER_TABLE",
            "BUCKET",
            "QUEUE_DELIVERY",
            "QUEUE_REPLIES",
        ],
    );
    let (public_url, prefix) = (
        settings.url("PUBLIC_URL"),
        settings.require("SECRETS_PREFIX"),
    );
    let (hosts, clock) = (settings.sns_cert_hosts(), settings.clock());
    let (names, public_url, prefix, hosts, clock) =
        settings.finish((names, public_url, prefix, hosts, clock))?;
    let aws = Aws::load().await;
    let trust = Trust::build(&aws, prefix, &hosts)?;
    let store = Store::with_clock(&aws, names, clock.clone());
    let intake = Intake {
        store,
        trust,
        public_url,
        clock,
    };
    lambda_http::run(service_fn(|request: Request| async {
        meter::http_request();
        Ok::<_, std::convert::Infallible>(meter::invocation(intake.handle(request)).await)
    }))
    .await
}
