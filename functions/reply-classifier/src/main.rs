//! Reads replies and acts on them.

mod handler;
mod needs;

use touchline_engine::reply::Reading;
use touchline_wiring::run::{self, Function};

fn main() -> Result<(), run::Error> {
    run::on_queue(&needs::NEEDS, async |function: &Function, message| {
        let reading = Reading {
            bodies: &function.providers,
            reader: &function.providers,
            members: &function.providers,
        };
        handler::handle(&function.store, &reading, &function.announcements, message).await
    })
}
