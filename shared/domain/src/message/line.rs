//! One line of text that people typed and that a header, a signature or a postcard will carry.
//! A line end is refused, for it would let a name write its own mail headers.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Longest line in characters.
pub const LINE_MAX_CHARS: usize = 200;

/// Between 1 and [`LINE_MAX_CHARS`] characters, trimmed, without control characters.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Line(Box<str>);

/// Why a text is not one line.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
pub enum LineError {
    /// Nothing but space.
    #[error("text is empty")]
    Empty,
    /// A line end or another control character.
    #[error("'{0}' has a line end or another control character")]
    ControlCharacter(String),
    /// Too many characters.
    #[error("text has {0} characters, more than {LINE_MAX_CHARS}")]
    TooLong(usize),
}

impl Line {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Line {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        let line = text.trim();
        let chars = line.chars().count();
        if chars == 0 {
            Err(LineError::Empty)
        } else if chars > LINE_MAX_CHARS {
            Err(LineError::TooLong(chars))
        } else if line.contains(is_line_breaking) {
            Err(LineError::ControlCharacter(line.to_owned()))
        } else {
            Ok(Self(line.into()))
        }
    }
}

/// Control characters, and the two separators that some software breaks lines at.
pub(super) fn is_line_breaking(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

impl TryFrom<String> for Line {
    type Error = LineError;

    fn try_from(text: String) -> Result<Self, LineError> {
        text.parse()
    }
}

impl From<Line> for String {
    fn from(line: Line) -> Self {
        line.0.into()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_cannot_smuggle_a_header() {
        assert!("Ana\r\nBcc: x@y.io".parse::<Line>().is_err());
        assert!(
            "Ana\u{2028}"
                .parse::<Line>()
                .is_ok_and(|l| l.as_str() == "Ana")
        );
        assert!(" \n ".parse::<Line>().is_err());
        assert!("x".repeat(LINE_MAX_CHARS + 1).parse::<Line>().is_err());
        assert_eq!(" Ana ".parse::<Line>().unwrap().as_str(), "Ana");
    }
}
