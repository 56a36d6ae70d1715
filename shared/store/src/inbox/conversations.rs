//! The lines of the unified inbox (INB-1). A message and the line that it changes are written together, so that a
//! redelivered message is not counted twice (HOOK-3); a line is written only over the version that was read.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use touchline_domain::{
    ids::{LeadId, TenantId},
    inbox::{Conversation, InboxMessage},
};
use touchline_engine::{ports::PortError, reply::Kept};

use super::Inbox;
use crate::{
    error::{Incomplete, incomplete},
    item::{Item, decode, encode, number},
    keys,
    table::{IF_NEW, Range, Read, Transacted},
};

/// A line that others change at the same time is tried this often.
const TRIES: u32 = 8;
/// Two copies of a message are at most so far apart, where its provider gives it no time of its own (HOOK-3).
const COPY_WITHIN: TimeDelta = TimeDelta::days(14);
/// The line is as it was read.
const IF_VERSION: &str = "version = :version";
/// The message's place in its transaction.
const MESSAGE: usize = 0;

/// A line to be written.
struct Line {
    item: Item,
    condition: &'static str,
    values: HashMap<String, AttributeValue>,
}

impl Inbox {
    /// Keeps a message and brings it into the inbox, once for its id. Copies that come at once meet at the line, which
    /// both change; the later one reads again and finds the other.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn receive(&self, message: &InboxMessage) -> Result<Kept, PortError> {
        let (tenant, lead) = (&message.tenant, &message.lead);
        let key = keys::message(tenant, lead, message.at, &message.id);
        let kept = self
            .table
            .transact_put(encode("message", key, message)?, Some(IF_NEW))?;
        for _ in 0..TRIES {
            let found = self.find_conversation(tenant, lead).await?;
            let Line {
                item,
                condition,
                values,
            } = match found {
                None => Self::line(&Conversation::begin(message), None)?,
                Some(before) => {
                    if let Some(at) = self.kept_at(message).await? {
                        return Ok(Kept::Before { at });
                    }
                    let mut after = before.clone();
                    after.receive(message);
                    Self::line(&after, Some(before.version))?
                }
            };
            let line = self.table.transact_put_if(item, Some(condition), values)?;
            let written = self
                .table
                .transact("message", vec![kept.clone(), line])
                .await?;
            match written {
                Transacted::Committed => return Ok(Kept::New),
                Transacted::Refused(at) if at.contains(&MESSAGE) => {
                    return Ok(Kept::Before { at: message.at });
                }
                Transacted::Refused(_) => {}
            }
        }
        Err(incomplete("message", Incomplete::Contended))
    }

    /// When the copy of a message came that is kept, if there is one.
    async fn kept_at(&self, message: &InboxMessage) -> Result<Option<DateTime<Utc>>, PortError> {
        const WHAT: &str = "message";
        let pk = keys::lead(&message.tenant, &message.lead);
        let first = keys::message_bound(message.at - COPY_WITHIN);
        let last = keys::message_bound(message.at + COPY_WITHIN);
        let near = Range::Between(&first, &last);
        for item in self.table.all(WHAT, &pk, near, Read::Consistent).await? {
            let kept: InboxMessage = decode(WHAT, item)?;
            if kept.id == message.id {
                return Ok(Some(kept.at));
            }
        }
        Ok(None)
    }

    /// The line of one lead.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn find_conversation(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Option<Conversation>, PortError> {
        let key = keys::conversation(tenant, lead);
        let item = self
            .table
            .get("conversation", key, Read::Consistent)
            .await?;
        item.map(|item| decode("conversation", item)).transpose()
    }

    /// Every line of a tenant, closed ones included: some 400 bytes each, so a read unit brings twenty.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn conversations(&self, tenant: &TenantId) -> Result<Vec<Conversation>, PortError> {
        self.read_all("conversation", &keys::conversations(tenant), Range::All)
            .await
    }

    /// Changes the line of a lead; nothing if there is none.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn change_conversation(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        change: impl Fn(&mut Conversation),
    ) -> Result<Option<Conversation>, PortError> {
        for _ in 0..TRIES {
            let Some(before) = self.find_conversation(tenant, lead).await? else {
                return Ok(None);
            };
            let mut after = before.clone();
            change(&mut after);
            if after == before {
                return Ok(Some(after));
            }
            let line = Self::line(&after, Some(before.version))?;
            let written = self
                .table
                .put_if("conversation", line.item, line.condition, line.values)
                .await?;
            if written.is_written() {
                after.version = before.version + 1;
                return Ok(Some(after));
            }
        }
        Err(incomplete("conversation", Incomplete::Contended))
    }

    /// The line as the version after `over`, or as the first, and the condition under which it is written.
    fn line(conversation: &Conversation, over: Option<u64>) -> Result<Line, PortError> {
        let next = Conversation {
            version: over.map_or(0, |version| version + 1),
            ..conversation.clone()
        };
        let key = keys::conversation(&next.tenant, &next.lead);
        Ok(Line {
            item: encode("conversation", key, &next)?,
            condition: if over.is_some() { IF_VERSION } else { IF_NEW },
            values: over
                .map(|version| (":version".to_owned(), number(version)))
                .into_iter()
                .collect(),
        })
    }
}
