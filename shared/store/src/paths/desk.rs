//! What people do at their desk: read the inbox, take tasks, make calls (INB-1, CALL-1, FUP-1). Every act is one write
//! that somebody else's act at the same time does not undo.

use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::{LeadId, TenantId},
    inbox::{CallOutcome, Conversation, Task},
};
use touchline_engine::ports::PortError;

use crate::{
    Store,
    inbox::{Assigned, Call},
};

impl Store {
    /// The lines of a tenant's inbox, closed ones included.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn conversations(&self, tenant: &TenantId) -> Result<Vec<Conversation>, PortError> {
        self.inbox.conversations(tenant).await
    }

    /// The line of one lead.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn conversation(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Option<Conversation>, PortError> {
        self.inbox.find_conversation(tenant, lead).await
    }

    /// Changes the line of a lead and answers it as it is now; nothing if the lead never wrote.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn change_conversation(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        change: impl Fn(&mut Conversation),
    ) -> Result<Option<Conversation>, PortError> {
        self.inbox.change_conversation(tenant, lead, change).await
    }

    /// A tenant's tasks that a person has to act on at `now`, oldest first.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn tasks_due(
        &self,
        tenant: &TenantId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Task>, PortError> {
        let mut tasks = self.inbox.tasks::<Task>(tenant).await?;
        tasks.retain(|task| task.is_due(now));
        Ok(tasks)
    }

    /// Ends every open task about a lead, reminders that lie ahead included (FUP-1); a call stays in its queue. Answers
    /// how many.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn finish_tasks_of(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<usize, PortError> {
        let tasks = self.inbox.tasks::<Task>(tenant).await?;
        let mut finished = 0;
        for task in tasks
            .iter()
            .filter(|task| task.lead == *lead && task.done_at.is_none() && task.cause.is_none())
        {
            let ended = self
                .inbox
                .finish_task(tenant, task.at, &task.id, by, now)
                .await?;
            finished += usize::from(ended);
        }
        Ok(finished)
    }

    /// A tenant's calls that are not done, most urgent first.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn open_calls(&self, tenant: &TenantId) -> Result<Vec<Call>, PortError> {
        let mut calls = self.inbox.calls(tenant).await?;
        calls.retain(|call| call.done_at.is_none());
        Ok(calls)
    }

    /// Gives `agent` the most urgent call that nobody has, or the one that they have already; no two agents get the
    /// same (CALL-1).
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn take_next_call(
        &self,
        tenant: &TenantId,
        agent: &str,
    ) -> Result<Option<Call>, PortError> {
        let open = self.open_calls(tenant).await?;
        let theirs = |call: &&Call| call.agent.as_deref() == Some(agent);
        let free = |call: &&Call| call.agent.is_none();
        for call in open.iter().filter(theirs).chain(open.iter().filter(free)) {
            if self.inbox.assign_call(call, agent).await? == Assigned::Yours {
                let agent = Some(agent.to_owned());
                return Ok(Some(Call {
                    agent,
                    ..call.clone()
                }));
            }
        }
        Ok(None)
    }

    /// Gives one call to an agent.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn assign_call(&self, call: &Call, agent: &str) -> Result<Assigned, PortError> {
        self.inbox.assign_call(call, agent).await
    }

    /// Completes a call with its outcome, and its task with it; `false` when the agent does not have it.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn complete_call(
        &self,
        call: &Call,
        agent: &str,
        outcome: CallOutcome,
        now: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        let done = self
            .inbox
            .complete_call(call, agent, outcome.into(), now)
            .await?;
        if done {
            self.inbox
                .finish_task(&call.tenant, call.at, &call.id, agent, now)
                .await?;
        }
        Ok(done)
    }
}
