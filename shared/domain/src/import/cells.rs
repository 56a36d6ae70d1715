//! The content of a cell without the spreadsheet's wrapping: spaces of every kind, `="0412..."`, a leading apostrophe.
//! It cuts and never corrects.

use std::borrow::Cow;

use super::addresses::is_absent;

/// The content of `cell`; empty if it stands for nothing (`N/A`, `-`, `null`).
pub(super) fn content(cell: &str) -> &str {
    let bare = unwrapped(cell);
    if is_absent(bare) { "" } else { bare }
}

/// `cell` without what surrounds its content. Trimming is all that most cells need.
fn unwrapped(cell: &str) -> &str {
    let mut text = trimmed(cell);
    // Excel formula text, written so that the leading zero of a number survives: ="0412345678".
    if let Some(formula) = text.strip_prefix('=')
        && let Some(inner) = formula.strip_prefix('"')
    {
        text = trimmed(inner.strip_suffix('"').unwrap_or(inner));
    }
    if let Some(rest) = text.strip_prefix('\'') {
        text = trimmed(rest);
    }
    match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(inner) if !inner.contains('"') => trimmed(inner),
        _ => text,
    }
}

/// `text` without white space, control and invisible characters at either end.
pub(super) fn trimmed(text: &str) -> &str {
    if let [first, .., last] = text.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return text;
    }
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c))
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
}

/// `text` on one line with single spaces and without control characters.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    let tidy = |c: char| !c.is_whitespace() && !c.is_control() || c == ' ';
    let mut before = None;
    let is_tidy = text.chars().all(|c| {
        let double = c == ' ' && before == Some(' ');
        before = Some(c);
        (c.is_ascii_graphic() || tidy(c)) && !double
    });
    if is_tidy {
        return Cow::Borrowed(text);
    }
    let spaced: String = text
        .chars()
        .map(|c| if tidy(c) { c } else { ' ' })
        .collect();
    Cow::Owned(spaced.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// At most `max_bytes` of `text`, cut between characters.
pub(super) fn capped(text: &str, max_bytes: usize) -> &str {
    let mut end = text.len().min(max_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_comes_off_and_content_stays() {
        let check = |cell: &str, wanted: &str| assert_eq!(content(cell), wanted, "{cell:?}");
        check("\u{A0} Ana\u{200B}\t", "Ana");
        check("=\"0412345678\"", "0412345678");
        check("'0412 345 678", "0412 345 678");
        check("\"Acme\"", "Acme");
        check("Say \"hi\"", "Say \"hi\"");
        check("O'Brien", "O'Brien");
        for nothing in ["", " - ", "N/A", "null", "\u{FEFF}", "=\"\""] {
            check(nothing, "");
        }
    }

    #[test]
    fn a_cell_of_several_lines_becomes_one() {
        assert_eq!(one_line("12 High St\r\nLevel  3"), "12 High St Level 3");
        assert_eq!(one_line("12 High St"), "12 High St");
        assert_eq!(capped("Zoë", 3), "Zo");
    }
}
