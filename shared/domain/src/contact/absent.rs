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

/// Whether `value` stands for nothing: blank, no letter or digit at all (`-`, `???`), or a word such as
/// `null`, `N/A` or `unknown` in any case (SEQ-7).
///
/// `NaN` and `nan` are nothing; `Nan` is a given name.
#[must_use]
pub fn is_absent(value: &str) -> bool {
    let value = value.trim();
    !value.chars().any(char::is_alphanumeric)
        || matches!(value, "NaN" | "nan" | "NAN")
        || NOTHING.iter().any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

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
