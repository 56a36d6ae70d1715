//! Names of people as lists write them: shouted, reversed, with titles and degrees around them.
//! A name is split and joined, never invented; what is not understood stays as it is.

use super::cells::one_line;

const HONORIFICS: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "rev",
    "hon",
    "capt",
    "mister",
];
const SUFFIXES: &[&str] = &[
    "jr", "sr", "ii", "iii", "iv", "phd", "mba", "cpa", "ca", "esq", "md", "dds", "oam", "ao",
    "am", "jp", "pmp", "cfa", "frics", "gaicd", "faicd", "maicd",
];
/// Words that belong to the family name behind them.
const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "bin",
    "ibn", "al", "el", "ter", "ten", "st", "mac", "mc", "o",
];
/// Written in capitals wherever they stand.
const KEPT_UPPER: &[&str] = &[
    "II", "III", "IV", "LLC", "LP", "LLP", "PLC", "PTY", "USA", "JR.", "PHD", "MBA", "CPA",
];

/// First and last name of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
}

/// `name` on one line, in ordinary capitals if it was shouted: `JOHN MCDONALD` is `John McDonald`.
pub(super) fn tidy(name: &str) -> String {
    let line = one_line(name);
    if is_shouted([&line]) {
        line.split(' ').map(unshouted).collect::<Vec<_>>().join(" ")
    } else {
        line.into_owned()
    }
}

/// First and last name, shouted or not as a whole: `JO SMITH` is `Jo Smith`, `JJ Smith` stays.
pub(super) fn tidy_parts(first: &str, last: &str) -> Parts {
    let shouted = is_shouted([first, last]);
    let part = |text: &str| {
        let line = one_line(text);
        let tidy = if shouted {
            line.split(' ').map(unshouted).collect::<Vec<_>>().join(" ")
        } else {
            line.into_owned()
        };
        non_empty(tidy)
    };
    Parts {
        first: part(first),
        last: part(last),
    }
}

/// All letters capitals, and more of them than initials have.
fn is_shouted<const N: usize>(names: [&str; N]) -> bool {
    let letters = || {
        names
            .into_iter()
            .flat_map(str::chars)
            .filter(|c| c.is_alphabetic())
    };
    letters().all(char::is_uppercase) && letters().count() > 2
}

fn unshouted(word: &str) -> String {
    let vowelless = !word.contains(['A', 'E', 'I', 'O', 'U', 'Y']);
    if KEPT_UPPER.contains(&word) || (word.chars().count() == 2 && vowelless) {
        return word.to_owned();
    }
    word.split_inclusive('-').map(capitalised).collect()
}

