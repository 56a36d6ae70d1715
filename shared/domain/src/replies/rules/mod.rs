//! The cue phrases, one file per intent, compiled once. A phrase says one thing; [`super::precedence`] decides where
//! phrases disagree.

mod angry;
mod bounce;
mod called;
mod hints;
mod meeting;
mod negative;
mod optout_acts;
mod optout_ask;
mod optout_foreign;
mod optout_not;
mod other;
mod out_of_office;
mod positive;
mod question;
mod referral;
pub(super) mod sets;
mod thanks;
mod wrong_person;

use std::sync::LazyLock;

use super::{intent::Intent, phrase::PhraseBook};

/// What a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// It speaks for an intent.
    For(Intent),
    /// It only looks like an intent: matches within it do not count.
    NotFor(Intent),
    /// It asks us to stop, whatever stands around it (R34).
    StopFirmly,
    /// It asks us to stop, unless a [`Says::NotStop`] covers it.
    Stop,
    /// Stop words that mean something else ("stop by the office").
    NotStop,
    /// As [`Says::NotStop`], and so plainly that nobody needs to look at it.
    Idiom,
    /// Abuse that tells us to go away: legally an opt-out, and a complaint for the person who reads it.
    Dismissal,
}

/// Phrases of one meaning and weight.
#[derive(Debug)]
pub(super) struct Cues {
    pub(super) says: Says,
    /// How surely one such phrase decides, 0..=100.
    pub(super) weight: u8,
    /// Whether a negation shortly before it cancels the meaning.
    pub(super) negatable: bool,
    pub(super) phrases: &'static [&'static str],
}

impl Cues {
    const fn new(says: Says, weight: u8, phrases: &'static [&'static str]) -> Self {
        Self {
            says,
            weight,
            negatable: false,
            phrases,
        }
    }

    const fn unless_negated(mut self) -> Self {
        self.negatable = true;
        self
    }
}

/// All phrases with what they say.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) book: PhraseBook,
    cues: Vec<&'static Cues>,
}

impl Rules {
    /// What the phrases of entry `number` say.
    pub(super) fn cues(&self, number: usize) -> &'static Cues {
        self.cues[number]
    }

    /// Whether entry `number` asks us to stop in another language than English.
    pub(super) fn is_foreign(&self, number: usize) -> bool {
        let cues = self.cues(number);
        optout_foreign::CUES
            .iter()
            .any(|foreign| std::ptr::eq(foreign, cues))
    }
}

/// The rules, compiled on first use.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let cues: Vec<&'static Cues> = TABLES.iter().flat_map(|table| table.iter()).collect();
    let numbered = cues.iter().enumerate();
    let book = PhraseBook::of(numbered.flat_map(|(number, group)| {
        let phrases = group.phrases.iter();
        phrases.map(move |phrase| (*phrase, number))
    }));
    Rules { book, cues }
});

const TABLES: &[&[Cues]] = &[
    optout_ask::CUES,
    optout_acts::CUES,
    optout_foreign::CUES,
    optout_not::CUES,
    angry::CUES,
    wrong_person::CUES,
    negative::CUES,
    out_of_office::CUES,
    meeting::CUES,
    referral::CUES,
    question::CUES,
    positive::CUES,
    called::CUES,
    thanks::CUES,
    bounce::CUES,
    other::CUES,
    hints::CUES,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases() -> impl Iterator<Item = &'static str> {
        TABLES
            .iter()
            .flat_map(|table| table.iter())
            .flat_map(|cues| cues.phrases.iter().copied())
    }

    fn words(element: &str) -> impl Iterator<Item = &str> {
        element.trim_start_matches('?').split('|')
    }

    #[test]
    fn every_set_that_a_phrase_names_exists() {
        for phrase in phrases() {
            for word in phrase.split(' ').flat_map(words) {
                let name = word.strip_prefix('{').and_then(|w| w.strip_suffix('}'));
                assert!(name.is_none_or(|n| !sets::named(n).is_empty()), "{phrase}");
            }
        }
    }

    #[test]
    fn every_phrase_has_a_word_that_must_stand_and_no_empty_alternative() {
        for phrase in phrases() {
            let certain = |e: &&str| !e.starts_with(['?', '.', '^', '$', '~']);
            assert!(phrase.split(' ').any(|e| certain(&e)), "{phrase}");
            assert!(
                phrase.split(' ').flat_map(words).all(|w| !w.is_empty()),
                "{phrase}"
            );
        }
    }

    #[test]
    fn weights_are_percentages() {
        let all = TABLES.iter().flat_map(|table| table.iter());
        assert!(all.clone().all(|cues| (1..=100).contains(&cues.weight)));
        assert!(all.count() > 30);
    }
}
