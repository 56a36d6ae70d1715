//! The command line: what can be asked, and in which words.
//! A value that can't be right is refused here, before anything is touched.

use clap::{Parser, Subcommand};
use touchline_stack::args::Global;

use crate::commands::{
    audit, calls, campaign, clock, dlq, explain, import, inbox, invoke, logs, suppress, switch,
    tenant, tick, up,
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
    /// Bring the local stack up, or what is missing of it.
    Up(up::UpArgs),
    /// Take the local stack down, with its data.
    Down,
    /// Show what runs, what waits, and the stack's time.
    Status,
    /// Show or move the local stack's virtual clock.
    Clock(clock::ClockArgs),
    /// Run a schedule now, at the stack's time.
    Tick(tick::TickArgs),
    /// Show what a function logged.
    Logs(logs::LogsArgs),
    /// Invoke a function with an event and print its answer.
    Invoke(invoke::InvokeArgs),
    /// Create and list tenants.
    Tenant(tenant::TenantArgs),
    /// Create, start, pause and list campaigns.
    Campaign(campaign::CampaignArgs),
    /// Upload a lead list and follow its import.
    Import(import::ImportArgs),
    /// Ask the rules: replies, numbers, texts, windows, webhooks, the gate, lists; or why a lead was contacted, or not.
    Explain(explain::ExplainArgs),
    /// Prove that nobody was contacted twice, skipped silently, or against their will.
    Audit(audit::AuditArgs),
    /// See what no function could handle, and send it back.
    Dlq(dlq::DlqArgs),
    /// Read what leads wrote, answer it, and see what waits for a person.
    Inbox(inbox::InboxArgs),
    /// See whom to call, take a call, and note how it ended.
    Calls(calls::CallsArgs),
    /// Turn a kill switch on.
    Pause(switch::PauseArgs),
    /// Turn a kill switch off.
    Resume(switch::ResumeArgs),
    /// Never contact an address again.
    Suppress(suppress::SuppressArgs),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;
    use touchline_stack::output::Format;

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
}
