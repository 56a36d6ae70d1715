//! A composed e-mail as MIME, the same bytes for the same message: no clock, no random boundary. `Date` is left
//! to the service, which sets it in any case. No value can start a header field of its own.

use mail_builder::{
    headers::{
        Header, HeaderType, address::Address, content_type::ContentType, raw::Raw, text::Text,
    },
    mime::MimePart,
};
use touchline_engine::provider::EmailMessage;

/// Writes the message.
pub(super) fn write(message: &EmailMessage) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024 + message.text.len() + message.html.len());
    let from = Address::new_address(Some(one_line(&message.from_name)), message.from.as_str());
    field(&mut out, "From", &from.into());
    let to = Address::new_address(None::<&str>, message.to.as_str());
    field(&mut out, "To", &to.into());
    if let Some(reply_to) = &message.reply_to {
        let reply_to = Address::new_address(None::<&str>, reply_to.as_str());
        field(&mut out, "Reply-To", &reply_to.into());
    }
    let subject = Text::new(one_line(&message.subject));
    field(&mut out, "Subject", &subject.into());
    raw(&mut out, "Message-ID", &message.message_id);
    for (name, value) in &message.headers {
        raw(&mut out, name, value);
    }
    out.extend_from_slice(b"MIME-Version: 1.0\r\n");
    body(message).write_part(&mut out);
    out
}

fn body(message: &EmailMessage) -> MimePart<'_> {
    let boundary = format!("=_{}", message.reference.touch);
    let alternative = ContentType::new("multipart/alternative").attribute("boundary", boundary);
    MimePart::new(
        alternative,
        vec![
            MimePart::new("text/plain", message.text.as_str()),
            MimePart::new("text/html", message.html.as_str()),
        ],
    )
}

fn raw(out: &mut Vec<u8>, name: &str, value: &str) {
    field(out, &one_line(name), &Raw::new(one_line(value)).into());
}

fn field(out: &mut Vec<u8>, name: &str, value: &HeaderType<'_>) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    value.write_header(out, name.len() + 2);
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;
    use touchline_domain::{
        events::TouchRef,
        ids::{LeadId, TenantId, TouchId},
    };

    fn message() -> EmailMessage {
        let tenant: TenantId = "acme".parse().unwrap();
        let lead = LeadId::derive(&tenant, "bo@example.com");
        let touch = TouchId::derive(&tenant, &lead, &"c1".parse().unwrap(), "0", 0);
        EmailMessage {
            reference: TouchRef {
                tenant,
                lead,
                touch,
            },
            from_name: "Ann from Müller, Söhne".to_owned(),
            from: "ann@pool.example".parse().unwrap(),
            reply_to: Some("in@pool.example".parse().unwrap()),
            to: "bo@example.com".parse().unwrap(),
            subject: "Grüße\r\nBcc: evil@example.com".to_owned(),
            text: "Hi Bo,\n\nnaïve?\n".to_owned(),
            html: "<p>Hi Bo</p>".to_owned(),
            message_id: "<m1@pool.example>".to_owned(),
            headers: vec![
                ("In-Reply-To".to_owned(), "<m0@pool.example>".to_owned()),
                (
                    "List-Unsubscribe-Post".to_owned(),
                    "List-Unsubscribe=One-Click".to_owned(),
                ),
            ],
        }
    }

    #[test]
    fn a_mail_reads_back_as_it_was_composed_and_is_the_same_twice() {
        let bytes = write(&message());
        assert_eq!(bytes, write(&message()));
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        let from = parsed.from().unwrap().first().unwrap();
        assert_eq!(from.name(), Some("Ann from Müller, Söhne"));
        assert_eq!(from.address(), Some("ann@pool.example"));
        assert_eq!(
            parsed.body_text(0).unwrap().replace("\r\n", "\n"),
            message().text
        );
        assert_eq!(parsed.body_html(0).unwrap(), "<p>Hi Bo</p>");
        assert_eq!(parsed.message_id(), Some("m1@pool.example"));
        assert_eq!(
            parsed.header_raw("List-Unsubscribe-Post").map(str::trim),
            Some("List-Unsubscribe=One-Click")
        );
    }

    #[test]
    fn a_line_break_in_a_subject_starts_no_header_field() {
        let bytes = write(&message());
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        assert!(parsed.bcc().is_none());
        assert_eq!(parsed.subject(), Some("GrüßeBcc: evil@example.com"));
    }
}
