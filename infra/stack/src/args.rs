//! The options that every command of every tool takes.

use clap::Args;

use crate::error::CliError;
use crate::local::DEFAULT_STACK;
use crate::output::Format;

/// Where help lists them, below the options of the command itself.
pub const HEADING: &str = "Options of every command";

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = HEADING)]
pub struct Global {
    /// Name of the stack.
    #[arg(long, global = true, default_value = DEFAULT_STACK, env = "TOUCHLINE_STACK")]
    pub stack: String,
    /// Work on the stack in AWS, with the credentials of the environment, instead of the local one.
    #[arg(long, global = true)]
    pub aws: bool,
    /// Print one JSON document.
    #[arg(long, global = true)]
    pub json: bool,
}

impl Global {
    /// How results are printed.
    #[must_use]
    pub fn format(&self) -> Format {
        Format::from_flag(self.json)
    }

    /// Refuses `--aws` for what only the local stack has.
    ///
    /// # Errors
    /// A usage error naming the command.
    pub fn local_only(&self, command: &str) -> Result<(), CliError> {
        if self.aws {
            return Err(CliError::usage(format!(
                "`{command}` works on the local stack only; leave out --aws"
            )));
        }
        Ok(())
    }
}
