//! Applies providers' delivery events.

mod handler;
mod needs;

use touchline_wiring::run::{self, Function};

fn main() -> Result<(), run::Error> {
    run::on_queue(&needs::NEEDS, async |function: &Function, message| {
        handler::handle(&function.store, message).await
    })
}
