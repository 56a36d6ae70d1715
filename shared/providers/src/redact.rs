//! Providers repeat our own data in their error texts. This keeps addresses out of logs (invariant 10).

/// Longest error text that is kept, in characters.
const KEPT: usize = 160;
/// A run with this many digits is taken for a phone number or an account.
const NUMBER_DIGITS: usize = 6;

/// `message` without e-mail addresses and phone numbers, cut to 160 characters.
#[must_use]
pub(crate) fn redact(message: &str) -> String {
    let words: Vec<&str> = message
        .split_whitespace()
        .map(|word| if is_private(word) { "***" } else { word })
        .collect();
    words.join(" ").chars().take(KEPT).collect()
}

fn is_private(word: &str) -> bool {
    word.contains('@') || word.bytes().filter(u8::is_ascii_digit).count() >= NUMBER_DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_text_keeps_its_reason_and_loses_its_addresses() {
        let text = "The 'To' number +61412345678 for <ann@example.com> is not valid";
        assert_eq!(redact(text), "The 'To' number *** for *** is not valid");
        assert_eq!(redact(&"word ".repeat(100)).len(), 160);
    }
}
