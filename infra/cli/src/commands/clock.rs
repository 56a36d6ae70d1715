//! `touchline clock`: shows and moves the time that functions and simulator see.
//! It refuses a time that has passed, and any stack in AWS.

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use serde::Serialize;

use touchline_stack::args::Global;
use touchline_stack::clock::rfc3339;
use touchline_stack::error::CliError;
use touchline_stack::span;
use touchline_stack::target::Target;

/// What to do with the clock.
#[derive(Debug, Clone, Args)]
pub struct ClockArgs {
    /// Show or move.
    #[command(subcommand)]
    pub action: ClockAction,
}

/// Show or move.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ClockAction {
    /// Show the stack's time.
    Show,
    /// Move the clock forward by a length of time such as 3d, 12h or 1d12h.
    Advance {
        /// How far.
        #[arg(value_parser = span::parse)]
        by: std::time::Duration,
    },
    /// Move the clock forward to a time such as 2026-12-01T09:00:00+11:00.
    Set {
        /// The time, RFC 3339.
        #[arg(value_parser = instant)]
        to: DateTime<Utc>,
    },
}

#[derive(Debug, Serialize)]
struct Report {
    now: String,
    ahead_secs: i64,
}

/// Shows the time, after moving it when asked.
///
/// # Errors
/// [`CliError`]; the clock has not moved then.
pub async fn run(global: &Global, args: &ClockArgs) -> Result<(), CliError> {
    let clock = Target::open(&global.stack, global.aws).await?.clock()?;
    let now = match args.action {
        ClockAction::Show => clock.now(Utc::now()),
        ClockAction::Advance { by } => clock.advance(by, Utc::now()),
        ClockAction::Set { to } => clock.set(to, Utc::now()),
    }?;
    let report = Report {
        now: rfc3339(now),
        ahead_secs: clock.offset_secs()?,
    };
    global
        .format()
        .print(&report, |r| format!("{} ({} s ahead)", r.now, r.ahead_secs))
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .map_err(|_| format!("`{text}` is not RFC 3339; write for example 2026-12-01T09:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_zone_is_refused() {
        assert_eq!(
            rfc3339(instant("2026-12-01T09:00:00+11:00").unwrap()),
            "2026-11-30T22:00:00Z"
        );
        assert!(instant("2026-12-01T09:00:00").is_err());
        assert!(instant("tomorrow").is_err());
    }
}
