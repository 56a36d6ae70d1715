//! Delivery status notifications and spam reports that arrive as mail (RFC 3464, RFC 5965). They become
//! bounces and complaints, never replies (R29, R30).

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};
use touchline_domain::events::EventKind;

use crate::status_code::{BounceWord, bounce};

/// What the report in `message` says, one event per recipient; `None` if it is no report.
pub(super) fn read(message: &Message<'_>) -> Option<Vec<EventKind>> {
    if let Some(part) = part(message, "message", "feedback-report") {
        let fields = groups(&part);
        let address = fields.iter().find_map(|group| {
            field(group, "Original-Rcpt-To").or_else(|| field(group, "Removal-Recipient"))
        });
        return Some(vec![EventKind::Complained {
            address: address.map(bare),
        }]);
    }
    let status = part(message, "message", "delivery-status")?;
    Some(
        groups(&status)
            .iter()
            .filter_map(|g| recipient(g))
            .collect(),
    )
}

/// The Message-ID of the mail that the report is about, without brackets.
pub(super) fn original_id(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(original) => original.message_id().map(str::to_owned),
        PartType::Text(text) if is(part, "text", "rfc822-headers") => {
            field(&lines(text), "Message-ID").map(|id| id.trim_matches(['<', '>']).to_owned())
        }
        _ => None,
    })
}

fn recipient(group: &[(String, String)]) -> Option<EventKind> {
    let action = field(group, "Action")?.to_ascii_lowercase();
    let status = field(group, "Status");
    let diagnostic = field(group, "Diagnostic-Code");
    let address = field(group, "Final-Recipient")
        .or_else(|| field(group, "Original-Recipient"))
        .map(bare);
    Some(match action.as_str() {
        "failed" => {
            let word = BounceWord {
                name: "failed",
                permanent: false,
            };
            bounce(status, diagnostic, word, address)
        }
        // A delay never suppresses, whatever its code (R30).
        "delayed" => EventKind::SoftBounced {
            code: status.unwrap_or("delayed").to_owned(),
        },
        "delivered" | "relayed" | "expanded" => EventKind::Delivered,
        other => EventKind::Ignored {
            name: format!("dsn:{other}"),
        },
    })
}

/// `rfc822; a@b.co` without its type.
fn bare(recipient: &str) -> String {
    let address = recipient
        .split_once(';')
        .map_or(recipient, |(_, address)| address);
    address.trim().trim_matches(['<', '>']).to_owned()
}

fn part(message: &Message<'_>, kind: &str, subtype: &str) -> Option<String> {
    let part = message.parts.iter().find(|part| is(part, kind, subtype))?;
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => Some(text.to_string()),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        _ => None,
    }
}

fn is(part: &MessagePart<'_>, kind: &str, subtype: &str) -> bool {
    part.content_type().is_some_and(|found| {
        found.ctype().eq_ignore_ascii_case(kind)
            && found
                .subtype()
                .is_some_and(|found| found.eq_ignore_ascii_case(subtype))
    })
}

/// The blocks of fields, which blank lines separate.
fn groups(text: &str) -> Vec<Vec<(String, String)>> {
    text.replace("\r\n", "\n")
        .split("\n\n")
        .map(lines)
        .filter(|group| !group.is_empty())
        .collect()
}

fn lines(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    fields
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;

    fn report(action: &str, status: &str) -> String {
        format!(
            "From: mailer-daemon@mx.example\r\nSubject: Undeliverable\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; gone@example.com\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; 550\r\n {status} nobody here\r\n\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\n\
             Message-ID: <010f@ap-southeast-2.amazonses.com>\r\nSubject: hi\r\n\r\nhi\r\n--b--\r\n"
        )
    }

    fn kinds(raw: &str) -> Option<Vec<EventKind>> {
        read(&MessageParser::default().parse(raw.as_bytes()).unwrap())
    }

    #[test]
    fn a_failed_report_bounces_by_its_code_r30() {
        let hard = EventKind::HardBounced {
            code: "5.1.1".to_owned(),
            address: Some("gone@example.com".to_owned()),
        };
        assert_eq!(kinds(&report("failed", "5.1.1")), Some(vec![hard]));
        let policy = EventKind::PolicyBounced {
            code: "5.7.1".to_owned(),
        };
        assert_eq!(kinds(&report("failed", "5.7.1")), Some(vec![policy]));
    }

    #[test]
    fn a_delayed_report_is_soft_even_with_a_hard_code_r30() {
        let soft = EventKind::SoftBounced {
            code: "5.1.1".to_owned(),
        };
        assert_eq!(kinds(&report("Delayed", "5.1.1")), Some(vec![soft]));
    }

    #[test]
    fn the_report_names_the_mail_it_is_about() {
        let raw = report("failed", "5.1.1");
        let message = MessageParser::default().parse(raw.as_bytes()).unwrap();
        assert_eq!(
            original_id(&message).as_deref(),
            Some("010f@ap-southeast-2.amazonses.com")
        );
    }

    #[test]
    fn an_ordinary_mail_is_no_report() {
        assert_eq!(kinds("From: a@b.co\r\nSubject: re\r\n\r\nyes please"), None);
    }
}
