//! `touchline pause` and `touchline resume`: kill switches (GATE-1, SEQ-5). They act on touches that are queued already,
//! within a minute.

use clap::Args;
use serde_json::json;
use touchline_domain::sending::switch::SwitchScope;
use touchline_engine::desk::switches::{self, Paused, Resumed};
use touchline_stack::{args::Global, error::CliError, records::Records, target::Target};

use crate::who::Who;

/// What to pause.
#[derive(Clone, Debug, Args)]
pub struct PauseArgs {
    /// platform, channel/C, tenant/T, tenant/T/channel/C, tenant/T/campaign/ID or resource/ID.
    pub scope: String,
    /// Why; kept with the switch.
    #[arg(long)]
    pub reason: String,
    /// Who pauses it.
    #[command(flatten)]
    pub who: Who,
}

/// What to resume.
#[derive(Clone, Debug, Args)]
pub struct ResumeArgs {
    /// As it was paused.
    pub scope: String,
    /// Who resumes it.
    #[command(flatten)]
    pub who: Who,
}

/// Turns a switch on.
///
/// # Errors
/// The scope is none, or the stack does not answer.
pub async fn pause(global: &Global, args: &PauseArgs) -> Result<(), CliError> {
    let scope = scope(&args.scope)?;
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let (by, now) = (args.who.actor(), target.now()?);
    let paused = switches::pause(&records.store.tenants, &by, &scope, &args.reason, now).await?;
    let record = match &paused {
        Paused::Paused(change) => change.after.on.as_ref(),
        Paused::Already(record) => Some(record),
    };
    global.format().print(
        &json!({ "paused": scope, "record": record }),
        |_| match &paused {
            Paused::Paused(_) => {
                format!("paused {scope}; effective on queued touches within a minute")
            }
            Paused::Already(before) => format!(
                "{scope} is paused already, by {} since {}: {}",
                before.actor,
                before.at.to_rfc3339(),
                before.reason
            ),
        },
    )
}

/// Turns a switch off.
///
/// # Errors
/// The scope is none, or the stack does not answer.
pub async fn resume(global: &Global, args: &ResumeArgs) -> Result<(), CliError> {
    let scope = scope(&args.scope)?;
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let resumed = switches::resume(&records.store.tenants, &args.who.actor(), &scope).await?;
    global
        .format()
        .print(&json!({ "resumed": scope }), |_| match resumed {
            Resumed::Resumed(_) => format!(
                "resumed {scope}; what was put off is looked at again within a quarter of an hour"
            ),
            Resumed::WasNotPaused => format!("{scope} was not paused"),
        })
}

fn scope(text: &str) -> Result<SwitchScope, CliError> {
    SwitchScope::try_from(text.to_owned()).map_err(|error| CliError::usage(error.to_string()))
}
