//! Inbound mail: the header fields that thread it and that mark automatic answers, and its MIME form.

use crate::{
    leads::Answer,
    sim::{Message, Reply},
};

/// Header fields of an answer to `parent`.
pub(crate) fn headers(answer: &Answer, parent: &Message) -> Vec<(String, String)> {
    let mut headers = vec![
        ("In-Reply-To".to_owned(), parent.message_id.clone()),
        ("References".to_owned(), parent.message_id.clone()),
    ];
    if answer.automatic {
        headers.push(("Auto-Submitted".to_owned(), "auto-replied".to_owned()));
        headers.push(("Precedence".to_owned(), "bulk".to_owned()));
        headers.push(("X-Auto-Response-Suppress".to_owned(), "All".to_owned()));
    }
    headers
}

/// The text with the parent quoted below, as mail programs do.
pub(super) fn quoted(reply: &Reply) -> String {
    let text = &reply.answer.text;
    let Some(parent) = reply.parent.as_ref().filter(|_| !reply.answer.automatic) else {
        return text.clone();
    };
    let quote: String = parent
        .body
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect();
    format!(
        "{text}\n\nOn Tue, 3 Nov 2026 at 09:41, {} wrote:\n{quote}",
        parent.from
    )
}

/// The whole mail.
pub(super) fn mime(reply: &Reply) -> String {
    let mut out = format!(
        "From: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}@mail.example>\r\n",
        reply.from,
        reply.to,
        encoded(reply.subject.as_deref().unwrap_or_default()),
        reply.id
    );
    for (name, value) in &reply.headers {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    out.push_str("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n");
    out.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
    let body = super::base64(quoted(reply).as_bytes());
    for line in body.as_bytes().chunks(76) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push_str("\r\n");
    }
    out
}

fn encoded(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        format!("=?utf-8?B?{}?=", super::base64(text.as_bytes()))
    }
}
