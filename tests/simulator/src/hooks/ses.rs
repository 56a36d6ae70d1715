//! Amazon SES's events and inbound mail, as SNS delivers them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::{Post, mail, sns, tags};
use crate::{
    leads::Status,
    sim::{Due, Message, Reply, Settings, Sim, Told},
};

pub(super) fn post(
    sim: &Sim,
    settings: &Settings,
    due: &Due,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Post>> {
    let at = due.at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let event = match &due.told {
        Told::Status(message, status) => status_event(message, *status, &at),
        Told::Reply(reply) => received(reply, &at),
        Told::Relation { .. } => return Ok(None),
    };
    let id = crate::draw::Draw::of(settings.seed, &["sns", &due.number.to_string()]).uuid();
    let notification = sns::Notification {
        id: &id,
        message: &event.to_string(),
        subject: Some("Amazon SES Email Event Notification"),
        timestamp: now,
    };
    let body = sns::signed(sim.signer()?, &sim.own_base, &notification)?;
    Ok(Some(Post {
        url: format!("{}/hooks/ses", settings.hook_base),
        headers: vec![
            ("content-type", "text/plain; charset=UTF-8".to_owned()),
            ("x-amz-sns-message-type", "Notification".to_owned()),
            ("x-amz-sns-message-id", id),
            ("x-amz-sns-topic-arn", sns::TOPIC.to_owned()),
        ],
        body,
    }))
}

fn status_event(message: &Message, status: Status, at: &str) -> Value {
    let tags: Map<String, Value> = tags(message.token.as_deref())
        .into_iter()
        .map(|(name, value)| (name.to_owned(), json!([value])))
        .collect();
    let mut event = json!({"mail": {
        "timestamp": at,
        "messageId": message.id,
        "source": message.from,
        "destination": [message.to],
        "tags": tags,
    }});
    let bounced = |status: &str, text: &str| {
        json!([{"emailAddress": message.to, "action": "failed", "status": status,
            "diagnosticCode": format!("smtp; 550 {status} {text}")}])
    };
    let (name, key, detail) = match status {
        Status::Sent => ("Send", "send", json!({})),
        Status::Delivered => (
            "Delivery",
            "delivery",
            json!({"timestamp": at, "recipients": [message.to], "smtpResponse": "250 2.0.0 OK"}),
        ),
        Status::Opened => (
            "Open",
            "open",
            json!({"timestamp": at, "userAgent": "Mozilla/5.0"}),
        ),
        Status::Clicked => (
            "Click",
            "click",
            json!({"timestamp": at, "link": "https://example.com/"}),
        ),
        Status::SoftBounce => (
            "DeliveryDelay",
            "deliveryDelay",
            json!({"timestamp": at, "delayType": "MailboxFull"}),
        ),
        Status::HardBounce => (
            "Bounce",
            "bounce",
            json!({"timestamp": at, "bounceType": "Permanent", "bounceSubType": "General",
                "bouncedRecipients": bounced("5.1.1", "user unknown")}),
        ),
        Status::PolicyBounce => (
            "Bounce",
            "bounce",
            json!({"timestamp": at, "bounceType": "Transient", "bounceSubType": "General",
                "bouncedRecipients": bounced("5.7.1", "blocked for reputation")}),
        ),
        Status::Complaint => (
            "Complaint",
            "complaint",
            json!({"timestamp": at, "complaintFeedbackType": "abuse",
                "complainedRecipients": [{"emailAddress": message.to}]}),
        ),
    };
    event["eventType"] = name.into();
    event[key] = detail;
    event
}

fn received(reply: &Reply, at: &str) -> Value {
    json!({
        "notificationType": "Received",
        "mail": {"timestamp": at, "messageId": reply.id, "source": reply.from,
            "destination": [reply.to]},
        "receipt": {"timestamp": at, "recipients": [reply.to],
            "action": {"type": "SNS", "encoding": "UTF8", "topicArn": sns::TOPIC}},
        "content": mail::mime(reply),
    })
}
