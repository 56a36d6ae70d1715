//! Message-ids and the headers that thread mail (SEQ-6, R28).
//! A reply subject is only ever made for a message that has a parent.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::ids::{LeadId, TouchId};

/// Longest line of a message, without its line end (RFC 5322 2.1.1).
pub const HEADER_LINE_MAX: usize = 998;

/// A message-id with its angle brackets: `<touch_….lead_…@acme-mail.com>`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct MessageId(Box<str>);

/// The text is not one message-id.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error("'{0}' is not a message-id such as <id@domain>")]
pub struct MessageIdError(String);

impl MessageId {
    /// The id of the message of `touch`, which names the lead too, so that a reply finds both. A touch has
    /// one content, so an id is never used again for another (R28).
    ///
    /// # Errors
    /// [`MessageIdError`] if `domain` has a character that ends an id.
    pub fn of_touch(touch: &TouchId, lead: &LeadId, domain: &str) -> Result<Self, MessageIdError> {
        format!("<{touch}.{lead}@{domain}>").parse()
    }

    /// The touch and the lead that this id names, if it is one of ours. It does not prove who wrote: anyone can put it
    /// into a header.
    #[must_use]
    pub fn touch(&self) -> Option<(TouchId, LeadId)> {
        let (local, _) = self.inner().rsplit_once('@')?;
        let (touch, lead) = local.split_once('.')?;
        Some((touch.parse().ok()?, lead.parse().ok()?))
    }

    /// The id with its brackets, as a header carries it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id without its brackets, as some APIs want it.
    #[must_use]
    pub fn inner(&self) -> &str {
        self.0.trim_start_matches('<').trim_end_matches('>')
    }

    /// Every id in a `References` or `In-Reply-To` header, in order. Anything else is skipped.
    #[must_use]
    pub fn all_in(header: &str) -> Vec<Self> {
        header
            .split('<')
            .skip(1)
            .filter_map(|rest| rest.split_once('>'))
            .filter_map(|(id, _)| id.parse().ok())
            .collect()
    }
}

impl FromStr for MessageId {
    type Err = MessageIdError;

    /// With or without angle brackets.
    fn from_str(text: &str) -> Result<Self, MessageIdError> {
        let bare = text.trim();
        let bare = bare
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'))
            .unwrap_or(bare);
        let valid = bare.len() + 2 <= HEADER_LINE_MAX
            && bare.is_ascii()
            && !bare.contains(|c: char| c.is_ascii_control() || matches!(c, ' ' | '<' | '>'))
            && bare
                .split_once('@')
                .is_some_and(|(left, right)| !left.is_empty() && !right.is_empty());
        if valid {
            Ok(Self(format!("<{bare}>").into()))
        } else {
            Err(MessageIdError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for MessageId {
    type Error = MessageIdError;

    fn try_from(text: String) -> Result<Self, MessageIdError> {
        text.parse()
    }
}

impl From<MessageId> for String {
    fn from(id: MessageId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The message that a new one answers or follows: an earlier one of ours, or what the lead wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadParent {
    /// Its `Message-ID`, if it had one.
    pub message_id: Option<MessageId>,
    /// Its `References`.
    #[serde(default)]
    pub references: Vec<MessageId>,
    /// Its `In-Reply-To`.
    #[serde(default)]
    pub in_reply_to: Vec<MessageId>,
    /// Its subject.
    pub subject: String,
}

impl ThreadParent {
    /// The ids for the new message's `References`: the parent's own, or its single `In-Reply-To` in their place, and
    /// the parent's id last (R28).
    #[must_use]
    pub fn references(&self) -> Vec<MessageId> {
        let mut ids = match (&self.references[..], &self.in_reply_to[..]) {
            ([], [only]) => vec![only.clone()],
            (references, _) => references.to_vec(),
        };
        ids.extend(self.message_id.clone());
        ids
    }

    /// The subject of an answer: `Re: ` once, however often the parent says it.
    #[must_use]
    pub fn reply_subject(&self) -> String {
        format!("Re: {}", without_reply_marks(&self.subject))
    }
}

/// Marks that claim a message to be an answer or a forward, in the languages of the mail programs in use.
const REPLY_MARKS: &[&str] = &["re", "fwd", "fw", "aw", "wg", "sv", "antw", "rv", "tr"];

/// The subject without leading `Re:`, `FW:`, `Re[2]:` and the like.
#[must_use]
pub fn without_reply_marks(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((mark, tail)) = rest.split_once(':') {
        let word = mark.split('[').next().unwrap_or(mark).trim();
        if !REPLY_MARKS
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
        {
            break;
        }
        rest = tail.trim_start();
    }
    rest
}

/// `References` as one line of at most `limit` characters. The first id names the thread and the last ones
/// place the message in it, so where there is no room those in between go.
#[must_use]
pub fn references_line(ids: &[MessageId], limit: usize) -> String {
    let Some((first, rest)) = ids.split_first() else {
        return String::new();
    };
    let mut room = limit.saturating_sub(first.as_str().len());
    let kept = rest
        .iter()
        .rev()
        .take_while(|id| {
            let needed = id.as_str().len() + 1;
            let fits = needed <= room;
            room = room.saturating_sub(needed);
            fits
        })
        .count();
    let mut line = first.to_string();
    for id in &rest[rest.len() - kept..] {
        line.push(' ');
        line.push_str(id.as_str());
    }
    line
}
