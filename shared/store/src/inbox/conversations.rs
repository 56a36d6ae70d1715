//! The lines of the unified inbox (INB-1). A message and the line that it changes are written together, so that a
//! redelivered message is not counted twice (HOOK-3); a line is written only over the version that was read.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use touchline_domain::{
    ids::{LeadId, TenantId},
    inbox::{Conversation, InboxMessage},
};
use touchline_engine::{
    desk::{Documents, Versioned, inbox::Conversations},
    ports::{PortError, Saved},
    reply::Kept,
};

use super::Inbox;
use crate::{
    error::{Incomplete, incomplete},
    item::{Item, decode, encode, if_version},
    keys::{self, MESSAGE_PREFIX},
    table::{IF_NEW, Range, Read, Transacted},
};

/// A line that others change at the same time is tried this often.
const TRIES: u32 = 8;
/// Two copies of a message are at most so far apart, where its provider gives it no time of its own (HOOK-3).
const COPY_WITHIN: TimeDelta = TimeDelta::days(14);
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
            let found = self.read(tenant, lead).await?;
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
                    let mut after = before.value;
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

    /// The line as the version after `over`, or as the first, and the condition under which it is written.
    fn line(conversation: &Conversation, over: Option<u64>) -> Result<Line, PortError> {
        let next = Conversation {
            version: over.map_or(0, |version| version + 1),
            ..conversation.clone()
        };
        let key = keys::conversation(&next.tenant, &next.lead);
        let (condition, values) = if_version(over);
        Ok(Line {
            item: encode("conversation", key, &next)?,
            condition,
            values,
        })
    }
}

impl Documents<Conversation> for Inbox {
    async fn read(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Option<Versioned<Conversation>>, PortError> {
        let key = keys::conversation(tenant, lead);
        let item = self
            .table
            .get("conversation", key, Read::Consistent)
            .await?;
        let found: Option<Conversation> =
            item.map(|item| decode("conversation", item)).transpose()?;
        Ok(found.map(|value| Versioned {
            version: value.version,
            value,
        }))
    }

    async fn write(
        &self,
        _: &TenantId,
        _: &LeadId,
        value: &Conversation,
        over: Option<u64>,
    ) -> Result<Saved, PortError> {
        let line = Self::line(value, over)?;
        let put = self
            .table
            .put_if("conversation", line.item, line.condition, line.values)
            .await?;
        Ok(if put.is_written() {
            Saved::Written
        } else {
            Saved::Conflict
        })
    }
}

impl Conversations for Inbox {
    /// Some 400 bytes a line, so a read unit brings twenty.
    async fn lines(&self, tenant: &TenantId) -> Result<Vec<Conversation>, PortError> {
        self.read_all("conversation", &keys::conversations(tenant), Range::All)
            .await
    }

    async fn messages(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Vec<InboxMessage>, PortError> {
        let pk = keys::lead(tenant, lead);
        self.read_all("message", &pk, Range::Prefix(MESSAGE_PREFIX))
            .await
    }
}
