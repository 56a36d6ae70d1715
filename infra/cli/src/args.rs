//! The command line: what can be asked, and in which words.
//! A value that can't be right is refused here, before anything is touched.

use clap::{Args, Parser, Subcommand};
use touchline_stack::args::Global;

use crate::commands::{
    audit, calls, campaign, clock, dlq, explain, import, inbox, invoke, logs, persona, pool,
    suppress, switch, tenant, tick, up,
};

/// Runs and operates Touchline, on this machine or in AWS.
#[derive(Debug, Parser)]
#[command(name = "touchline", version, max_term_width = 100)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the local stack, or what does not run of it.
    Up(up::UpArgs),
    /// Stop the local stack and delete its data.
    Down,
    /// Show what runs, what waits, and the stack's time.
    Status,
    /// Show or move the local stack's virtual clock.
    Clock(clock::ClockArgs),
    /// Run a scheduled function now, at the stack's time.
    Tick(tick::TickArgs),
    /// Show what a function logged.
    Logs(logs::LogsArgs),
    /// Invoke a function with an event and print its answer.
    Invoke(invoke::InvokeArgs),
    /// Create, change and list tenants, and say in whose name they write.
    Tenant(tenant::TenantArgs),
    /// Add, change and list the people in whose name a tenant writes.
    Persona(persona::PersonaArgs),
    /// Put domains, mailboxes, numbers and seats into the pool, and give them to tenants.
    Pool(pool::PoolArgs),
    /// Create, start, pause and list campaigns.
    Campaign(campaign::CampaignArgs),
    /// Upload a lead list and follow its import.
    Import(import::ImportArgs),
    /// Show what the rules make of a reply, number, text, time, webhook or list, and why a lead was contacted or not.
    Explain(explain::ExplainArgs),
    /// Prove that nobody was contacted twice, skipped silently, or against their will.
    Audit(audit::AuditArgs),
    /// See what no function could handle, and send it back.
    Dlq(dlq::DlqArgs),
    /// Read what leads wrote, answer it, and see what waits for a person.
    Inbox(inbox::InboxArgs),
    /// See whom to call, take a call, and note how it ended.
    Calls(calls::CallsArgs),
    /// Stop sending at once: everywhere, or for one channel, tenant, campaign or sender.
    Pause(switch::PauseArgs),
    /// Go on where `pause` stopped.
    Resume(switch::ResumeArgs),
    /// Never contact an address again.
    Suppress(suppress::SuppressArgs),
    /// In the lab.
    #[command(hide = true, disable_help_flag = true)]
    Demo(Elsewhere),
    /// In the lab.
    #[command(hide = true, disable_help_flag = true)]
    Bench(Elsewhere),
    /// In the lab.
    #[command(hide = true, disable_help_flag = true)]
    Simulate(Elsewhere),
    /// In the lab.
    #[command(hide = true, disable_help_flag = true)]
    Fuzz(Elsewhere),
}

/// What was typed after a command of the lab.
#[derive(Clone, Debug, Args)]
pub struct Elsewhere {
    /// Anything.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub words: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;
    use touchline_stack::{error::CliError, output::Format};

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn json_may_stand_after_the_command() {
        let cli =
            Cli::try_parse_from(["touchline", "status", "--json", "--stack", "other"]).unwrap();
        assert_eq!(cli.global.format(), Format::Json);
        assert_eq!(cli.global.stack, "other");
    }

    #[tokio::test]
    async fn a_command_of_the_lab_is_refused_with_what_to_type() {
        for typed in [
            "demo --rows 100",
            "bench lambda --help",
            "simulate",
            "fuzz --json",
        ] {
            let cli = Cli::try_parse_from(format!("touchline {typed}").split(' ')).unwrap();
            let refused = crate::commands::run(cli).await.unwrap_err();
            assert!(matches!(refused, CliError::Usage(_)));
            let command = typed.split(' ').next().unwrap();
            let said = refused.one_line();
            assert!(said.contains(&format!("`cargo lab {command}`")), "{said}");
        }
    }
}
