//! Salesforge: JSON signed with event id, time and body; the secret is used as written, `whsec_` included.
//! Reply payloads are not fully documented, so the text is looked for where it may be.

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    events::{EventKind, InboundMessage, Provider, ProviderEvent},
};

use super::{
    error::{ParseError, VerifyError},
    event,
    fields::{self, Json},
    ignored,
    request::{Request, Secrets},
    stamp::{Stamped, Unit, fresh},
};

const SIGNATURE: &str = "X-SalesforgeAI-Webhook-Signature";
const EVENT_ID: &str = "X-SalesforgeAI-Webhook-Event-ID";

pub(super) fn verify(
    request: &Request<'_>,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    let need = |name| {
        request
            .header(name)
            .ok_or(VerifyError::MissingSignature(name))
    };
    let id = need(EVENT_ID)?;
    let stamped = Stamped::read(SIGNATURE, need(SIGNATURE)?)?;
    let time = stamped.time;
    let parts = [id.as_bytes(), b".", time.as_bytes(), b".", request.body];
    stamped.signs(secrets, &parts)?;
    fresh(SIGNATURE, time, Unit::Seconds, now)
}

pub(super) fn parse(
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let body = fields::json(request.body)?;
    let json = Json(&body);
    let name = json.need("webhookInfo.type")?;
    let id = request
        .header(EVENT_ID)
        .or_else(|| json.text("webhookInfo.id"))
        .ok_or_else(|| ParseError::missing(EVENT_ID))?;
    let at = json.time("webhookInfo.eventTime").unwrap_or(received_at);
    let mut event = event(Provider::Salesforge, id, at, kind(name, json)?);
    event.provider_message_id = json.scalar("sequenceEmail.emailId");
    Ok(vec![event])
}

fn kind(name: &str, json: Json<'_>) -> Result<EventKind, ParseError> {
    let address = || contact(json).map(str::to_owned);
    Ok(match name {
        "email_sent" => EventKind::Sent,
        "email_opened" => EventKind::Opened,
        "link_clicked" => EventKind::Clicked,
        "contact_unsubscribed" => EventKind::Unsubscribed { address: address() },
        "email_bounced" => bounced(json),
        "email_replied" => EventKind::Reply(reply(json, Channel::Email)?),
        "linkedin_replied" => EventKind::Reply(reply(json, Channel::Linkedin)?),
        "linkedin_connection_request_accepted" => EventKind::InvitationAccepted {
            person: json
                .first(&["contact.linkedinUrl", "contact.id"])
                .ok_or_else(|| ParseError::missing("contact.id"))?
                .to_owned(),
        },
        // positive_reply and negative_reply label a reply that came as email_replied already.
        other => ignored(other),
    })
}

fn contact<'a>(json: Json<'a>) -> Option<&'a str> {
    json.first(&["contact.email", "sequenceEmail.toEmail"])
}

fn bounced(json: Json<'_>) -> EventKind {
    let reason = json.first(&["bounce.code", "bounce.reason", "bounce.message"]);
    let word = crate::status_code::BounceWord {
        name: "email_bounced",
        // Without a code nothing says that the address is dead, and R30 suppresses dead addresses only.
        permanent: false,
    };
    crate::status_code::bounce(None, reason, word, contact(json).map(str::to_owned))
}

fn reply(json: Json<'_>, channel: Channel) -> Result<InboundMessage, ParseError> {
    let text = json.first(&[
        "reply.content.text",
        "reply.text",
        "reply.content",
        "email.content.text",
        "message.text",
        "sequenceEmail.content.text",
    ]);
    let from = match channel {
        Channel::Linkedin => json.first(&["contact.linkedinUrl", "contact.email", "contact.id"]),
        Channel::Email | Channel::Sms | Channel::Voice | Channel::Mail => contact(json),
    };
    let text = text.unwrap_or_default().to_owned();
    let thread = json.scalar("threadID").or_else(|| json.scalar("thread.id"));
    Ok(InboundMessage {
        channel: Some(channel),
        from: from
            .ok_or_else(|| ParseError::missing("contact.email"))?
            .to_owned(),
        to: json
            .first(&["mailbox.email", "sequenceEmail.fromEmail", "workspace.id"])
            .unwrap_or_default()
            .to_owned(),
        subject: json
            .first(&["reply.subject", "sequenceEmail.subject"])
            .map(str::to_owned),
        fetch_id: if text.is_empty() { thread } else { None },
        text,
        ..InboundMessage::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vector_verifies_with_the_secret_as_literal_text() {
        let headers = [
            (EVENT_ID.to_owned(), "wh_0123456789abcdef".to_owned()),
            (
                SIGNATURE.to_owned(),
                "t=1754563200,v1=d35d432699cc9e59eb73da4396b9a3a96003ba6a9ae259256d270ff3c8f24207"
                    .to_owned(),
            ),
        ];
        let request = Request {
            method: "POST",
            url: "/hooks/salesforge",
            headers: &headers,
            body: br#"{"webhookInfo":{"type":"email_sent"}}"#,
        };
        let secrets = Secrets::one("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(verify(&request, &secrets, at(1_754_563_200)), Ok(()));
        assert_eq!(
            verify(&request, &secrets, at(1_754_563_501)),
            Err(VerifyError::Stale(301))
        );
    }
}
