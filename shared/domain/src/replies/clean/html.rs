//! The text of an HTML body, without style, script and quoted parts. Plain text passes unchanged.

use std::borrow::Cow;

const SIGNS: [&str; 9] = [
    "<html", "<body", "<div", "<p>", "<p ", "<br", "<span", "</", "<table",
];
/// Elements whose content is not the writer's words.
const DROPPED: [&str; 5] = ["style", "script", "head", "blockquote", "title"];
const BREAKING: [&str; 11] = [
    "br", "p", "div", "tr", "li", "ul", "table", "h1", "h2", "h3", "hr",
];
/// Where mail programs begin the quoted thread.
const QUOTE_MARKS: [&str; 6] = [
    "gmail_quote",
    "moz-cite-prefix",
    "divrplyfwdmsg",
    "yahoo_quoted",
    "appendonsend",
    "mail-editor-reference-message",
];

/// `text` itself, or its text without the markup.
pub(super) fn to_text(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let head = text.get(..2_000).unwrap_or(text).to_ascii_lowercase();
    let is_sign = |at: usize| SIGNS.iter().any(|sign| head[at..].starts_with(sign));
    if !head.match_indices('<').any(|(at, _)| is_sign(at)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(stripped(text))
}

fn stripped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        push_text(&mut out, &rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('>') else {
            break;
        };
        let tag = rest[1..close].to_ascii_lowercase();
        rest = &rest[close + 1..];
        if QUOTE_MARKS.iter().any(|mark| tag.contains(mark)) {
            return out;
        }
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if tag.contains('@') {
            push_text(&mut out, &tag);
        } else if DROPPED.contains(&name.as_str()) && !tag.starts_with('/') && !tag.ends_with('/') {
            rest = after_element(rest, &name);
        } else if BREAKING.contains(&name.as_str()) {
            out.push('\n');
        } else if tag.starts_with("!--") {
            rest = rest.find("-->").map_or(rest, |end| &rest[end + 3..]);
        }
    }
    push_text(&mut out, rest.trim_start_matches('<'));
    out
}

fn after_element<'t>(rest: &'t str, name: &str) -> &'t str {
    let lower = rest.to_ascii_lowercase();
    lower
        .rfind(&format!("</{name}"))
        .and_then(|at| rest[at..].find('>').map(|end| &rest[at + end + 1..]))
        .unwrap_or("")
}

fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(10).position(|b| b == b';');
        match end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "nbsp" => ' ',
        "ndash" | "mdash" => '-',
        _ => return None,
    })
}
