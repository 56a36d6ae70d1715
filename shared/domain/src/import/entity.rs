//! Whether an owner's name is that of an organisation and not of a person (HUB-5).
//! Whole words decide: `Trusty` is not a trust, `L.P. Hartley` is not a partnership, and a company's name is not looked
//! at.

/// Words that make a name an organisation's wherever they stand.
const ANYWHERE: &[&str] = &[
    "llc",
    "pllc",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "ltd",
    "limited",
    "pty",
    "pte",
    "plc",
    "llp",
    "lllp",
    "gmbh",
    "sarl",
    "bhd",
    "trusts",
    "trustee",
    "trustees",
    "holdings",
    "holding",
    "estate",
    "estates",
    "partnership",
    "partners",
    "associates",
    "enterprises",
    "investments",
    "properties",
    "ventures",
    "foundation",
    "superannuation",
    "smsf",
    "association",
    "society",
    "ministries",
    "bancorp",
    "cooperative",
    "council",
    "university",
    "department",
    "authority",
    "acn",
    "abn",
    "company",
];
/// Words that do so at the end of a name only; before it they are initials or a given name.
const AT_END: &[&str] = &["lp", "trust", "co", "group", "fund", "ag", "nv", "bv"];
/// Words that do so before `of`: `City of Austin`, `Trust of Ana Diaz`, `Est of`.
const BEFORE_OF: &[&str] = &[
    "city", "county", "state", "town", "trust", "est", "bank", "church", "diocese",
];

/// Whether `name` is an organisation's (HUB-5): marked leads are left out of skip tracing and of person channels.
#[must_use]
pub fn is_entity(name: &str) -> bool {
    let words = words(name);
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let behind_number = words.iter().rev().skip_while(|w| is_detail(w)).count();
    (0..words.len()).any(|at| {
        let is_end = at + 1 == behind_number;
        ANYWHERE.contains(&word(at))
            || (at > 0 && is_end && AT_END.contains(&word(at)))
            || (BEFORE_OF.contains(&word(at)) && word(at + 1) == "of")
            || (at > 0 && is_trust_phrase(word(at), word(at + 1)))
    })
}

/// `Smith Trust dated 2004` and `Diaz Trust No 2` go on behind the word that decides.
fn is_trust_phrase(word: &str, next: &str) -> bool {
    word == "trust"
        && matches!(
            next,
            "dated" | "dtd" | "u" | "ua" | "under" | "agreement" | "account" | "and" | "for"
        )
}

/// What may follow the last word of an organisation's name: a number, a year, `the`.
fn is_detail(word: &str) -> bool {
    matches!(word, "no" | "the" | "et" | "al") || word.bytes().all(|b| b.is_ascii_digit())
}

/// Lower-case words without punctuation; `L.L.C.` and `L L C` are one word.
fn words(name: &str) -> Vec<String> {
    let undotted = name.replace('.', "");
    let mut words: Vec<String> = undotted
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if let [.., a, b, c] = words.as_slice()
        && [a.as_str(), b, c] == ["l", "l", "c"]
    {
        words.truncate(words.len() - 3);
        words.push("llc".to_owned());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisations_are_marked_hub_5() {
        for name in [
            "Smith Holdings LLC",
            "ACME L.L.C.",
            "Acme L L C",
            "Diaz Family Trust",
            "The Jones Living Trust dated 2004",
            "Smith Trust No. 2",
            "Estate of John Smith",
            "JOHN SMITH ESTATE",
            "Jones Pty Ltd",
            "Jones Pty. Ltd. ATF The Jones Family Trust",
            "Acme, Inc.",
            "Acme Corp",
            "Widget Corporation",
            "Sunrise Partners, LP",
            "Sunrise L.P.",
            "Baker & Associates",
            "Müller GmbH",
            "City of Austin",
            "Trust of Ana Diaz",
            "Smith & Co",
        ] {
            assert!(is_entity(name), "{name}");
        }
    }

    #[test]
    fn people_are_not_marked_hub_5() {
        for name in [
            "John Trusty",
            "L.P. Hartley",
            "Incze Laszlo",
            "Trust Moyo",
            "Corpus Delgado",
            "Lincoln Inchbald",
            "Grace Church",
            "Estella Ofori",
            "Ltdia Nguyen",
            "Co Nguyen",
            "Ana Diaz",
            "",
        ] {
            assert!(!is_entity(name), "{name}");
        }
    }
}
