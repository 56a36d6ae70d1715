//! The command line: what can be asked, and in which words.
//! A value that can't be right is refused here, before anything is touched.

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    audit, bench, calls, campaign, clock, demo, dlq, explain, import, inbox, invoke, logs,
    simulate, suppress, switch, tenant, tick, up,
};
use crate::local::DEFAULT_STACK;
use crate::output::Format;

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

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Name of the stack.
    #[arg(long, global = true, default_value = DEFAULT_STACK, env = "TOUCHLINE_STACK")]
    pub stack: String,
    /// Work on the stack in AWS, with the credentials of the environment, not on the local one.
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
    /// Play fourteen days of two lead lists on a fresh local stack, and audit what came of it.
    Demo(demo::DemoArgs),
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
    /// Measure speed, memory and cost of what is built here.
    Bench(bench::BenchArgs),
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
    /// Try to break the send path: crashes, lost answers, redeliveries and races in every order, by seed.
    ///
    /// Runs the engine's own code against a model of tables, queues, clock and providers. A seed decides what goes
    /// wrong and when; after every step it is checked that no touch reached its provider twice, none was lost, no
    /// limit was exceeded, and nothing went to somebody who had opted out. Needs no stack and no network. Ends with
    /// status 1 if anything was wrong.
    Simulate(simulate::SimulateArgs),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

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
