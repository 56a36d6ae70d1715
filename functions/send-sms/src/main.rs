//! Sends SMS touches.

mod needs;

use touchline_engine::channel::SmsComposer;
use touchline_wiring::run;

fn main() -> Result<(), run::Error> {
    run::sender::<SmsComposer>(&needs::NEEDS)
}
