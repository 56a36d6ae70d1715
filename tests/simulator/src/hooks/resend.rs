//! Resend's webhooks, signed by Svix. Inbound mail is announced; its body waits to be fetched.

use anyhow::Context;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::{Post, base64, hmac_sha256, mail, tags};
use crate::{
    leads::Status,
    sim::{Due, Message, Reply, Settings, Sim, Told},
    wire::Wire,
};

pub(super) fn post(
    sim: &Sim,
    settings: &Settings,
    due: &Due,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Post>> {
    let (name, data) = match &due.told {
        Told::Status(message, status) => status_data(message, *status),
        Told::Reply(reply) => {
            keep(sim, reply);
            ("email.received", received(reply))
        }
        Told::Relation { .. } => return Ok(None),
    };
    let body = json!({
        "type": name,
        "created_at": due.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "data": data,
    })
    .to_string();
    let id = format!("msg_{}_{}", settings.seed, due.number);
    let time = now.timestamp().to_string();
    let secret = settings.secret(Wire::Resend);
    let key = STANDARD
        .decode(secret.trim_start_matches("whsec_"))
        .context("the Resend webhook secret is not Base64")?;
    let tag = hmac_sha256(&key, format!("{id}.{time}.{body}").as_bytes())?;
    Ok(Some(Post {
        url: format!("{}/hooks/resend", settings.hook_base),
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("svix-id", id),
            ("svix-timestamp", time),
            ("svix-signature", format!("v1,{}", base64(&tag))),
        ],
        body,
    }))
}

fn status_data(message: &Message, status: Status) -> (&'static str, Value) {
    let tags: Map<String, Value> = tags(message.token.as_deref())
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect();
    let mut data = json!({
        "email_id": message.id,
        "message_id": message.message_id,
        "from": message.from,
        "to": [message.to],
        "subject": message.subject,
        "tags": tags,
    });
    let bounce =
        |kind: &str, sub: &str, text: &str| json!({"type": kind, "subType": sub, "message": text});
    let name = match status {
        Status::Sent => "email.sent",
        Status::Delivered => "email.delivered",
        Status::Opened => "email.opened",
        Status::Clicked => "email.clicked",
        Status::Complaint => "email.complained",
        Status::SoftBounce => "email.delivery_delayed",
        Status::HardBounce => {
            data["bounce"] = bounce("Permanent", "NoEmail", "550 5.1.1 no such user here");
            "email.bounced"
        }
        Status::PolicyBounce => {
            data["bounce"] = bounce("Permanent", "General", "550 5.7.1 blocked for reputation");
            "email.bounced"
        }
    };
    (name, data)
}

pub(crate) fn received(reply: &Reply) -> Value {
    json!({
        "email_id": reply.id,
        "from": reply.from,
        "to": [reply.to],
        "received_for": [reply.to],
        "cc": [],
        "bcc": [],
        "message_id": format!("<{}@mail.example>", reply.id),
        "subject": reply.subject,
        "attachments": [],
    })
}

/// Keeps the mail for `GET /emails/receiving/{id}`.
fn keep(sim: &Sim, reply: &Reply) {
    let headers: Map<String, Value> = reply
        .headers
        .iter()
        .map(|(name, value)| (name.to_lowercase(), Value::from(value.as_str())))
        .collect();
    let mut mail = received(reply);
    mail["object"] = "email".into();
    mail["id"] = reply.id.as_str().into();
    mail["headers"] = Value::Object(headers);
    mail["text"] = mail::quoted(reply).into();
    mail["html"] = Value::Null;
    sim.state().kept.insert(format!("mail {}", reply.id), mail);
}
