//! Finds LinkedIn messages and accepted invitations whose webhook never came.

mod handler;
mod needs;

use touchline_wiring::run::{self, Function, Nothing, Occasion};

fn main() -> Result<(), run::Error> {
    run::on_schedule(
        &needs::NEEDS,
        async |function: &Function, occasion: Occasion<Nothing>| {
            handler::handle(function, occasion.now).await
        },
    )
}
