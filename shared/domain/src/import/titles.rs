//! What a job title says about a person's say in the company (HUB-6, ALS-1).
//! Words around the rank count: a vice president is not a president, an assistant to the CEO is not a CEO.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// A rank, from the highest down. Of several in one title the highest counts.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Owner, founder, co-founder, proprietor.
    Owner,
    /// Chief executive, managing director.
    ChiefExecutive,
    /// President of the company.
    President,
    /// Any other chief officer: CFO, CTO, COO ...
    CLevel,
    /// Vice president of any grade.
    VicePresident,
    /// Director or head of something.
    Director,
    /// Senior or general manager.
    SeniorManager,
    /// Manager.
    Manager,
    /// Anything else, and no title at all.
    Other,
}

impl Role {
    /// The role that `title` names.
    #[must_use]
    pub fn of(title: &str) -> Self {
        segments(title).map(of_segment).min().unwrap_or(Self::Other)
    }

    /// The role score, 25..=100 (HUB-6).
    #[must_use]
    pub fn score(self) -> u8 {
        match self {
            Self::Owner => 100,
            Self::ChiefExecutive => 90,
            Self::President => 85,
            Self::CLevel => 80,
            Self::VicePresident => 75,
            Self::Director => 65,
            Self::SeniorManager | Self::Manager => 50,
            Self::Other => 25,
        }
    }

    /// The points for authority, 3..=25 (ALS-1). A president, whom the rule does not mention, counts as C-suite.
    #[must_use]
    pub fn authority(self) -> u8 {
        match self {
            Self::Owner | Self::ChiefExecutive => 25,
            Self::President | Self::CLevel => 22,
            Self::VicePresident => 18,
            Self::Director => 15,
            Self::SeniorManager => 10,
            Self::Manager => 7,
            Self::Other => 3,
        }
    }
}

/// Acronyms of chief officers other than the chief executive.
const CHIEF_ACRONYMS: &[&str] = &[
    "cfo", "cto", "coo", "cmo", "cio", "cpo", "cro", "chro", "ciso", "cdo", "cso", "cco", "clo",
    "cao", "cgo", "cxo", "cho", "cbo", "cno", "ceco",
];
/// Chiefs whose title often goes without "officer". A chief of staff, an architect or an accountant is none of them.
const CHIEF_FIELDS: &[&str] = &[
    "financial",
    "finance",
    "operating",
    "operations",
    "technology",
    "technical",
    "marketing",
    "information",
    "revenue",
    "people",
    "commercial",
    "legal",
    "digital",
    "product",
    "growth",
    "strategy",
    "innovation",
    "sustainability",
];
/// Owners of a task and not of a company.
const OWNED_TASKS: &[&str] = &[
    "product",
    "process",
    "data",
    "system",
    "systems",
    "service",
    "risk",
    "control",
    "content",
    "api",
    "application",
    "platform",
    "feature",
    "account",
    "contract",
    "capability",
    "budget",
    "solution",
    "epic",
    "technical",
    "project",
    "portfolio",
    "value",
    "stream",
    "design",
    "asset",
    "home",
];
/// Ranks that are over.
const PAST: &[&str] = &[
    "former",
    "formerly",
    "ex",
    "past",
    "retired",
    "previous",
    "previously",
    "emeritus",
];

/// The parts of a title that each name a rank: `Owner / Director`, `Founder & CEO`, `Director, Sales`.
fn segments(title: &str) -> impl Iterator<Item = &str> {
    title
        .split([
            '/', '&', ',', '|', ';', '(', ')', '+', '•', '·', '–', '—', '\n',
        ])
        .flat_map(|part| part.split(" - "))
        .flat_map(|part| part.split(" and "))
}

fn of_segment(segment: &str) -> Role {
    // `C.E.O.` is one word, `Vice-President` two.
    let lower = segment.replace('.', "").to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.iter().any(|word| PAST.contains(word)) {
        return Role::Other;
    }
    // What follows "to" or "office of" is somebody else's rank.
    let other = words.iter().position(|w| *w == "to").or_else(|| {
        let pair = |pair: &[&str]| pair[0] == "office" && pair[1] == "of";
        words.windows(2).position(pair)
    });
    let own = &words[..other.unwrap_or(words.len())];
    RANKS
        .iter()
        .find(|(_, holds)| holds(own))
        .map_or(Role::Other, |(role, _)| *role)
}

