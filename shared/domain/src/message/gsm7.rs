//! The GSM 03.38 alphabet: which characters a text message carries in seven bits (R33).
//! Whatever is not in it needs UCS-2; nothing is replaced here.

/// Characters of one septet beyond ASCII.
const BASIC_BEYOND_ASCII: &str = "¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ";
/// Characters of two septets, written with an escape.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How many septets `c` takes in the GSM alphabet: one, two with the escape, or none if it is not in it.
#[must_use]
pub fn septets(c: char) -> Option<usize> {
    match c {
        '\n' | '\r' | ' ' | '!' | '"' | '#' | '$' | '%' | '&' | '\'' | '('..='?' | '@' | '_' => {
            Some(1)
        }
        _ if c.is_ascii_alphanumeric() || BASIC_BEYOND_ASCII.contains(c) => Some(1),
        _ if EXTENSION.contains(c) => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_has_127_characters_and_an_extension_of_ten() {
        let all = || (0..=0xFFFFu32).filter_map(char::from_u32);
        assert_eq!(all().filter(|c| septets(*c) == Some(1)).count(), 127);
        assert_eq!(all().filter(|c| septets(*c) == Some(2)).count(), 10);
        for c in ['`', 'ç', 'á', '“', '–', '—', '…', '\t', '\u{a0}'] {
            assert_eq!(septets(c), None, "{c:?}");
        }
    }
}
