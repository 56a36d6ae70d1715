//! The person a reply refers us to: name, title and ways to reach them.
//! It refuses to invent: a reply that names nobody refers to nobody, whatever its intent.

use serde::{Deserialize, Serialize};

use crate::replies::tokens::{Break, Class, Token};

/// Somebody named in a referral (REP-1); at least one field is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferredPerson {
    /// Name as written: "Jane Doe".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address, lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Position as written: "CFO", "Operations Manager".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

const POSITIONS: &[&str] = &[
    "ceo",
    "cfo",
    "coo",
    "cto",
    "cmo",
    "cio",
    "director",
    "manager",
    "owner",
    "founder",
    "president",
    "lead",
    "officer",
    "accountant",
    "bookkeeper",
    "boss",
    "partner",
    "principal",
    "supervisor",
    "coordinator",
    "administrator",
    "secretary",
    "assistant",
    "gm",
    "vp",
    "wife",
    "husband",
];
const AREAS: &[&str] = &[
    "operations",
    "marketing",
    "procurement",
    "finance",
    "office",
    "general",
    "sales",
    "it",
    "hr",
    "business",
    "managing",
    "account",
    "accounts",
    "executive",
    "practice",
    "project",
    "product",
    "purchasing",
    "head",
    "of",
    "vice",
    "chief",
    "financial",
    "technology",
    "people",
    "senior",
    "digital",
    "commercial",
    "regional",
    "national",
    "facilities",
    "fleet",
    "human",
    "resources",
    "team",
    "growth",
    "demand",
    "brand",
    "customer",
    "support",
    "engineering",
    "department",
];
/// Capitalised words that are not names.
const NOT_NAMES: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "dear",
    "thanks",
    "thank",
    "cheers",
    "regards",
    "kind",
    "best",
    "please",
    "yes",
    "no",
    "not",
    "i",
    "my",
    "our",
    "the",
    "we",
    "you",
    "he",
    "she",
    "they",
    "his",
    "her",
    "it",
    "this",
    "that",
    "for",
    "from",
    "with",
    "and",
    "but",
    "sorry",
    "speak",
    "talk",
    "contact",
    "ask",
    "try",
    "call",
    "ring",
    "email",
    "sounds",
    "sure",
    "ok",
    "good",
    "great",
    "forwarding",
    "passing",
    "copying",
    "linkedin",
    "google",
    "zoom",
    "if",
    "to",
    "can",
    "could",
    "on",
    "in",
    "at",
    "also",
];

/// The person named in `tokens`, with the first address and number of the reply.
pub(in crate::replies) fn referred(
    tokens: &[Token<'_>],
    from: usize,
    emails: &[String],
    phones: &[String],
) -> Option<ReferredPerson> {
    let name_at = (from..tokens.len())
        .chain(0..from)
        .find(|at| is_name(tokens, *at))
        .map(|at| first_of_name(tokens, at));
    let person = ReferredPerson {
        name: name_at.map(|at| full_name(tokens, at)),
        email: emails.first().cloned(),
        phone: phones.first().cloned(),
        title: title(tokens, name_at.unwrap_or(from)),
    };
    (person != ReferredPerson::default()).then_some(person)
}

/// The words that decided may begin at the surname.
fn first_of_name(tokens: &[Token<'_>], mut at: usize) -> usize {
    while at > 0 && tokens[at].before == Break::None && is_name(tokens, at - 1) {
        at -= 1;
    }
    at
}

fn is_name(tokens: &[Token<'_>], at: usize) -> bool {
    let token = &tokens[at];
    let word = token.word.as_ref();
    token.class.intersects(Class::NAME)
        && !token.class.intersects(
            Class::DAY
                .with(Class::MONTH)
                .with(Class::EMAIL)
                .with(Class::LINK),
        )
        && !NOT_NAMES.contains(&word)
        && !is_title_word(word)
}

/// After a first name a capital is enough, also on a word that has a meaning: "Marcus Bell".
fn is_surname(token: &Token<'_>) -> bool {
    let capital = token.raw.chars().nth(1).is_some_and(char::is_lowercase);
    capital
        && token.class == Class::NONE
        && !NOT_NAMES.contains(&token.word.as_ref())
        && !is_title_word(&token.word)
}

fn is_title_word(word: &str) -> bool {
    POSITIONS.contains(&word) || AREAS.contains(&word)
}

fn full_name(tokens: &[Token<'_>], at: usize) -> String {
    const MOST_PARTS: usize = 3;
    let mut parts = vec![tokens[at].raw];
    let mut next = at + 1;
    while parts.len() < MOST_PARTS
        && next < tokens.len()
        && tokens[next].before == Break::None
        && (is_name(tokens, next) || is_surname(&tokens[next]))
        && tokens[next].raw.starts_with(char::is_uppercase)
    {
        parts.push(tokens[next].raw);
        next += 1;
    }
    let name = parts.join(" ");
    name.strip_suffix("'s").unwrap_or(&name).to_owned()
}

/// The run of title words nearest to the name.
fn title(tokens: &[Token<'_>], near: usize) -> Option<String> {
    const REACH: usize = 8;
    let low = near.saturating_sub(REACH);
    let high = (near + REACH).min(tokens.len());
    let position = (low..high)
        .filter(|at| POSITIONS.contains(&tokens[*at].word.as_ref()) || tokens[*at].word == "head")
        .min_by_key(|at| at.abs_diff(near))?;
    let joined = |at: usize| is_title_word(&tokens[at].word) && tokens[at].before == Break::None;
    let mut start = position;
    while start > low
        && tokens[start].before == Break::None
        && is_title_word(&tokens[start - 1].word)
        && tokens[start - 1].word != "of"
    {
        start -= 1;
    }
    let mut end = position + 1;
    while end < high && joined(end) {
        end += 1;
    }
    while end > position + 1 && tokens[end - 1].word == "of" {
        end -= 1;
    }
    let words: Vec<&str> = tokens[start..end].iter().map(|t| t.raw).collect();
    Some(words.join(" "))
}
