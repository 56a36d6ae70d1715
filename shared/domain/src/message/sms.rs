//! How a network counts a text message: encoding, units, and the segments it is billed by (R33). It measures the text
//! as it is; the caller decides what to do about a long one.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr};

use super::gsm7;

/// Septets in a message of one segment (R33).
pub const GSM7_SINGLE: usize = 160;
/// Septets in each segment of a longer message, whose header takes the rest (R33).
pub const GSM7_PART: usize = 153;
/// UTF-16 code units in a message of one segment (R33).
pub const UCS2_SINGLE: usize = 70;
/// UTF-16 code units in each segment of a longer message (R33).
pub const UCS2_PART: usize = 67;

/// The alphabet that a message travels in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Encoding {
    /// Seven bits a character, ten characters at double cost.
    Gsm7,
    /// Sixteen bits a code unit. One character outside GSM-7 makes the whole message UCS-2 (R33).
    Ucs2,
}

impl Encoding {
    /// Units that fit a message of `segments` segments.
    #[must_use]
    pub const fn capacity(self, segments: usize) -> usize {
        let (single, part) = match self {
            Self::Gsm7 => (GSM7_SINGLE, GSM7_PART),
            Self::Ucs2 => (UCS2_SINGLE, UCS2_PART),
        };
        if segments <= 1 {
            single
        } else {
            part * segments
        }
    }

    fn units(self, c: char) -> usize {
        match self {
            // Only texts that are wholly in the alphabet are counted in it.
            Self::Gsm7 => gsm7::septets(c).unwrap_or(1),
            Self::Ucs2 => c.len_utf16(),
        }
    }
}

/// The size of a text message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsSize {
    /// The alphabet that it needs.
    pub encoding: Encoding,
    /// Septets or UTF-16 code units.
    pub units: usize,
    /// Messages that the network bills. An empty text is one segment of no units, as a phone would send it.
    pub segments: usize,
}

/// The size of `text`. A character of two units is never split over two segments, so there can be more segments than a
/// division would give (R33).
#[must_use]
pub fn measure(text: &str) -> SmsSize {
    let encoding = match first_beyond_gsm7(text) {
        None => Encoding::Gsm7,
        Some(_) => Encoding::Ucs2,
    };
    let units = text.chars().map(|c| encoding.units(c)).sum();
    let segments = if units <= encoding.capacity(1) {
        1
    } else {
        parts(text, encoding)
    };
    SmsSize {
        encoding,
        units,
        segments,
    }
}

/// The first character that makes `text` a UCS-2 message, so that an operator can see what halved its room.
#[must_use]
pub fn first_beyond_gsm7(text: &str) -> Option<char> {
    text.chars().find(|c| gsm7::septets(*c).is_none())
}

fn parts(text: &str, encoding: Encoding) -> usize {
    let room = encoding.capacity(2) / 2;
    let (parts, _) = text
        .chars()
        .map(|c| encoding.units(c))
        .fold((1, 0), |(parts, used), size| {
            if used + size > room {
                (parts + 1, size)
            } else {
                (parts, used + size)
            }
        });
    parts
}

/// `text` with typographic punctuation and spaces in their plain forms, which GSM-7 has: a curly quote
/// alone would halve the room of a message. Letters are left as they are, for they belong to names.
#[must_use]
pub fn plain_punctuation(text: &str) -> Cow<'_, str> {
    if first_beyond_gsm7(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match plain_form(c) {
            Some(form) => plain.push_str(form),
            None => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

fn plain_form(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{2032}' | '\u{2035}' | '`'
        | '\u{B4}' | '\u{2BC}' => "'",
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{2033}' | '\u{2036}' | '\u{AB}'
        | '\u{BB}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' => "-",
        '\u{2026}' => "...",
        '\u{2022}' | '\u{B7}' => "-",
        '\t' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => " ",
        '\u{2028}' | '\u{2029}' | '\u{85}' => "\n",
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' => "",
        _ => return None,
    })
}
