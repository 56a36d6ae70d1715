//! Whether the value of a variable may appear in a message (SEQ-7). Each value is judged alone; nothing is repaired.

use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr};

use crate::contact::is_absent;

/// Longest value in characters.
pub const VALUE_MAX_CHARS: usize = 2_000;

/// Why a touch stops at a variable, as a wire code.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum VariableFault {
    /// The lead has no such variable.
    Missing,
    /// The value is blank.
    Empty,
    /// It is a word that stands for nothing: `null`, `N/A`, `unknown`, `-`.
    NullLike,
    /// It is the name of a field and not its content: `FIRST_NAME`, `[Name]`.
    Placeholder,
    /// It holds the marks of a template: `{{`, `%%`, `<%`.
    MergeTag,
    /// It holds a control character or one that turns the reading direction.
    ControlCharacter,
    /// It holds a character that was lost when a file was read in the wrong encoding.
    Garbled,
    /// It has a line end and is used in a single line, such as a subject.
    LineBreak,
    /// It is longer than [`VALUE_MAX_CHARS`].
    TooLong,
}

impl VariableFault {
    /// Whether the fault is that there is no value, so that a template's own default may stand in.
    #[must_use]
    pub fn is_absence(self) -> bool {
        matches!(self, Self::Missing | Self::Empty | Self::NullLike)
    }

    /// The wire name, for example `"null_like"`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Marks of the template languages that lists are exported from; no value of ours has them.
const TEMPLATE_MARKS: &[&str] = &[
    "{{", "}}", "{%", "%}", "<%", "%>", "%%", "${", "*|", "|*", "[[", "]]", "<<", ">>",
];

/// Field names that exports leave where the content should be.
const FIELD_NAMES: &[&str] = &[
    "name",
    "firstname",
    "fname",
    "lastname",
    "lname",
    "fullname",
    "yourname",
    "insertname",
    "contactname",
    "company",
    "companyname",
    "title",
    "jobtitle",
    "email",
    "phone",
    "website",
];

/// The value that may stand for `name`: `value` without the space around it.
///
/// # Errors
/// The [`VariableFault`] that keeps it out of a message.
pub fn vetted<'a>(name: &str, value: &'a str, single_line: bool) -> Result<&'a str, VariableFault> {
    let value = value.trim();
    if value.is_empty() {
        Err(VariableFault::Empty)
    } else if holds_template_mark(value) {
        Err(VariableFault::MergeTag)
    } else if is_absent(value) {
        Err(VariableFault::NullLike)
    } else if is_placeholder(name, value) {
        Err(VariableFault::Placeholder)
    } else if value.contains('\u{FFFD}') {
        Err(VariableFault::Garbled)
    } else if single_line && value.contains(is_line_end) {
        Err(VariableFault::LineBreak)
    } else if value.contains(is_forbidden) {
        Err(VariableFault::ControlCharacter)
    } else if value.chars().count() > VALUE_MAX_CHARS {
        Err(VariableFault::TooLong)
    } else {
        Ok(value)
    }
}

/// Whether `text` has the opening or closing mark of a template language.
pub(super) fn holds_template_mark(text: &str) -> bool {
    TEMPLATE_MARKS.iter().any(|mark| text.contains(mark))
}

/// `FIRST_NAME`, `[First name]`, `<company>`, a field name in capitals, or the variable's own name.
fn is_placeholder(name: &str, value: &str) -> bool {
    let letters = letters_of(value);
    let capitals = !value.contains(char::is_lowercase);
    is_bracketed(value)
        || is_shouted_identifier(value)
        || (capitals && FIELD_NAMES.contains(&letters.as_str()))
        || letters == letters_of(name)
}

fn is_bracketed(value: &str) -> bool {
    [('[', ']'), ('<', '>'), ('{', '}'), ('%', '%')]
        .iter()
        .any(|(open, close)| value.len() > 1 && value.starts_with(*open) && value.ends_with(*close))
}

/// Words in capitals joined by underscores. No name is written so.
fn is_shouted_identifier(value: &str) -> bool {
    value.contains('_')
        && value
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

fn letters_of(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
