//! ClickSend's receipts and inbound messages: unsigned forms to a URL that ends in a secret.

use super::{Post, form};
use crate::{
    leads::Status,
    sim::{Due, Message, Reply, Settings, Told},
    wire::Wire,
};

pub(super) fn post(settings: &Settings, due: &Due) -> anyhow::Result<Option<Post>> {
    let time = due.at.timestamp().to_string();
    let fields = match &due.told {
        Told::Status(message, status) => match receipt(message, *status, &time) {
            Some(fields) => fields,
            None => return Ok(None),
        },
        Told::Reply(reply) => inbound(reply, &time),
        Told::Relation { .. } => return Ok(None),
    };
    let token = settings.secret(Wire::Clicksend);
    Ok(Some(Post {
        url: format!("{}/hooks/clicksend/{token}", settings.hook_base),
        headers: vec![(
            "content-type",
            "application/x-www-form-urlencoded".to_owned(),
        )],
        body: form(&fields)?,
    }))
}

pub(crate) fn receipt(
    message: &Message,
    status: Status,
    time: &str,
) -> Option<Vec<(&'static str, String)>> {
    let (code, text, error) = match status {
        Status::Sent => ("200", "Success: Message sent", ""),
        Status::Delivered => ("201", "Success: Message received on handset", ""),
        Status::SoftBounce => ("300", "Temporary error", "15"),
        Status::HardBounce => ("301", "Error: Delivery failed", "9"),
        Status::PolicyBounce => ("301", "Error: Message blocked", "31"),
        Status::Complaint | Status::Opened | Status::Clicked => return None,
    };
    Some(vec![
        ("timestamp_send", time.to_owned()),
        ("timestamp", time.to_owned()),
        ("message_id", message.id.clone()),
        ("status_code", code.to_owned()),
        ("status_text", text.to_owned()),
        ("error_code", error.to_owned()),
        ("error_text", String::new()),
        ("custom_string", message.token.clone().unwrap_or_default()),
        ("user_id", "1".to_owned()),
        ("subaccount_id", "1".to_owned()),
        ("message_type", "sms".to_owned()),
    ])
}

pub(crate) fn inbound(reply: &Reply, time: &str) -> Vec<(&'static str, String)> {
    let parent = reply.parent.clone().unwrap_or_default();
    let text = reply.answer.text.clone();
    let token = parent.token.unwrap_or_default();
    vec![
        ("timestamp", time.to_owned()),
        ("from", reply.from.clone()),
        ("body", text.clone()),
        ("to", reply.to.clone()),
        ("message_id", reply.id.clone()),
        ("original_message_id", parent.id.clone()),
        ("original_body", parent.body),
        ("custom_string", token.clone()),
        ("user_id", "1".to_owned()),
        ("subaccount_id", "1".to_owned()),
        ("message", text),
        ("originalmessageid", parent.id),
        ("customstring", token),
    ]
}
