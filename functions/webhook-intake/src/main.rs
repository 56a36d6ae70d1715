//! Takes providers' webhooks and recipients' unsubscribes.

mod needs;

use touchline_store::Store;
use touchline_wiring::run::{self, Function};
use webhook_intake::{handler::Intake, trust::Trust};

fn main() -> Result<(), run::Error> {
    run::on_http(
        &needs::NEEDS,
        |function: Function| {
            Ok(Intake {
                public_url: function.config.public_url()?.to_owned(),
                trust: Trust::new(function.providers, function.config.sns_cert_hosts()),
                store: function.store,
                clock: function.clock,
            })
        },
        |intake: &'static Intake<Store, Trust>, request| intake.handle(request),
    )
}
