//! An inbound mail as MIME: who wrote, what, and the header fields that tell a person from a machine (R29).

use mail_parser::Message;
use touchline_domain::{channel::Channel, events::InboundMessage};

/// Header fields that a reply keeps: they identify automatic mail (R29) and name the parent message (R28).
const TELLING: [&str; 18] = [
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "Precedence",
    "Return-Path",
    "Content-Type",
    "List-Id",
    "List-Unsubscribe",
    "X-Failed-Recipients",
    "X-Loop",
    "Feedback-Type",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Reply-To",
    "Sender",
];

/// Whether a header field is kept with a reply.
pub(super) fn telling_header(name: &str) -> bool {
    TELLING.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The mail as a reply. `to` is the address that received it, for mail whose `To` names another.
pub(super) fn inbound(message: &Message<'_>, to: Option<&str>) -> InboundMessage {
    let from = message.from().and_then(|list| list.first());
    let first_to = message.to().and_then(|list| list.first());
    InboundMessage {
        channel: Some(Channel::Email),
        from: from
            .and_then(|addr| addr.address())
            .unwrap_or_default()
            .to_owned(),
        to: to
            .or_else(|| first_to.and_then(|addr| addr.address()))
            .unwrap_or_default()
            .to_owned(),
        text: message
            .body_text(0)
            .map(|text| text.into_owned())
            .unwrap_or_default(),
        subject: message.subject().map(str::to_owned),
        headers: message
            .headers_raw()
            .filter(|(name, _)| telling_header(name))
            .map(|(name, value)| (name.to_owned(), unfold(value)))
            .collect(),
        fetch_id: None,
    }
}

fn unfold(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}
