//! Enriches, scores and enrols leads.

mod handler;
mod needs;

use touchline_wiring::run::{self, Function};

fn main() -> Result<(), run::Error> {
    run::on_queue(&needs::NEEDS, async |function: &Function, message| {
        let now = function.clock.now();
        handler::handle(&function.store, &function.providers, message, now).await
    })
}
