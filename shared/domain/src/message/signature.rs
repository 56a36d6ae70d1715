//! The part below the body of an e-mail: the persona's signature, and the sender's identity with the unsubscribe link.
//! Both come as text and as HTML, from the same facts, everything escaped (ED-009, ED-010, R9, R26, R32).

use super::{
    html,
    link::WebLink,
    persona::{Branding, Persona},
};
use crate::contact::phone;

/// What the calendar link says.
const BOOK_A_TIME: &str = "Book a time";
/// What the opt-out link says.
const UNSUBSCRIBE: &str = "Unsubscribe";

/// One line below the body: plain words, or a labelled link.
enum Entry {
    Words(String),
    Link {
        label: &'static str,
        target: WebLink,
    },
    Site(WebLink),
}

impl Entry {
    fn text(&self) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Link { label, target } => format!("{label}: {target}"),
            Self::Site(target) => target.to_string(),
        }
    }

    fn html(&self) -> String {
        match self {
            Self::Words(words) => html::escape(words),
            Self::Link { label, target } => html::link(target.as_str(), label),
            Self::Site(target) => html::link(target.as_str(), target.display_name()),
        }
    }
}

/// The signature and the footer of one message.
pub struct Closing {
    signature: Vec<Entry>,
    footer: Vec<Entry>,
}

impl Closing {
    /// The closing of a message from `persona`, with `unsubscribe` as its unsubscribe link.
    #[must_use]
    pub fn new(persona: &Persona, branding: &Branding, unsubscribe: &WebLink) -> Self {
        Self {
            signature: signature(persona, branding),
            footer: vec![
                Entry::Words(branding.identity()),
                Entry::Words(branding.postal_address.to_string()),
                Entry::Link {
                    label: UNSUBSCRIBE,
                    target: unsubscribe.clone(),
                },
            ],
        }
    }

    /// As plain text; the footer follows the usual signature mark.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{}\n\n-- \n{}\n",
            joined(&self.signature, Entry::text, "\n"),
            joined(&self.footer, Entry::text, "\n")
        )
    }

    /// As HTML.
    #[must_use]
    pub fn html(&self) -> String {
        format!(
            "<p>{}</p>\n<hr>\n<p style=\"font-size:12px;color:#666\">{}</p>\n",
            joined(&self.signature, Entry::html, "<br>\n"),
            joined(&self.footer, Entry::html, "<br>\n")
        )
    }
}

fn joined(entries: &[Entry], form: fn(&Entry) -> String, separator: &str) -> String {
    let lines: Vec<String> = entries.iter().map(form).collect();
    lines.join(separator)
}

fn signature(persona: &Persona, branding: &Branding) -> Vec<Entry> {
    let position = match &persona.title {
        Some(title) => format!("{title}, {}", branding.company),
        None => branding.company.to_string(),
    };
    let mut lines = vec![Entry::Words(persona.full_name()), Entry::Words(position)];
    let number = branding.phone.as_ref().map(phone::international);
    lines.extend(number.map(Entry::Words));
    lines.extend(branding.website.clone().map(Entry::Site));
    lines.extend(persona.calendar_link.clone().map(|target| Entry::Link {
        label: BOOK_A_TIME,
        target,
    }));
    lines
}