/// One part of a double name: `O'BRIEN` is `O'Brien`, but `TA'U` stays one word behind its apostrophe.
fn capitalised(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut letters = 0;
    let mut upper = true;
    for c in part.chars() {
        if upper {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
        letters += usize::from(c.is_alphabetic());
        let after_initial = matches!(c, '\'' | '’') && letters == 1;
        let opening = letters == 0;
        upper = after_initial || opening || c == '.' || out == "Mc";
    }
    out
}

/// Whether `full` is written `Last, First`; what follows the comma of `Jane Doe, PhD` is no given name.
pub(super) fn is_reversed(full: &str) -> bool {
    let given = full.split_once(',').map_or("", |(_, after)| after);
    given
        .split([',', ' '])
        .any(|word| !word.is_empty() && !is_one_of(SUFFIXES, word))
}

/// First and last name of `full`, which may be `Last, First` and carry titles and degrees.
pub(super) fn split(full: &str) -> Parts {
    let (before, after) = full.split_once(',').unwrap_or((full, ""));
    if is_reversed(full) {
        let given = people_words(&after.replace(',', " "));
        return Parts {
            first: given.first().cloned(),
            last: non_empty(people_words(before).join(" ")),
        };
    }
    let mut words = people_words(before);
    if words.len() < 2 {
        let only = words.pop();
        // "Mrs Nguyen": a form of address stands before the family name.
        return if before.trim().contains(' ') {
            Parts {
                first: None,
                last: only,
            }
        } else {
            Parts {
                first: only,
                last: None,
            }
        };
    }
    let first = words.remove(0);
    Parts {
        first: Some(first),
        last: non_empty(words[family_start(&words)..].join(" ")),
    }
}

/// Where the family name begins among the words behind the first name: middle names go, particles stay.
fn family_start(words: &[String]) -> usize {
    let particle = words.iter().position(|word| is_one_of(PARTICLES, word));
    let last = words.len() - 1;
    particle.filter(|at| *at < last).unwrap_or(last)
}

/// The words of `text` without titles before the name and degrees behind it.
fn people_words(text: &str) -> Vec<String> {
    let mut words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    while words.len() > 1 && is_one_of(HONORIFICS, words[0]) {
        words.remove(0);
    }
    while words.len() > 2 && words.last().is_some_and(|word| is_one_of(SUFFIXES, word)) {
        words.pop();
    }
    words.into_iter().map(str::to_owned).collect()
}

/// Whether `text` is nothing but a form of address, as in a column `Title` that means `Mr` or `Dr`.
pub(super) fn is_honorific(text: &str) -> bool {
    is_one_of(HONORIFICS, text)
}

fn is_one_of(list: &[&str], word: &str) -> bool {
    let word = word.trim_matches(['.', '(', ')']);
    list.iter()
        .any(|entry| word.eq_ignore_ascii_case(entry) || same_without_dots(word, entry))
}

fn same_without_dots(word: &str, entry: &str) -> bool {
    word.contains('.') && word.replace('.', "").eq_ignore_ascii_case(entry)
}

fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The full name of `first` and `last`; nothing if both are absent (HUB-2).
pub(super) fn join(first: Option<&str>, last: Option<&str>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) => Some([first, last].join(" ")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shouted_names_come_down_to_ordinary_capitals() {
        let check = |raw: &str, wanted: &str| assert_eq!(tidy(raw), wanted);
        check("JOHN SMITH", "John Smith");
        check("SEAN O'BRIEN-MCDONALD", "Sean O'Brien-McDonald");
        check("MCDONALD", "McDonald");
        check("ZOË ÅKESSON", "Zoë Åkesson");
        check("TJ MAXWELL III", "TJ Maxwell III");
        check("Ronald McDonald", "Ronald McDonald");
        check("JJ", "JJ");
        check("  Ana   Maria ", "Ana Maria");
        check("李 明", "李 明");
    }

    #[test]
    fn a_full_name_comes_apart_into_first_and_last() {
        let check = |full: &str, first: &str, last: &str| {
            let text = |part: &str| (!part.is_empty()).then(|| part.to_owned());
            let wanted = Parts {
                first: text(first),
                last: text(last),
            };
            assert_eq!(split(full), wanted, "{full}");
        };
        check("Jane Doe", "Jane", "Doe");
        check("Dr. Jane A. Doe, Ph.D.", "Jane", "Doe");
        check("Doe, Jane Alice", "Jane", "Doe");
        check("Doe, Dr Jane", "Jane", "Doe");
        check("Ludwig van der Rohe", "Ludwig", "van der Rohe");
        check("van Dyk, Pieter", "Pieter", "van Dyk");
        check("John Smith Jr", "John", "Smith");
        check("Mrs Nguyen", "", "Nguyen");
        check("Cher", "Cher", "");
        check("Mary-Jane O'Neil", "Mary-Jane", "O'Neil");
        check("", "", "");
    }

    #[test]
    fn first_and_last_make_the_full_name_hub_2() {
        assert_eq!(join(Some("Ana"), Some("Diaz")), Some("Ana Diaz".to_owned()));
        assert_eq!(join(None, Some("Diaz")), Some("Diaz".to_owned()));
        assert_eq!(join(None, None), None);
    }
}
