//! `touchline calls`: whom to call, one agent at a time, and how it ended (CALL-1, REP-5).

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use serde_json::json;
use touchline_domain::{
    ids::TenantId,
    inbox::{Call, CallOutcome},
};
use touchline_engine::desk::{
    Actor, Change,
    calls::{self, Assigned, Completed},
};
use touchline_stack::{
    args::Global, choice::one_of, error::CliError, output::table, records::Records, target::Target,
};

use super::inbox::age;

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

impl Agent {
    fn actor(&self) -> Actor {
        Actor::command(self.agent.as_str())
    }
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
    let queue = &records.store.inbox;
    let (now, format) = (target.now()?, global.format());
    match &args.what {
        What::List { tenant } => {
            let calls = calls::open(queue, tenant).await?;
            format.print(&calls, |calls| human(calls, now))
        }
        What::Next { tenant, agent } => {
            let taken = calls::take_next(queue, &agent.actor(), tenant).await?;
            format.print(&taken.map(|change| change.after), |call| {
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
        } => {
            let (by, agent) = (agent.actor(), &agent.agent);
            match calls::assign(queue, &by, tenant, call, agent).await? {
                Assigned::Assigned(Change { after, .. }) => format.print(
                    &json!({ "call": after.id, "lead": after.lead, "agent": agent }),
                    |_| format!("{}: {agent} calls", after.lead),
                ),
                Assigned::TakenBy(other) => {
                    Err(CliError::usage(format!("{other} has call {call}")))
                }
                Assigned::Done => Err(CliError::usage(format!("call {call} is done"))),
                Assigned::NoSuch => Err(missing(tenant, call)),
            }
        }
        What::Done {
            tenant,
            call,
            outcome,
            agent,
        } => {
            let (store, by) = (&records.store, agent.actor());
            let completed = calls::complete(queue, store, &by, tenant, call, *outcome, now).await?;
            match completed {
                Completed::Completed(Change { after, .. }) => format.print(
                    &json!({ "call": after.id, "lead": after.lead, "outcome": outcome }),
                    |_| format!("{}: {outcome}", after.lead),
                ),
                Completed::NotTheirs(_) => Err(CliError::usage(format!(
                    "{}{} does not have call {call}; take it with `calls assign` first",
                    if *outcome == CallOutcome::OptOut {
                        "the opt-out is acted on, but "
                    } else {
                        ""
                    },
                    agent.agent
                ))),
                Completed::Before(_) => Err(CliError::usage(format!("call {call} is done"))),
                Completed::NoSuch => Err(missing(tenant, call)),
            }
        }
    }
}

fn missing(tenant: &TenantId, call: &str) -> CliError {
    CliError::usage(format!("tenant {tenant} has no call {call}"))
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
