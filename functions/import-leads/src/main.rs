//! Streams an uploaded lead list into leads.

mod handler;
mod needs;

use touchline_wiring::run;

fn main() -> Result<(), run::Error> {
    run::on_upload(&needs::NEEDS, handler::import)
}
