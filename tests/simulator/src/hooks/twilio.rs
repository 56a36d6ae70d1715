//! Twilio's status callbacks and inbound messages: forms, signed over the URL that Twilio was given, which may
//! differ from where the request goes.

use super::{Post, base64, form, hmac_sha1};
use crate::{
    leads::Status,
    sim::{Due, Message, Reply, Settings, Told},
    wire::Wire,
};

pub(super) fn post(settings: &Settings, due: &Due) -> anyhow::Result<Option<Post>> {
    let (signed_url, fields) = match &due.told {
        Told::Status(message, status) => {
            let (Some(url), Some(fields)) = (&message.callback, status_fields(message, *status))
            else {
                return Ok(None);
            };
            (url.clone(), fields)
        }
        Told::Reply(reply) => (
            format!("{}/hooks/twilio", settings.public_url),
            inbound_fields(reply),
        ),
        Told::Relation { .. } => return Ok(None),
    };
    let mut sorted: Vec<&(&str, String)> = fields.iter().collect();
    sorted.sort();
    let joined: String = sorted
        .into_iter()
        .flat_map(|(name, value)| [*name, value.as_str()])
        .collect();
    let secret = settings.secret(Wire::Twilio);
    let tag = hmac_sha1(
        secret.as_bytes(),
        format!("{signed_url}{joined}").as_bytes(),
    )?;
    let url = match signed_url.strip_prefix(&settings.public_url) {
        Some(path) => format!("{}{path}", settings.hook_base),
        None => signed_url,
    };
    Ok(Some(Post {
        url,
        headers: vec![
            (
                "content-type",
                "application/x-www-form-urlencoded; charset=UTF-8".to_owned(),
            ),
            ("x-twilio-signature", base64(&tag)),
            (
                "i-twilio-idempotency-token",
                format!("{}-{}", settings.seed, due.number),
            ),
        ],
        body: form(&fields)?,
    }))
}

fn status_fields(message: &Message, status: Status) -> Option<Vec<(&'static str, String)>> {
    let (word, error) = word(status)?;
    let mut fields = vec![
        ("MessageSid", message.id.clone()),
        ("SmsSid", message.id.clone()),
        ("MessageStatus", word.to_owned()),
        ("SmsStatus", word.to_owned()),
        ("To", message.to.clone()),
        ("From", message.from.clone()),
        ("AccountSid", "local-twilio".to_owned()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    if let Some(code) = error {
        fields.push(("ErrorCode", code.to_owned()));
        fields.push(("ErrorMessage", String::new()));
    }
    Some(fields)
}

/// Twilio's word for a status, and the error code that goes with it.
pub(crate) fn word(status: Status) -> Option<(&'static str, Option<&'static str>)> {
    Some(match status {
        Status::Sent => ("sent", None),
        Status::Delivered => ("delivered", None),
        Status::HardBounce => ("undelivered", Some("30005")),
        Status::SoftBounce => ("undelivered", Some("30003")),
        Status::PolicyBounce => ("undelivered", Some("30007")),
        Status::Complaint | Status::Opened | Status::Clicked => return None,
    })
}

fn inbound_fields(reply: &Reply) -> Vec<(&'static str, String)> {
    vec![
        ("ToCountry", "AU".to_owned()),
        ("SmsMessageSid", reply.id.clone()),
        ("NumMedia", "0".to_owned()),
        ("SmsSid", reply.id.clone()),
        ("SmsStatus", "received".to_owned()),
        ("Body", reply.answer.text.clone()),
        ("FromCountry", "AU".to_owned()),
        ("To", reply.to.clone()),
        ("NumSegments", "1".to_owned()),
        ("MessageSid", reply.id.clone()),
        ("AccountSid", "local-twilio".to_owned()),
        ("From", reply.from.clone()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ]
}
