//! A text message that says who writes and how to opt out, within the segments that it may cost (SM).
//! A text that does not fit is an error with its numbers; it is never cut.

use std::{fmt, num::NonZeroUsize};

use super::{
    link::WebLink,
    persona::{Branding, Persona},
    sms::{self, Encoding, SmsSize},
};

/// Added to a text that can be answered and does not say how to opt out (R9, R34).
pub const REPLY_STOP: &str = "Reply STOP to opt out";
/// Segments that a text may take unless a setting says otherwise.
pub const DEFAULT_MAX_SEGMENTS: NonZeroUsize = NonZeroUsize::MIN;

/// Ways of saying that the reader can opt out by an answer. Each says what to do, so that a text which only
/// mentions stopping still gets the instruction.
const OPT_OUT_PHRASES: &[&str] = &[
    "reply stop",
    "text stop",
    "txt stop",
    "send stop",
    "respond stop",
    "reply with stop",
    "stop to opt out",
    "stop to optout",
    "stop to unsubscribe",
    "stop to end",
    "stop to cancel",
    "reply unsubscribe",
];

/// How the reader of a text opts out.
#[derive(Clone, Copy, Debug)]
pub enum SmsOptOut<'a> {
    /// By answering: the sender is a number.
    Reply,
    /// By a link: the sender is a name, which cannot be answered (R13).
    Link(&'a WebLink),
}

/// What a text message is made of.
#[derive(Clone, Copy)]
pub struct SmsDraft<'a> {
    /// The persona who writes.
    pub persona: &'a Persona,
    /// The tenant as the text names it.
    pub branding: &'a Branding,
    /// The rendered text.
    pub body: &'a str,
    /// How the reader opts out.
    pub opt_out: SmsOptOut<'a>,
    /// Segments that it may take.
    pub max_segments: NonZeroUsize,
}

/// Why a draft may not go out. Each is permanent for its touch.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
pub enum SmsError {
    /// No text.
    #[error("text is empty")]
    Empty,
    /// More segments than allowed.
    #[error(
        "text has {units} {encoding} units in {segments} segments, more than the {limit_units} units in {max_segments}{}",
        cause(*.beyond_gsm7)
    )]
    TooLong {
        /// The alphabet that the text needs.
        encoding: Encoding,
        /// Its length in units of that alphabet.
        units: usize,
        /// The units that would fit.
        limit_units: usize,
        /// The segments that it would take.
        segments: usize,
        /// The segments that it may take.
        max_segments: usize,
        /// The first character outside GSM-7, which more than halves the room.
        beyond_gsm7: Option<char>,
    },
}

fn cause(beyond_gsm7: Option<char>) -> String {
    beyond_gsm7.map_or_else(String::new, |c| format!(", for '{c}' is not in GSM-7"))
}

/// A text message, complete. Its `Debug` does not show the text.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsContent {
    /// The text as it goes to the provider.
    pub text: String,
    /// Its size as the network counts it.
    pub size: SmsSize,
}

impl SmsDraft<'_> {
    /// The complete text: the body in plain punctuation, with sender and opt-out added where it lacks them.
    ///
    /// # Errors
    /// [`SmsError::TooLong`] with the numbers, [`SmsError::Empty`].
    pub fn compose(&self) -> Result<SmsContent, SmsError> {
        let body = sms::plain_punctuation(self.body.trim());
        if body.is_empty() {
            return Err(SmsError::Empty);
        }
        let named = self.with_sender(&body);
        let text = sms::plain_punctuation(&self.with_opt_out(&named)).into_owned();
        let size = sms::measure(&text);
        let max_segments = self.max_segments.get();
        if size.segments > max_segments {
            return Err(SmsError::TooLong {
                encoding: size.encoding,
                units: size.units,
                limit_units: size.encoding.capacity(max_segments),
                segments: size.segments,
                max_segments,
                beyond_gsm7: sms::first_beyond_gsm7(&text),
            });
        }
        Ok(SmsContent { text, size })
    }

    fn with_sender(&self, body: &str) -> String {
        let words = words_of(body);
        let says = |name: &str| says(&words, &sms::plain_punctuation(name));
        if says(self.persona.first_name.as_str()) && says(self.branding.company.as_str()) {
            body.to_owned()
        } else {
            format!("{}: {body}", self.persona.display_name(self.branding))
        }
    }

    fn with_opt_out(&self, body: &str) -> String {
        match self.opt_out {
            SmsOptOut::Reply => {
                let words = words_of(body);
                if OPT_OUT_PHRASES.iter().any(|phrase| says(&words, phrase)) {
                    body.to_owned()
                } else {
                    format!("{}{REPLY_STOP}", ended(body))
                }
            }
            SmsOptOut::Link(link) if body.contains(link.as_str()) => body.to_owned(),
            SmsOptOut::Link(link) => format!("{}Opt out: {link}", ended(body)),
        }
    }
}

/// `body` with the end of its sentence, so that what follows reads as another.
fn ended(body: &str) -> String {
    let ended = body.ends_with(['.', '!', '?', ':', ';', '\n']);
    format!("{body}{}", if ended { " " } else { ". " })
}

/// The words of `text` in lower case between single spaces, with a space at both ends.
fn words_of(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    format!(" {} ", words.join(" "))
}

/// Whether `words` contain `phrase` as whole words.
fn says(words: &str, phrase: &str) -> bool {
    words.contains(&words_of(phrase))
}

impl fmt::Debug for SmsContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsContent")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
