//! Unipile's webhooks: JSON under a header that was chosen when they were set up. It tells of our own messages as well.

use chrono::SecondsFormat;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Post;
use crate::{
    sim::{Due, Reply, Settings, Told},
    wire::Wire,
};

pub(super) fn post(settings: &Settings, due: &Due) -> Option<Post> {
    let at = due.at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let body = match &due.told {
        Told::Reply(reply) => message(reply, &at),
        Told::Relation { account, person } => json!({
            "event": "new_relation",
            "account_id": account,
            "account_type": "LINKEDIN",
            "user_full_name": "A Member",
            "user_provider_id": person,
        }),
        Told::Status(..) => return None,
    };
    Some(Post {
        url: format!("{}/hooks/unipile", settings.hook_base),
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("unipile-auth", settings.secret(Wire::Unipile)),
        ],
        body: body.to_string(),
    })
}

fn message(reply: &Reply, at: &str) -> Value {
    let other = json!({
        "attendee_id": format!("att-{}", reply.from),
        "attendee_name": "A Member",
        "attendee_provider_id": reply.from,
        "attendee_profile_url": format!("https://www.linkedin.com/in/{}", reply.from),
    });
    json!({
        "event": "message_received",
        "account_id": reply.to,
        "account_type": "LINKEDIN",
        "account_info": {"type": "LINKEDIN", "user_id": own_id(&reply.to)},
        "chat_id": chat_id(reply),
        "timestamp": at,
        "message_id": reply.id,
        "message": reply.answer.text,
        "sender": other,
        "attendees": [other],
    })
}

/// The chat of a seat with one person.
pub(crate) fn chat_id(reply: &Reply) -> String {
    format!("chat-{}", short(&format!("{} {}", reply.to, reply.from)))
}

/// The member id of the person whose seat an account is.
pub(crate) fn own_id(account: &str) -> String {
    format!("ACoAAOwn{}", short(account))
}

fn short(text: &str) -> String {
    let mut hex = hex::encode(Sha256::digest(text));
    hex.truncate(31);
    hex
}
