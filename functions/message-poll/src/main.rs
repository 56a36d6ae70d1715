//! Finds text messages and mail whose webhook never came.

mod lists;
mod needs;

use touchline_wiring::{
    read_lists,
    run::{self, Function, Nothing, Occasion},
};

fn main() -> Result<(), run::Error> {
    run::on_schedule(
        &needs::NEEDS,
        async |function: &Function, occasion: Occasion<Nothing>| {
            let lists = lists::of(&function.providers).await?;
            Ok(read_lists(&function.store, lists, occasion.now).await?)
        },
    )
}
