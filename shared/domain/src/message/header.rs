//! Text in mail headers: a mailbox with its display name, quoted or encoded as RFC 5322 and 2047 ask.
//! It takes only text that is one line already.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::contact::EmailAddress;

/// Longest encoded word (RFC 2047 section 2).
const ENCODED_WORD_MAX: usize = 75;
const ENCODED_WORD_START: &str = "=?UTF-8?B?";
const ENCODED_WORD_END: &str = "?=";
/// Bytes of text in one encoded word: four characters of base64 carry three bytes.
const ENCODED_WORD_BYTES: usize =
    (ENCODED_WORD_MAX - ENCODED_WORD_START.len() - ENCODED_WORD_END.len()) / 4 * 3;

/// `"Ana from Acme" <ana@acme-mail.com>`, the name in encoded words if it is not ASCII.
#[must_use]
pub fn mailbox(name: &str, address: &EmailAddress) -> String {
    format!("{} <{}>", phrase(name), address.as_str())
}

fn phrase(name: &str) -> String {
    if name.is_ascii() {
        let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
        return format!("\"{escaped}\"");
    }
    let words: Vec<String> = chunks(name)
        .iter()
        .map(|chunk| {
            format!(
                "{ENCODED_WORD_START}{}{ENCODED_WORD_END}",
                STANDARD.encode(chunk)
            )
        })
        .collect();
    words.join(" ")
}

/// `text` in pieces that fit an encoded word. A character is never divided, since each word is decoded alone.
fn chunks(text: &str) -> Vec<String> {
    let mut chunks = vec![String::new()];
    for c in text.chars() {
        match chunks.last_mut() {
            Some(last) if last.len() + c.len_utf8() <= ENCODED_WORD_BYTES => last.push(c),
            _ => chunks.push(c.to_string()),
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_quoted_and_one_beyond_ascii_is_encoded_in_short_words() {
        let address: EmailAddress = "ana@acme.com".parse().unwrap();
        assert_eq!(
            mailbox(r#"Ana "A" \ Co"#, &address),
            r#""Ana \"A\" \\ Co" <ana@acme.com>"#
        );
        assert_eq!(
            mailbox("José from Acme", &address),
            "=?UTF-8?B?Sm9zw6kgZnJvbSBBY21l?= <ana@acme.com>"
        );
        let long = phrase(&"é".repeat(100));
        assert!(long.split(' ').all(|word| word.len() <= ENCODED_WORD_MAX));
        let decoded: String = long
            .split(' ')
            .map(|word| {
                let body = word
                    .strip_prefix(ENCODED_WORD_START)
                    .and_then(|w| w.strip_suffix(ENCODED_WORD_END));
                String::from_utf8(STANDARD.decode(body.unwrap()).unwrap()).unwrap()
            })
            .collect();
        assert_eq!(decoded, "é".repeat(100));
    }
}
