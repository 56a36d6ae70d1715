//! Who wrote on LinkedIn: each name that a member has, in the order in which they are tried (LI).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{collections::BTreeMap, sync::Mutex};

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    contact::Address,
    events::{CHAT_HEADER, EventKind, InboundMessage, PROFILE_HEADER, Provider, ProviderEvent},
    ids::{LeadId, TenantId},
    inbox::{InboxMessage, Task},
    sending::lead::Lead,
};
use touchline_engine::{
    channel::rules,
    ports::PortError,
    reply::{
        Inbox, Kept,
        find::{Member, Members, find},
    },
};

/// The sender, as the provider names them.
const SENDER: &str = "ACoAAB1234567890123456789012345678901";
const SEAT: &str = "seat-1";
const CHAT: &str = "chat-1";

/// A tenant's leads by their LinkedIn name, and what the provider knows.
#[derive(Default)]
struct World {
    leads: BTreeMap<&'static str, &'static str>,
    profile: Option<Member>,
    chat: Vec<Member>,
    asked: Mutex<Vec<&'static str>>,
    breaks: bool,
}

fn lead(name: &str) -> LeadId {
    LeadId::derive(&tenant(), name)
}

fn tenant() -> TenantId {
    "acme".parse().unwrap()
}

fn member(provider_id: &str, public_id: &str) -> Member {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Member {
        provider_id: some(provider_id),
        public_id: some(public_id),
    }
}

impl World {
    async fn who(&self, headers: &[(&str, &str)]) -> Result<Option<LeadId>, PortError> {
        let message = InboundMessage {
            channel: Some(Channel::Linkedin),
            from: SENDER.to_owned(),
            to: SEAT.to_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..InboundMessage::default()
        };
        let event = ProviderEvent {
            event_id: "m1".to_owned(),
            provider: Provider::Unipile,
            at: DateTime::UNIX_EPOCH,
            reference: None,
            provider_message_id: None,
            kind: EventKind::Reply(message.clone()),
        };
        let found = find(self, self, None, &event, &message, Channel::Linkedin).await?;
        Ok(found.map(|sender| sender.lead))
    }

    fn asked(&self) -> Vec<&'static str> {
        self.asked.lock().unwrap().clone()
    }
}

impl Members for World {
    async fn member(&self, account: &str, id: &str) -> Result<Option<Member>, PortError> {
        assert_eq!((account, id), (SEAT, SENDER));
        self.asked.lock().unwrap().push("profile");
        if self.breaks {
            return Err(PortError::Unavailable {
                what: "a LinkedIn member",
                cause: "429".into(),
            });
        }
        Ok(self.profile.clone())
    }

    async fn attendees(&self, account: &str, chat: &str) -> Result<Vec<Member>, PortError> {
        assert_eq!((account, chat), (SEAT, CHAT));
        self.asked.lock().unwrap().push("chat");
        Ok(self.chat.clone())
    }
}

impl Inbox for World {
    async fn keep_message(&self, _: &InboxMessage) -> Result<Kept, PortError> {
        Ok(Kept::New)
    }

    async fn keep_task(&self, _: &Task) -> Result<(), PortError> {
        Ok(())
    }

    async fn keep_unmatched(
        &self,
        _: &ProviderEvent,
        _: &str,
        _: DateTime<Utc>,
    ) -> Result<(), PortError> {
        Ok(())
    }

    async fn lead_at(&self, _: &TenantId, at: &Address) -> Result<Option<LeadId>, PortError> {
        let found = self
            .leads
            .iter()
            .find(|(name, _)| (rules(Channel::Linkedin).parse)(name).as_ref() == Some(at));
        Ok(found.map(|(_, id)| lead(id)))
    }

    async fn tenant_of_sender(&self, address: &str) -> Result<Option<TenantId>, PortError> {
        Ok((address == SEAT).then(tenant))
    }

    async fn create_lead(&self, _: &Lead) -> Result<(), PortError> {
        Ok(())
    }
}

#[tokio::test]
async fn la_002_a_sender_is_first_looked_for_by_the_providers_id_and_nobody_is_asked() {
    let world = World {
        leads: BTreeMap::from([(SENDER, "ana")]),
        ..World::default()
    };
    assert_eq!(world.who(&[]).await.unwrap(), Some(lead("ana")));
    assert!(world.asked().is_empty());
}

#[tokio::test]
async fn la_002_then_by_what_the_profile_says_which_wins_over_a_link_that_came_along() {
    let world = World {
        leads: BTreeMap::from([("ana-silva", "ana"), ("old-name", "ben")]),
        profile: Some(member(SENDER, "Ana-Silva")),
        ..World::default()
    };
    let link = (PROFILE_HEADER, "https://www.linkedin.com/in/old-name");
    assert_eq!(world.who(&[link]).await.unwrap(), Some(lead("ana")));
    assert_eq!(world.asked(), ["profile"]);
}

#[tokio::test]
async fn la_002_then_by_the_public_identifier_then_by_the_chat() {
    let mut world = World {
        leads: BTreeMap::from([("ana-silva", "ana"), ("cleo", "cleo")]),
        chat: vec![member("", "https://www.linkedin.com/in/cleo/")],
        ..World::default()
    };
    let link = (PROFILE_HEADER, "https://www.linkedin.com/in/ana-silva");
    let chat = (CHAT_HEADER, CHAT);
    assert_eq!(world.who(&[link, chat]).await.unwrap(), Some(lead("ana")));
    assert_eq!(world.asked(), ["profile"]);
    assert_eq!(world.who(&[chat]).await.unwrap(), Some(lead("cleo")));
    world.chat = vec![member("", "ana-silva"), member("", "cleo")];
    assert_eq!(
        world.who(&[chat]).await.unwrap(),
        None,
        "of two leads in a chat nobody can say who wrote"
    );
    assert_eq!(world.who(&[]).await.unwrap(), None);
}

#[tokio::test]
async fn a_look_up_that_fails_is_made_again_and_not_taken_for_a_stranger() {
    let world = World {
        breaks: true,
        ..World::default()
    };
    let outcome = world.who(&[]).await;
    assert!(matches!(outcome, Err(PortError::Unavailable { .. })));
}
