//! The known words and what is known about each, so that one look-up answers every question about a word. The phrases
//! decide what a word means.

use std::collections::HashMap;

use super::{tokens::Class, words};

/// Number of a word that phrases use; `0` is every other one.
pub(super) type WordId = u16;

/// The facts about a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    /// The word itself.
    pub(super) text: &'static str,
    /// Its number among the words that phrases use.
    pub(super) id: WordId,
    pub(super) class: Class,
    /// The words that it stands for, where it is a slip or an abbreviation.
    pub(super) respelled: Option<&'static str>,
    pub(super) is_common: bool,
    pub(super) is_first_name: bool,
}

/// Every known word.
#[derive(Debug)]
pub(super) struct Lexicon {
    words: HashMap<&'static str, Word>,
    numbered: WordId,
    by_shape: HashMap<(u8, usize), Vec<&'static str>>,
}

impl Default for Lexicon {
    fn default() -> Self {
        let mut lexicon = Self {
            words: HashMap::new(),
            numbered: 0,
            by_shape: HashMap::new(),
        };
        for (text, respelled) in words::RESPELLED {
            lexicon.entry(text).respelled = Some(respelled);
        }
        for (class, list) in words::CLASSES {
            for text in list.split_ascii_whitespace() {
                lexicon.entry(text).class = *class;
            }
        }
        for list in [words::COMMON, words::REAL_WORDS] {
            for text in list.split_ascii_whitespace() {
                lexicon.entry(text).is_common = true;
            }
        }
        for text in words::FIRST_NAMES.split_ascii_whitespace() {
            lexicon.entry(text).is_first_name = true;
        }
        lexicon
    }
}

impl Lexicon {
    /// The facts about `text`; none if it is in no list and no phrase.
    pub(super) fn word(&self, text: &str) -> Option<&Word> {
        self.words.get(text)
    }

    /// Every known word.
    pub(super) fn words(&self) -> impl Iterator<Item = &Word> {
        self.words.values()
    }

    /// The words of phrases that have `length` letters and begin with `first`.
    pub(super) fn shaped(&self, first: u8, length: usize) -> &[&'static str] {
        self.by_shape
            .get(&(first, length))
            .map_or(&[], Vec::as_slice)
    }

    /// A place for each word of the phrases by its number, and one for all other words.
    pub(super) fn places<T: Clone>(&self, empty: T) -> Vec<T> {
        vec![empty; usize::from(self.numbered) + 1]
    }

    /// The number of a word that a phrase uses.
    pub(super) fn number(&mut self, text: &'static str) -> WordId {
        let next = self.numbered.saturating_add(1);
        let word = self.entry(text);
        if word.id != 0 {
            return word.id;
        }
        word.id = next;
        self.numbered = next;
        if let Some(first) = text.bytes().next() {
            let shape = (first, text.len());
            self.by_shape.entry(shape).or_default().push(text);
        }
        next
    }

    fn entry(&mut self, text: &'static str) -> &mut Word {
        self.words.entry(text).or_insert(Word {
            text,
            ..Word::default()
        })
    }
}
