//! `touchline pause` and `touchline resume`: kill switches (GATE-1, SEQ-5). They act on touches that are queued already,
//! within a minute.

use clap::Args;
use serde_json::json;
use touchline_domain::sending::switch::{SwitchRecord, SwitchScope};

use touchline_stack::{args::Global, error::CliError, records::Records, target::Target};

/// What to pause.
#[derive(Clone, Debug, Args)]
pub struct PauseArgs {
    /// platform, channel/C, tenant/T, tenant/T/channel/C, tenant/T/campaign/ID or resource/ID.
    pub scope: String,
    /// Why; kept with the switch.
    #[arg(long)]
    pub reason: String,
    /// Who; the user of this shell if not given.
    #[arg(long, env = "USER", default_value = "operator")]
    pub actor: String,
}

/// What to resume.
#[derive(Clone, Debug, Args)]
pub struct ResumeArgs {
    /// As it was paused.
    pub scope: String,
}

/// Turns a switch on.
///
/// # Errors
/// The scope is none, or the stack does not answer.
pub async fn pause(global: &Global, args: &PauseArgs) -> Result<(), CliError> {
    let scope = scope(&args.scope)?;
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let record = SwitchRecord {
        at: target.now()?,
        actor: args.actor.clone(),
        reason: args.reason.clone(),
    };
    records
        .store
        .switch_on(&scope, &record)
        .await
        .map_err(anyhow::Error::new)?;
    global
        .format()
        .print(&json!({ "paused": scope, "record": record }), |_| {
            format!("paused {scope}; effective on queued touches within a minute")
        })
}

/// Turns a switch off.
///
/// # Errors
/// The scope is none, or the stack does not answer.
pub async fn resume(global: &Global, args: &ResumeArgs) -> Result<(), CliError> {
    let scope = scope(&args.scope)?;
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    records
        .store
        .switch_off(&scope)
        .await
        .map_err(anyhow::Error::new)?;
    global.format().print(&json!({ "resumed": scope }), |_| {
        format!("resumed {scope}; what was put off is looked at again within a quarter of an hour")
    })
}

fn scope(text: &str) -> Result<SwitchScope, CliError> {
    SwitchScope::try_from(text.to_owned()).map_err(|error| CliError::usage(error.to_string()))
}
