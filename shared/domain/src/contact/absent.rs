//! The words that spreadsheets and exports write where they have nothing to say.
//! Only whole values count: `Nan` and `Noneck Ltd` are names.

const NOTHING: &[&str] = &[
    "null",
    "none",
    "nil",
    "n/a",
    "#n/a",
    "#ref!",
    "#name?",
    "#value!",
    "#div/0!",
    "undefined",
    "unknown",
    "not available",
    "not applicable",
    "not provided",
    "tbd",
    "tba",
    "(blank)",
    "(none)",
    "(null)",
];

/// Length of the longest word for nothing.
const LONGEST_BYTES: usize = 14;

/// Whether `value` stands for nothing: blank, no letter or digit at all (`-`, `???`), or a word such as
/// `null`, `N/A` or `unknown` in any case (SEQ-7).
///
/// `NaN` and `nan` are nothing; `Nan` is a given name.
#[must_use]
pub fn is_absent(value: &str) -> bool {
    let value = value.trim();
    if !value.chars().any(char::is_alphanumeric) {
        return true;
    }
    value.len() <= LONGEST_BYTES
        && (matches!(value, "NaN" | "nan" | "NAN")
            || NOTHING.iter().any(|word| value.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_for_nothing_is_longer_than_the_longest() {
        let longest = NOTHING.iter().map(|word| word.len()).max();
        assert_eq!(longest, Some(LONGEST_BYTES));
    }

    #[test]
    fn a_filler_word_is_nothing_and_a_name_is_something() {
        for value in [
            "",
            "  ",
            "-",
            "--",
            "?",
            "null",
            "NULL",
            "None",
            "n/a",
            "N/A",
            "#N/A",
            "NaN",
            "nan",
            "Unknown",
            " undefined ",
        ] {
            assert!(is_absent(value), "{value:?}");
        }
        for value in ["Nan", "Nullarbor", "Unknown Pty Ltd", "Na", "3M", "李"] {
            assert!(!is_absent(value), "{value:?}");
        }
    }
}
