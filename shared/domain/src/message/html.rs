//! The HTML side of a message: escaping, and paragraphs and links from plain text. It reads no HTML; whatever markup a
//! text holds is shown as text.

/// `text` with the five characters that mean something in HTML, in element or quoted attribute, escaped.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
    html
}

/// A link whose text is `label`.
#[must_use]
pub fn link(target: &str, label: &str) -> String {
    format!(r#"<a href="{}">{}</a>"#, escape(target), escape(label))
}

/// Plain text as HTML: blank lines separate paragraphs, other line ends break the line, and `http(s)` addresses become
/// links.
#[must_use]
pub fn from_text(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines
        .split(|line| line.is_empty())
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| {
            let lines: Vec<String> = paragraph.iter().map(|line| with_links(line)).collect();
            format!("<p>{}</p>\n", lines.join("<br>\n"))
        })
        .collect()
}

fn with_links(line: &str) -> String {
    let mut html = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, address)) = next_address(rest) {
        html.push_str(&escape(before));
        if url::Url::parse(address).is_ok() {
            html.push_str(&link(address, address));
        } else {
            html.push_str(&escape(address));
        }
        rest = &rest[before.len() + address.len()..];
    }
    html.push_str(&escape(rest));
    html
}

/// The text before the first web address in `text`, and the address without the sentence's punctuation.
fn next_address(text: &str) -> Option<(&str, &str)> {
    let start = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| text.find(scheme))
        .min()?;
    let found = &text[start..];
    let end = found
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'))
        .unwrap_or(found.len());
    let address = found[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
    Some((&text[..start], address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_is_shown_and_not_obeyed() {
        assert_eq!(
            from_text("<script>alert('x')</script> & \"y\""),
            "<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;</p>\n"
        );
    }

    #[test]
    fn blank_lines_separate_paragraphs_and_addresses_become_links() {
        assert_eq!(
            from_text("Hi Ana,\r\n\r\n\r\nSee https://a.io/x?a=1&b=2.\nBye"),
            "<p>Hi Ana,</p>\n<p>See <a href=\"https://a.io/x?a=1&amp;b=2\">https://a.io/x?a=1&amp;b=2</a>.<br>\nBye</p>\n"
        );
        assert_eq!(with_links("http:// and <b>"), "http:// and &lt;b&gt;");
    }
}
