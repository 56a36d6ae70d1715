//! `touchline calls`: whom to call, one agent at a time, and how it ended (CALL-1, REP-5).

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use serde_json::json;
use touchline_domain::{ids::TenantId, inbox::CallOutcome};
use touchline_engine::reply::by_hand;
use touchline_store::inbox::{Assigned, Call};

use super::inbox::age;
use touchline_stack::{
    args::Global,
    choice::one_of,
    error::CliError,
    output::{Format, table},
    records::Records,
    target::Target,
};

const EXAMPLES: &str = "\
Examples:
  touchline calls list acme               who is to be called, the most urgent first
  touchline calls next acme --agent ana   ana gets the next one; nobody else gets it
  touchline calls assign acme evt_12 --agent ben
  touchline calls done acme evt_12 meeting --agent ana

Who called us is called back first, then who gave an e-mail address.";

/// Works the call queue.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CallsArgs {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// Who makes a call.
#[derive(Clone, Debug, Args)]
pub struct Agent {
    /// Who calls; the user of this shell if not given.
    #[arg(long, env = "USER", default_value = "operator")]
    pub agent: String,
}

/// What can be done with the call queue.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// Calls that are not done, the most urgent first.
    List {
        /// The tenant.
        tenant: TenantId,
    },
    /// Take the most urgent call that nobody has, or the one that you have.
    Next {
        /// The tenant.
        tenant: TenantId,
        /// For whom.
        #[command(flatten)]
        agent: Agent,
    },
    /// Take one call.
    Assign {
        /// The tenant.
        tenant: TenantId,
        /// Its id.
        call: String,
        /// For whom.
        #[command(flatten)]
        agent: Agent,
    },
    /// Note how a call ended; an opt-out ends all contact at once.
    Done {
        /// The tenant.
        tenant: TenantId,
        /// Its id.
        call: String,
        /// How.
        #[arg(value_parser = one_of::<CallOutcome>())]
        outcome: CallOutcome,
        /// Whose call.
        #[command(flatten)]
        agent: Agent,
    },
}

/// Does it.
///
/// # Errors
/// There is no such call, somebody else has it, or the stack does not answer.
pub async fn run(global: &Global, args: &CallsArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let (now, format) = (target.now()?, global.format());
    match &args.what {
        What::List { tenant } => {
            let calls = open_calls(&records, tenant).await?;
            format.print(&calls, |calls| human(calls, now))
        }
        What::Next { tenant, agent } => {
            let call = records
                .store
                .take_next_call(tenant, &agent.agent)
                .await
                .map_err(anyhow::Error::new)?;
            format.print(&call, |call| {
                call.as_ref().map_or_else(
                    || "nobody is to be called".to_owned(),
                    |call| human(std::slice::from_ref(call), now),
                )
            })
        }
        What::Assign {
            tenant,
            call,
            agent,
        } => assign(&records, format, tenant, call, &agent.agent).await,
        What::Done {
            tenant,
            call,
            outcome,
            agent,
        } => {
            let found = find(&records, tenant, call).await?;
            if *outcome == CallOutcome::OptOut {
                by_hand::opt_out(&records.store, tenant, &found.lead, &agent.agent, now)
                    .await
                    .map_err(anyhow::Error::new)?;
            }
            let done = records
                .store
                .complete_call(&found, &agent.agent, *outcome, now)
                .await
                .map_err(anyhow::Error::new)?;
            if !done {
                return Err(CliError::usage(format!(
                    "{} does not have call {call}; take it with `calls assign` first",
                    agent.agent
                )));
            }
            let report = json!({ "call": found.id, "lead": found.lead, "outcome": outcome });
            format.print(&report, |_| format!("{}: {outcome}", found.lead))
        }
    }
}

async fn assign(
    records: &Records,
    format: Format,
    tenant: &TenantId,
    call: &str,
    agent: &str,
) -> Result<(), CliError> {
    let found = find(records, tenant, call).await?;
    let assigned = records
        .store
        .assign_call(&found, agent)
        .await
        .map_err(anyhow::Error::new)?;
    match assigned {
        Assigned::Yours => format.print(
            &json!({ "call": found.id, "lead": found.lead, "agent": agent }),
            |_| format!("{}: {agent} calls", found.lead),
        ),
        Assigned::TakenBy(other) => Err(CliError::usage(format!("{other} has call {call}"))),
        Assigned::Gone => Err(CliError::usage(format!("call {call} is done"))),
    }
}

async fn open_calls(records: &Records, tenant: &TenantId) -> Result<Vec<Call>, CliError> {
    let calls = records.store.open_calls(tenant).await;
    Ok(calls.map_err(anyhow::Error::new)?)
}

async fn find(records: &Records, tenant: &TenantId, id: &str) -> Result<Call, CliError> {
    let open = open_calls(records, tenant).await?;
    open.into_iter()
        .find(|call| call.id == id)
        .ok_or_else(|| CliError::usage(format!("tenant {tenant} has no open call {id}")))
}

fn human(calls: &[Call], now: DateTime<Utc>) -> String {
    if calls.is_empty() {
        return "nobody is to be called".to_owned();
    }
    let rows = calls.iter().map(|call| {
        vec![
            call.priority.to_string(),
            age(now - call.at),
            call.cause.clone(),
            call.agent.clone().unwrap_or_else(|| "-".to_owned()),
            call.lead.to_string(),
            call.id.clone(),
        ]
    });
    table(&["urgency", "age", "why", "who", "lead", "call"], rows)
}
