//! Checks the pool's buffer and its senders' health, and announces what is low. Allocates nothing.

mod handler;
mod needs;

use touchline_wiring::run::{self, Function, Nothing, Occasion};

fn main() -> Result<(), run::Error> {
    run::on_schedule(
        &needs::NEEDS,
        async |function: &Function, occasion: Occasion<Nothing>| {
            handler::handle(&function.store.pool, &function.announcements, occasion.now).await
        },
    )
}
