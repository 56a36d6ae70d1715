//! The call queue: one agent at a time, completed with an outcome (CALL-1, REP-5).

use std::future::Future;

use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::TenantId,
    inbox::{Call, CallOutcome},
};

use super::{Actor, Change, inbox::Tasks};
use crate::{
    ports::{Journeys, PortError, Suppressions},
    reply::by_hand,
};

/// Where calls wait.
pub trait CallQueue: Sync {
    /// A tenant's calls, the most urgent first, done ones included.
    fn calls(&self, tenant: &TenantId)
    -> impl Future<Output = Result<Vec<Call>, PortError>> + Send;

    /// Gives an open call to an agent, unless another one has it; again to the same agent changes nothing.
    fn assign_call(
        &self,
        call: &Call,
        agent: &str,
    ) -> impl Future<Output = Result<Assignment, PortError>> + Send;

    /// Completes an open call that the agent has; `false` when they do not have it.
    fn complete_call(
        &self,
        call: &Call,
        agent: &str,
        outcome: CallOutcome,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, PortError>> + Send;
}

/// Who has a call after it was to be given to an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// The agent.
    Agent,
    /// Another one, who had it before.
    Other(String),
    /// Nobody: there is no such call, or it is done.
    Nobody,
}

/// The answer to giving a call to an agent.
#[expect(
    clippy::large_enum_variant,
    reason = "an answer is made once and read at once"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// The agent has it.
    Assigned(Change<Call>),
    /// Another agent has it.
    TakenBy(String),
    /// It is done already.
    Done,
    /// The tenant has no such call.
    NoSuch,
}

/// The answer to completing a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completed {
    /// Its outcome is noted, and its task is done.
    Completed(Change<Call>),
    /// Whoever completes it does not have it. An opt-out was acted on nevertheless.
    NotTheirs(Call),
    /// It was completed before.
    Before(Call),
    /// The tenant has no such call.
    NoSuch,
}

/// A tenant's calls that are not done, the most urgent first.
///
/// # Errors
/// A port is not available.
pub async fn open<P: CallQueue>(queue: &P, tenant: &TenantId) -> Result<Vec<Call>, PortError> {
    let mut calls = queue.calls(tenant).await?;
    calls.retain(|call| call.done_at.is_none());
    Ok(calls)
}

/// Gives `by` the most urgent call that nobody has, or the one that they have already. No two agents get the same.
///
/// # Errors
/// A port is not available.
pub async fn take_next<P: CallQueue>(
    queue: &P,
    by: &Actor,
    tenant: &TenantId,
) -> Result<Option<Change<Call>>, PortError> {
    let open = open(queue, tenant).await?;
    let theirs = |call: &&Call| call.agent.as_deref() == Some(by.name.as_str());
    let free = |call: &&Call| call.agent.is_none();
    for call in open.iter().filter(theirs).chain(open.iter().filter(free)) {
        if queue.assign_call(call, &by.name).await? == Assignment::Agent {
            return Ok(Some(given(by, call, &by.name)));
        }
    }
    Ok(None)
}

/// Gives one call to an agent.
///
/// # Errors
/// A port is not available.
pub async fn assign<P: CallQueue>(
    queue: &P,
    by: &Actor,
    tenant: &TenantId,
    call: &str,
    agent: &str,
) -> Result<Assigned, PortError> {
    let Some(call) = find(queue, tenant, call).await? else {
        return Ok(Assigned::NoSuch);
    };
    Ok(match queue.assign_call(&call, agent).await? {
        Assignment::Agent => Assigned::Assigned(given(by, &call, agent)),
        Assignment::Other(other) => Assigned::TakenBy(other),
        Assignment::Nobody => Assigned::Done,
    })
}

/// Notes how the call that `by` has ended. Who asked not to be contacted again is left alone from then on, whatever
/// becomes of the note: the opt-out is acted on first (REP-2).
///
/// # Errors
/// A port is not available; the same again does what is missing.
pub async fn complete<Q, P>(
    queue: &Q,
    leads: &P,
    by: &Actor,
    tenant: &TenantId,
    call: &str,
    outcome: CallOutcome,
    now: DateTime<Utc>,
) -> Result<Completed, PortError>
where
    Q: CallQueue + Tasks,
    P: Journeys + Suppressions,
{
    let Some(call) = find(queue, tenant, call).await? else {
        return Ok(Completed::NoSuch);
    };
    if outcome == CallOutcome::OptOut {
        by_hand::opt_out(leads, tenant, &call.lead, &by.name, now).await?;
    }
    let is_theirs = call.agent.as_ref() == Some(&by.name);
    let completed =
        call.done_at.is_none() && queue.complete_call(&call, &by.name, outcome, now).await?;
    if completed || (call.done_at.is_some() && is_theirs) {
        queue
            .finish_task(tenant, call.at, &call.id, &by.name, now)
            .await?;
    }
    if completed {
        let after = Call {
            result: Some(outcome.to_string()),
            done_at: Some(now),
            ..call.clone()
        };
        return Ok(Completed::Completed(Change {
            by: by.clone(),
            before: Some(call),
            after,
        }));
    }
    Ok(match call.done_at {
        Some(_) => Completed::Before(call),
        None => Completed::NotTheirs(call),
    })
}

async fn find<P: CallQueue>(
    queue: &P,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<Call>, PortError> {
    let calls = queue.calls(tenant).await?;
    Ok(calls.into_iter().find(|call| call.id == id))
}

fn given(by: &Actor, call: &Call, agent: &str) -> Change<Call> {
    Change {
        by: by.clone(),
        before: Some(call.clone()),
        after: Call {
            agent: Some(agent.to_owned()),
            ..call.clone()
        },
    }
}
