//! Amazon SES events out of SNS messages: sending events, and inbound mail with its content (receipt rules).
//! A confirmation of the subscription is no event; its link is at [`super::sns::subscribe_url`].

use chrono::{DateTime, Utc};
use mail_parser::MessageParser;
use touchline_domain::events::{EventKind, Provider, ProviderEvent, TouchRef};

use super::{
    dsn,
    error::ParseError,
    event,
    fields::{self, Json},
    ignored, keyed, mime,
    request::Request,
    sns::Envelope,
};
use crate::status_code::{BounceWord, bounce};

pub(super) fn parse(
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let envelope = Envelope::read(request.body)?;
    let id = envelope.message_id.as_str();
    if envelope.kind != "Notification" {
        let kind = ignored(envelope.kind.clone());
        return Ok(vec![event(Provider::Ses, id, received_at, kind)]);
    }
    let message = fields::json(envelope.message.as_bytes()).map_err(|mut error| {
        "Message".clone_into(&mut error.field);
        error
    })?;
    let json = Json(&message);
    let name = json
        .first(&["eventType", "notificationType"])
        .ok_or_else(|| ParseError::missing("Message.eventType"))?;
    if name == "Received" {
        return received(json, id, received_at);
    }
    let about = json.need("mail.messageId")?;
    let events = kinds(name, json)?.into_iter().enumerate();
    Ok(events
        .map(|(index, (at, kind))| {
            let at = at.or_else(|| json.time("mail.timestamp"));
            let mut event = event(
                Provider::Ses,
                numbered(id, index),
                at.unwrap_or(received_at),
                kind,
            );
            event.provider_message_id = Some(about.to_owned());
            event.reference = reference(json);
            event
        })
        .collect())
}

/// One message may report on several recipients; each is its own event.
fn numbered(id: &str, index: usize) -> String {
    if index == 0 {
        id.to_owned()
    } else {
        format!("{id}#{index}")
    }
}

type DatedKind = (Option<DateTime<Utc>>, EventKind);

fn kinds(name: &str, json: Json<'_>) -> Result<Vec<DatedKind>, ParseError> {
    let one = |path: &str, kind| Ok(vec![(json.time(path), kind)]);
    match name {
        "Send" => one("mail.timestamp", EventKind::Sent),
        "Delivery" => one("delivery.timestamp", EventKind::Delivered),
        "Open" => one("open.timestamp", EventKind::Opened),
        "Click" => one("click.timestamp", EventKind::Clicked),
        "Bounce" => bounces(json),
        "Complaint" => complaints(json),
        "DeliveryDelay" => one(
            "deliveryDelay.timestamp",
            EventKind::SoftBounced {
                code: json
                    .text("deliveryDelay.delayType")
                    .unwrap_or("delayed")
                    .to_owned(),
            },
        ),
        "Reject" => one(
            "mail.timestamp",
            EventKind::Failed {
                code: format!("reject/{}", json.text("reject.reason").unwrap_or("unknown")),
            },
        ),
        "Rendering Failure" => one(
            "mail.timestamp",
            EventKind::Failed {
                code: "rendering_failure".to_owned(),
            },
        ),
        "Subscription" if left(json) => one(
            "subscription.timestamp",
            EventKind::Unsubscribed {
                address: json.text("mail.destination.0").map(str::to_owned),
            },
        ),
        other => one("mail.timestamp", ignored(other)),
    }
}

fn left(json: Json<'_>) -> bool {
    let flag = json.at("subscription.newTopicPreferences.unsubscribeAll");
    flag.is_some_and(|flag| flag.0.as_bool() == Some(true))
}

fn bounces(json: Json<'_>) -> Result<Vec<DatedKind>, ParseError> {
    let word = json.need("bounce.bounceType")?;
    let sub = json.text("bounce.bounceSubType").unwrap_or("Undetermined");
    let name = format!("{word}/{sub}");
    let word = BounceWord {
        name: &name,
        permanent: word == "Permanent",
    };
    let kinds: Vec<DatedKind> = json
        .items("bounce.bouncedRecipients")
        .map(|to| {
            let (status, diagnostic) = (to.text("status"), to.text("diagnosticCode"));
            let address = to.text("emailAddress").map(str::to_owned);
            let kind = bounce(status, diagnostic, word, address);
            (json.time("bounce.timestamp"), kind)
        })
        .collect();
    if kinds.is_empty() {
        return Err(ParseError::missing("bounce.bouncedRecipients"));
    }
    Ok(kinds)
}

fn complaints(json: Json<'_>) -> Result<Vec<DatedKind>, ParseError> {
    let kinds: Vec<DatedKind> = json
        .items("complaint.complainedRecipients")
        .map(|to| {
            let address = to.text("emailAddress").map(str::to_owned);
            let at = json.time("complaint.timestamp");
            (at, EventKind::Complained { address })
        })
        .collect();
    if kinds.is_empty() {
        return Err(ParseError::missing("complaint.complainedRecipients"));
    }
    Ok(kinds)
}

fn received(
    json: Json<'_>,
    id: &str,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let content = json.need("content")?;
    // The rule's setting decides whether the mail comes as it is or in Base64.
    let decoded = match json.text("receipt.action.encoding") {
        Some("BASE64") => keyed::from_base64(content)
            .ok_or_else(|| ParseError::new("wrong_value", "content", content))?,
        _ => content.as_bytes().to_vec(),
    };
    let message = MessageParser::default()
        .parse(&decoded)
        .ok_or_else(|| ParseError::new("not_mime", "content", content))?;
    let at = json.time("mail.timestamp").unwrap_or(received_at);
    let about = json.text("mail.messageId").map(str::to_owned);
    let (kinds, about) = match dsn::read(&message) {
        Some(kinds) => (kinds, dsn::original_id(&message).and_then(ses_id)),
        None => {
            let to = json.text("receipt.recipients.0");
            (vec![EventKind::Reply(mime::inbound(&message, to))], about)
        }
    };
    let events = kinds.into_iter().enumerate().map(|(index, kind)| {
        let mut event = event(Provider::Ses, numbered(id, index), at, kind);
        event.provider_message_id.clone_from(&about);
        event
    });
    Ok(events.collect())
}

/// SES writes its own Message-ID, whose first part is the id that it answered with when it accepted the mail.
fn ses_id(message_id: String) -> Option<String> {
    let (id, domain) = message_id.split_once('@')?;
    domain.ends_with("amazonses.com").then(|| id.to_owned())
}

/// The touch, from the tags that the sender set.
fn reference(json: Json<'_>) -> Option<TouchRef> {
    let tag = |name: &str| json.text(&format!("mail.tags.{name}.0"));
    Some(TouchRef {
        tenant: tag("tenant")?.parse().ok()?,
        lead: tag("lead")?.parse().ok()?,
        touch: tag("touch")?.parse().ok()?,
    })
}
