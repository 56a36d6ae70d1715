//! Who acts.

use clap::Args;
use touchline_engine::desk::Actor;

/// Whose name records carry.
#[derive(Clone, Debug, Args)]
pub struct Who {
    /// Who does it; the user of this shell if not given.
    #[arg(long, env = "USER", default_value = "operator")]
    pub actor: String,
}

impl Who {
    /// As the use cases want it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::command(self.actor.as_str())
    }
}