type Test = fn(&[&str]) -> bool;

/// From the highest down; the vice presidents stand before the presidents they contain.
const RANKS: &[(Role, Test)] = &[
    (Role::Owner, is_owner),
    (Role::ChiefExecutive, is_chief_executive),
    (Role::VicePresident, is_vice_president),
    (Role::President, |words| has(words, &["president"])),
    (Role::CLevel, is_chief),
    (Role::Director, |words| {
        has(words, &["director"]) || has_pair(words, "head", "of") || words == ["head"]
    }),
    (Role::SeniorManager, |words| {
        has(words, &["manager", "mgr"]) && has(words, &["senior", "sr", "snr", "general", "gm"])
            || has(words, &["gm"])
    }),
    (Role::Manager, |words| has(words, &["manager", "mgr"])),
];

fn is_owner(words: &[&str]) -> bool {
    has(
        words,
        &[
            "founder",
            "cofounder",
            "proprietor",
            "proprietress",
            "coowner",
        ],
    ) || words.iter().enumerate().any(|(at, word)| {
        let task = at > 0 && OWNED_TASKS.contains(&words[at - 1]);
        *word == "owner" && !task
    })
}

fn is_chief_executive(words: &[&str]) -> bool {
    has(words, &["ceo"])
        || has_pair(words, "chief", "executive")
        || has_pair(words, "managing", "director")
        || words == ["md"]
}

fn is_vice_president(words: &[&str]) -> bool {
    has(
        words,
        &["vp", "svp", "evp", "avp", "rvp", "gvp", "vicepresident"],
    ) || has_pair(words, "vice", "president")
}

fn is_chief(words: &[&str]) -> bool {
    let chief = words.iter().position(|word| *word == "chief");
    has(words, CHIEF_ACRONYMS)
        || chief.is_some_and(|at| {
            let rest = &words[at + 1..];
            rest.contains(&"officer")
                || rest
                    .last()
                    .is_some_and(|field| CHIEF_FIELDS.contains(field))
        })
}

fn has(words: &[&str], any_of: &[&str]) -> bool {
    words.iter().any(|word| any_of.contains(word))
}

fn has_pair(words: &[&str], first: &str, second: &str) -> bool {
    words.windows(2).any(|pair| pair == [first, second])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(title: &str, score: u8) {
        assert_eq!(Role::of(title).score(), score, "{title}");
    }

    #[test]
    fn each_rank_of_hub_6_has_its_score() {
        check("Owner", 100);
        check("Co-Founder", 100);
        check("Founder & CEO", 100);
        check("CEO", 90);
        check("Chief Executive Officer", 90);
        check("President", 85);
        check("CFO", 80);
        check("Chief Technology Officer", 80);
        check("Vice President of Sales", 75);
        check("VP, Marketing", 75);
        check("Director of Operations", 65);
        check("Marketing Manager", 50);
        check("Accountant", 25);
        check("", 25);
    }

    #[test]
    fn abbreviations_and_local_titles_count() {
        check("C.E.O.", 90);
        check("MD", 90);
        check("Managing Director", 90);
        check("SVP Engineering", 75);
        check("Vice-President", 75);
        check("V.P. Finance", 75);
        check("Head of Growth", 65);
        check("Sr. Mgr", 50);
        check("Owner/Director", 100);
        check("President and CEO", 90);
        check("Director - Co-owner", 100);
        check("Proprietor", 100);
    }

    #[test]
    fn a_rank_of_somebody_or_something_else_does_not_count() {
        check("Assistant to the CEO", 25);
        check("Executive Assistant to Managing Director", 25);
        check("Chief of Staff, Office of the CEO", 25);
        check("Product Owner", 25);
        check("Former Owner", 25);
        check("Ex-CEO", 25);
        check("Founding Engineer", 25);
        check("Chief Architect", 25);
        check("Head Chef", 25);
        check("Ownership Consultant", 25);
        check("Product Owner & Founder", 100);
        check("Former CFO, now CEO", 90);
    }

    #[test]
    fn authority_tells_senior_managers_from_managers_als_1() {
        assert_eq!(Role::of("Senior Manager").authority(), 10);
        assert_eq!(Role::of("General Manager").authority(), 10);
        assert_eq!(Role::of("Account Manager").authority(), 7);
        assert_eq!(Role::of("CEO").authority(), 25);
        assert_eq!(Role::of("Clerk").authority(), 3);
    }
}
