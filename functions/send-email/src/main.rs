//! Sends e-mail touches.

mod needs;

use touchline_engine::channel::EmailComposer;
use touchline_wiring::run;

fn main() -> Result<(), run::Error> {
    run::sender::<EmailComposer>(&needs::NEEDS)
}
