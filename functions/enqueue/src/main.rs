//! Queues what is due, once a minute.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod fan_out;
mod handler;
mod needs;

use touchline_wiring::run::{self, Function, Occasion};

fn main() -> Result<(), run::Error> {
    run::on_schedule(
        &needs::NEEDS,
        async |function: &Function, occasion: Occasion<handler::Shard>| {
            let others = fan_out::Invocations::of(function)?;
            handler::handle(&function.store, &others, occasion).await
        },
    )
}
