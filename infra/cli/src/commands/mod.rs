//! One module per subcommand, each with its arguments, what it does, and what it prints.
//! They hold no rule of outreach and call no provider.

pub mod audit;
pub mod calls;
pub mod campaign;
pub mod clock;
pub mod dlq;
pub mod down;
pub mod explain;
pub mod import;
pub mod inbox;
pub mod invoke;
pub mod logs;
pub mod persona;
pub mod pool;
pub mod status;
pub mod suppress;
pub mod switch;
pub mod tenant;
pub mod tick;
pub mod up;

use crate::args::{Cli, Command};
use touchline_stack::error::CliError;

/// Runs the command that was asked for.
///
/// # Errors
/// [`CliError`], which tells the exit status.
pub async fn run(cli: Cli) -> Result<(), CliError> {
    let global = cli.global;
    match cli.command {
        Command::Up(args) => up::run(&global, &args).await,
        Command::Down => down::run(&global).await,
        Command::Status => status::run(&global).await,
        Command::Clock(args) => clock::run(&global, &args).await,
        Command::Tick(args) => tick::run(&global, &args).await,
        Command::Logs(args) => logs::run(&global, &args).await,
        Command::Invoke(args) => invoke::run(&global, &args).await,
        Command::Tenant(args) => tenant::run(&global, &args).await,
        Command::Persona(args) => persona::run(&global, &args).await,
        Command::Pool(args) => pool::run(&global, &args).await,
        Command::Campaign(args) => campaign::run(&global, &args).await,
        Command::Import(args) => import::run(&global, &args).await,
        Command::Explain(args) => explain::run(&global, &args).await,
        Command::Audit(args) => audit::run(&global, &args).await,
        Command::Dlq(args) => dlq::run(&global, &args).await,
        Command::Inbox(args) => inbox::run(&global, &args).await,
        Command::Calls(args) => calls::run(&global, &args).await,
        Command::Pause(args) => switch::pause(&global, &args).await,
        Command::Resume(args) => switch::resume(&global, &args).await,
        Command::Suppress(args) => suppress::run(&global, &args).await,
        Command::Demo(_) => Err(in_the_lab("demo")),
        Command::Bench(_) => Err(in_the_lab("bench")),
        Command::Simulate(_) => Err(in_the_lab("simulate")),
        Command::Fuzz(_) => Err(in_the_lab("fuzz")),
    }
}

/// Names the command that does what was asked for.
fn in_the_lab(command: &str) -> CliError {
    CliError::usage(format!(
        "`{command}` is in the lab: type `cargo lab {command}` in a checkout, with the same arguments"
    ))
}
