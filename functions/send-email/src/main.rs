//! Sends e-mail touches.

mod needs;

use touchline_engine::compose::EmailComposer;
use touchline_wiring::run;

fn main() -> Result<(), run::Error> {
    run::sender::<EmailComposer>(&needs::NEEDS)
}
