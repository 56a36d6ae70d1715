//! What comes while a person is at it.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use rstest::rstest;
use touchline_domain::{
    ids::{LeadId, TenantId},
    inbox::{Conversation, InboxMessage, Task},
};
use touchline_engine::{
    desk::{
        Documents, Versioned,
        inbox::{self, Answer, Conversations, Replied, Tasks, Which},
    },
    ports::{PortError, Saved},
    reply::Inbox as _,
};
use touchline_store::Store;

use super::{
    actor,
    inbox::{asked, line, message},
};
use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::at,
    schema::Stack,
};

/// An inbox into which a message comes when tasks are looked at: after the words of an answer are in the journey.
struct Interrupted<'a> {
    store: &'a Store,
    message: Mutex<Option<InboxMessage>>,
}

impl Documents<Conversation> for Interrupted<'_> {
    async fn read(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Option<Versioned<Conversation>>, PortError> {
        self.store.inbox.read(tenant, lead).await
    }

    async fn write(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        value: &Conversation,
        over: Option<u64>,
    ) -> Result<Saved, PortError> {
        self.store.inbox.write(tenant, lead, value, over).await
    }
}

impl Conversations for Interrupted<'_> {
    async fn lines(&self, tenant: &TenantId) -> Result<Vec<Conversation>, PortError> {
        self.store.inbox.lines(tenant).await
    }

    async fn messages(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Vec<InboxMessage>, PortError> {
        self.store.inbox.messages(tenant, lead).await
    }
}

impl Tasks for Interrupted<'_> {
    async fn tasks(&self, tenant: &TenantId) -> Result<Vec<Task>, PortError> {
        let message = self.message.lock().unwrap().take();
        if let Some(message) = message {
            self.store.keep_message(&message).await?;
        }
        self.store.inbox.tasks(tenant).await
    }

    async fn finish_task(
        &self,
        tenant: &TenantId,
        at: DateTime<Utc>,
        id: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        self.store.inbox.finish_task(tenant, at, id, by, now).await
    }
}

#[rstest]
#[tokio::test]
async fn fup_1_what_a_lead_writes_while_somebody_answers_still_waits(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.store(&[]);
    for (email, second) in [("ana@example.com", 20), ("ben@example.com", -20)] {
        let lead = asked(&store, email).await;
        let interrupted = Interrupted {
            store: &store,
            message: Mutex::new(Some(message(&lead, "e2", "question", second))),
        };
        let which = Which {
            tenant: &lead.tenant,
            lead: &lead.id,
            seen: Some(0),
        };
        let answer = Answer {
            text: "It is 12 dollars.",
            channel: None,
        };
        let by = actor("cleo");
        let replied = inbox::reply(&interrupted, &store, &by, which, answer, at(30)).await;
        assert!(matches!(replied.unwrap(), Replied::Queued { .. }));
        let waits = line(&store, &lead).await.value;
        assert_eq!((waits.unread, waits.waiting_since.is_some()), (2, true));
    }
}
