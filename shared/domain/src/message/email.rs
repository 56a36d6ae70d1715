//! Composes an e-mail from a rendered subject and body: sender, signature, identity, unsubscribe links, thread (ED,
//! SEQ-6). It refuses a first message that poses as an answer, and a subject that cannot be a header.

use std::fmt;

use super::{
    html,
    line::is_line_breaking,
    persona::{Branding, Persona},
    signature::Closing,
    thread::{self, MessageId, ThreadParent},
    unsubscribe::{ONE_CLICK, UnsubscribeLinks},
};
use crate::contact::EmailAddress;

/// Longest subject in characters. Mail programs show far fewer.
pub const SUBJECT_MAX_CHARS: usize = 200;

/// What an e-mail is made of.
#[derive(Clone, Copy)]
pub struct EmailDraft<'a> {
    /// The persona who signs it.
    pub persona: &'a Persona,
    /// The tenant as the message presents it.
    pub branding: &'a Branding,
    /// The mailbox that sends it, as a rule the persona's at a pool domain.
    pub from: &'a EmailAddress,
    /// Where answers go, if not to `from`.
    pub reply_to: Option<&'a EmailAddress>,
    /// The lead.
    pub to: &'a EmailAddress,
    /// The rendered subject. A follow-up takes its parent's instead (SEQ-6).
    pub subject: &'a str,
    /// The rendered body in plain text, without signature.
    pub body: &'a str,
    /// The id of this message.
    pub message_id: &'a MessageId,
    /// The message that this one follows; none for a first touch.
    pub parent: Option<&'a ThreadParent>,
    /// The unsubscribe links.
    pub unsubscribe: &'a UnsubscribeLinks,
}

/// Why a draft may not go out. Each is permanent for its touch.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
pub enum EmailError {
    /// No subject and no parent to take it from.
    #[error("subject is empty")]
    EmptySubject,
    /// No body.
    #[error("body is empty")]
    EmptyBody,
    /// The subject claims an earlier message where there is none (R28, R32).
    #[error("subject '{0}' poses as a reply or forward, but the message begins a thread")]
    FalseReply(String),
    /// A line end in the subject would begin another header.
    #[error("subject '{0}' has a line end or another control character")]
    ControlCharacter(String),
    /// Too long a subject.
    #[error("subject has {0} characters, more than {SUBJECT_MAX_CHARS}")]
    SubjectTooLong(usize),
}

/// An e-mail, complete, in the terms of any provider's API. Its `Debug` shows neither address nor text.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailContent {
    /// Display name of the sender (ED-011).
    pub from_name: String,
    /// Mailbox of the sender.
    pub from: EmailAddress,
    /// Where answers go, if not to `from`.
    pub reply_to: Option<EmailAddress>,
    /// The one recipient.
    pub to: EmailAddress,
    /// The subject.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// `Message-ID`.
    pub message_id: MessageId,
    /// `In-Reply-To`; only on a follow-up (R28).
    pub in_reply_to: Option<MessageId>,
    /// `References`, oldest first; empty on a first touch (R28).
    pub references: Vec<MessageId>,
    /// Value of `List-Unsubscribe` (R26).
    pub list_unsubscribe: String,
}

impl EmailDraft<'_> {
    /// The complete e-mail.
    ///
    /// # Errors
    /// [`EmailError`] names what the draft lacks or pretends.
    pub fn compose(&self) -> Result<EmailContent, EmailError> {
        let body = self.body.trim();
        if body.is_empty() {
            return Err(EmailError::EmptyBody);
        }
        let closing = Closing::new(self.persona, self.branding, &self.unsubscribe.page);
        Ok(EmailContent {
            from_name: self.persona.display_name(self.branding),
            from: self.from.clone(),
            reply_to: self.reply_to.cloned(),
            to: self.to.clone(),
            subject: self.final_subject()?,
            text: format!("{body}\n\n{}", closing.text()),
            html: document(&html::from_text(body), &closing.html()),
            message_id: self.message_id.clone(),
            in_reply_to: self.parent.and_then(|parent| parent.message_id.clone()),
            references: self
                .parent
                .map(ThreadParent::references)
                .unwrap_or_default(),
            list_unsubscribe: self.unsubscribe.header(),
        })
    }

    fn final_subject(&self) -> Result<String, EmailError> {
        let own = self.subject.trim();
        let subject = match self.parent {
            Some(parent) if !thread::without_reply_marks(&parent.subject).is_empty() => {
                parent.reply_subject()
            }
            Some(_) => format!("Re: {}", thread::without_reply_marks(own)),
            None if thread::without_reply_marks(own) != own => {
                return Err(EmailError::FalseReply(own.to_owned()));
            }
            None => own.to_owned(),
        };
        checked_subject(subject)
    }
}

fn checked_subject(subject: String) -> Result<String, EmailError> {
    let chars = subject.chars().count();
    if thread::without_reply_marks(&subject).is_empty() {
        Err(EmailError::EmptySubject)
    } else if subject.contains(is_line_breaking) {
        Err(EmailError::ControlCharacter(subject))
    } else if chars > SUBJECT_MAX_CHARS {
        Err(EmailError::SubjectTooLong(chars))
    } else {
        Ok(subject)
    }
}

fn document(body: &str, closing: &str) -> String {
    format!(
        "<!doctype html>\n<html>\n<head><meta charset=\"utf-8\"></head>\n\
         <body style=\"font-family:Arial,sans-serif;font-size:14px;line-height:1.5\">\n\
         {body}{closing}</body>\n</html>\n"
    )
}

impl EmailContent {
    /// Every header beyond those that all mail APIs have fields for, each name once (R26, R28). No value is
    /// longer than `value_limit` characters; 998 is the limit of the standard.
    #[must_use]
    pub fn extra_headers(&self, value_limit: usize) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("Message-ID", self.message_id.to_string()),
            ("List-Unsubscribe", self.list_unsubscribe.clone()),
            ("List-Unsubscribe-Post", ONE_CLICK.to_owned()),
        ];
        if let Some(parent) = &self.in_reply_to {
            headers.push(("In-Reply-To", parent.to_string()));
        }
        if !self.references.is_empty() {
            let line = thread::references_line(&self.references, value_limit);
            headers.push(("References", line));
        }
        headers
    }
}

impl fmt::Debug for EmailContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailContent")
            .field("message_id", &self.message_id)
            .field("from", &self.from)
            .field("to", &self.to)
            .field("text_bytes", &self.text.len())
            .field("html_bytes", &self.html.len())
            .finish_non_exhaustive()
    }
}
