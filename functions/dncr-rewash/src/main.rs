//! Washes numbers against the Do Not Call Register: those that wait in the queue, and daily those that are due for it.

mod handler;
mod needs;

use touchline_wiring::run::{self, Function};

fn main() -> Result<(), run::Error> {
    run::on_queue_and_schedule(
        &needs::NEEDS,
        async |function: &Function, message| {
            let now = function.clock.now();
            handler::wash(&function.store, &function.providers, message, now).await
        },
        async |function: &Function, now| handler::collect(&function.store, now).await,
    )
}
