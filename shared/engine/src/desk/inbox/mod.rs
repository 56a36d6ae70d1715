//! The unified inbox: what leads wrote, who has it, and what a person does about it (INB-1, FUP-1). Every answer leaves
//! through the gate, like any other message.

mod act;
mod list;
mod reply;
mod show;

use std::future::Future;

use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::{LeadId, TenantId},
    inbox::{Conversation, InboxMessage, Task},
    sending::touch::Touch,
};

pub use act::{assign, close, file, read, snooze};
pub use list::{Filter, Line, list};
pub use reply::{Answer, Replied, reply};
pub use show::{Shown, show};

use super::{Documents, document};
use crate::ports::PortError;

/// Where conversations are kept: a line of the inbox for each lead that wrote, and the messages behind it.
pub trait Conversations: Documents<Conversation> {
    /// The lines of a tenant's inbox, closed ones included.
    fn lines(
        &self,
        tenant: &TenantId,
    ) -> impl Future<Output = Result<Vec<Conversation>, PortError>> + Send;

    /// The messages of a lead, oldest first.
    fn messages(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> impl Future<Output = Result<Vec<InboxMessage>, PortError>> + Send;
}

/// What waits for a person.
pub trait Tasks: Sync {
    /// A tenant's tasks, oldest first, done ones included.
    fn tasks(&self, tenant: &TenantId)
    -> impl Future<Output = Result<Vec<Task>, PortError>> + Send;

    /// Notes that a task is done, by whom and when; `false` when there is none, or it was done before.
    fn finish_task(
        &self,
        tenant: &TenantId,
        at: DateTime<Utc>,
        id: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, PortError>> + Send;
}

/// What we sent.
pub trait Timeline: Sync {
    /// The touches of a lead, in no order.
    fn touches_of(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> impl Future<Output = Result<Vec<Touch>, PortError>> + Send;
}

/// Which conversation an act is about.
#[derive(Clone, Copy, Debug)]
pub struct Which<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// With which lead.
    pub lead: &'a LeadId,
    /// The version that the person saw; without one the act is made on whatever is there.
    pub seen: Option<u64>,
}

impl<'a> Which<'a> {
    fn document(self) -> document::Which<'a, Conversation> {
        document::Which {
            tenant: self.tenant,
            id: self.lead,
            seen: self.seen,
        }
    }
}

/// A tenant's tasks that a person has to act on at `now`, oldest first.
///
/// # Errors
/// A port is not available.
pub async fn tasks<P: Tasks>(
    inbox: &P,
    tenant: &TenantId,
    now: DateTime<Utc>,
) -> Result<Vec<Task>, PortError> {
    let mut tasks = inbox.tasks(tenant).await?;
    tasks.retain(|task| task.is_due(now));
    Ok(tasks)
}

/// Ends every open task about a lead, reminders that lie ahead included (FUP-1); a call stays in its queue.
async fn end_tasks<P: Tasks>(
    inbox: &P,
    by: &str,
    tenant: &TenantId,
    lead: &LeadId,
    now: DateTime<Utc>,
) -> Result<(), PortError> {
    for task in inbox.tasks(tenant).await? {
        if task.lead == *lead && task.done_at.is_none() && task.cause.is_none() {
            inbox
                .finish_task(tenant, task.at, &task.id, by, now)
                .await?;
        }
    }
    Ok(())
}
