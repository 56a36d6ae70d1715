//! A small language for cue phrases over words, compiled once and matched from their first word.
//! It refuses a phrase that has no first word to look up, so that matching stays cheap.
//!
//! `a|b` one of these words · `?a|b` perhaps · `pre*` / `*end` any word that begins / ends so · `@day` a class
//! of words · `..3` up to three words of the same clause · `^` / `$` begin / end of a clause · `^^` / `$$`
//! of the message · `~` the next word may stand in the next sentence · `{name}` a set of [`super::rules::sets`].

use std::collections::HashMap;

use super::{
    lexicon::{Lexicon, WordId},
    rules::sets,
    tokens::{Break, Class, Token},
};

#[derive(Clone, Debug, Default)]
struct Alternatives {
    /// Ascending.
    words: Vec<WordId>,
    /// A bit for the number of each of them, modulo 64: most other words are excluded without a search.
    mask: u64,
    prefixes: Vec<&'static str>,
    suffixes: Vec<&'static str>,
    classes: Class,
}

impl Alternatives {
    /// Whether words that no list names may be accepted.
    fn is_open(&self) -> bool {
        !self.prefixes.is_empty() || !self.suffixes.is_empty() || self.classes != Class::NONE
    }

    fn accept(&self, token: &Token<'_>) -> bool {
        self.accept_word(token.id, &token.word) || token.class.intersects(self.classes)
    }

    fn accept_word(&self, id: WordId, word: &str) -> bool {
        (id != 0 && self.mask & bit(id) != 0 && self.words.binary_search(&id).is_ok())
            || self.prefixes.iter().any(|p| word.starts_with(p))
            || self.suffixes.iter().any(|s| word.ends_with(s))
    }
}

fn bit(id: WordId) -> u64 {
    1 << (id % 64)
}

#[derive(Clone, Debug)]
enum Element {
    One(Alternatives),
    Perhaps(Alternatives),
    Gap(usize),
    Begin,
    End,
    MessageBegin,
    MessageEnd,
    MayCross,
}

impl Element {
    /// Whether it stands for a word, or for some.
    fn is_word(&self) -> bool {
        matches!(self, Self::One(_) | Self::Perhaps(_) | Self::Gap(_))
    }
}

/// One phrase, ready to match.
#[derive(Debug)]
struct Phrase {
    elements: Vec<Element>,
    entry: usize,
    /// The message must have a word of each of these lists, or else the phrase cannot occur in it.
    needs: Vec<Vec<WordId>>,
}

impl Phrase {
    fn new(elements: Vec<Element>, entry: usize) -> Self {
        let behind_first = elements.iter().skip_while(|e| !e.is_word()).skip(1);
        let mut needs: Vec<Vec<WordId>> = behind_first
            .filter_map(|element| match element {
                Element::One(wanted) if !wanted.is_open() => Some(wanted.words.clone()),
                _ => None,
            })
            .collect();
        // A short list is the likeliest to be missing.
        needs.sort_by_key(Vec::len);
        Self {
            elements,
            entry,
            needs,
        }
    }

    fn first(&self) -> Option<&Alternatives> {
        self.elements.iter().find_map(|element| match element {
            Element::One(wanted) => Some(wanted),
            _ => None,
        })
    }

    /// Whether it may occur in a message with the words in `present`, by number.
    fn is_possible(&self, present: &[bool]) -> bool {
        let fulfilled = |list: &Vec<WordId>| list.iter().any(|id| present[usize::from(*id)]);
        self.needs.iter().all(fulfilled)
    }
}

/// Phrases indexed by their first word, each with the number its caller gave.
#[derive(Debug, Default)]
pub(super) struct PhraseBook {
    lexicon: Lexicon,
    /// The sets that phrases name, each read once.
    sets: HashMap<&'static str, Alternatives>,
    phrases: Vec<Phrase>,
    /// By number of a word, the phrases that list it as their first.
    by_word: Vec<Vec<usize>>,
    /// The phrases whose first word may be one that they do not list.
    open: Vec<usize>,
    /// By number of a word, those of `open` that it begins, whatever its class.
    open_by_word: Vec<Vec<usize>>,
}

/// A match of a phrase: `entry` is the number given when it was added, `start..end` are token positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) entry: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl PhraseBook {
    /// The book of `phrases`, each with the number of its entry.
    pub(super) fn of(phrases: impl IntoIterator<Item = (&'static str, usize)>) -> Self {
        let mut book = Self::default();
        for (text, entry) in phrases {
            let parts = text.split_ascii_whitespace();
            let elements = parts.filter_map(|part| book.element(part)).collect();
            book.add(elements, entry);
        }
        book.index();
        book
    }

    /// A phrase with an optional first word is added in both forms.
    fn add(&mut self, elements: Vec<Element>, entry: usize) {
        let first = elements.iter().position(Element::is_word);
        match first.map(|at| (at, &elements[at])) {
            Some((at, Element::Perhaps(alternatives))) => {
                let mut with = elements.clone();
                with[at] = Element::One(alternatives.clone());
                let mut without = elements.clone();
                without.remove(at);
                self.add(with, entry);
                self.add(without, entry);
            }
            Some((_, Element::One(_))) => self.phrases.push(Phrase::new(elements, entry)),
            _ => debug_assert!(false, "a phrase must begin with a word: {elements:?}"),
        }
    }

    fn index(&mut self) {
        self.by_word = self.lexicon.places(Vec::new());
        self.open_by_word = self.lexicon.places(Vec::new());
        for (number, phrase) in self.phrases.iter().enumerate() {
            let Some(first) = phrase.first() else {
                continue;
            };
            for id in &first.words {
                self.by_word[usize::from(*id)].push(number);
            }
            if first.is_open() {
                self.open.push(number);
                let numbered = self.lexicon.words().filter(|word| word.id != 0);
                for word in numbered.filter(|word| first.accept_word(word.id, word.text)) {
                    self.open_by_word[usize::from(word.id)].push(number);
                }
            }
        }
    }

    fn element(&mut self, part: &'static str) -> Option<Element> {
        Some(match part {
            "^" => Element::Begin,
            "$" => Element::End,
            "^^" => Element::MessageBegin,
            "$$" => Element::MessageEnd,
            "~" => Element::MayCross,
            _ => {
                if let Some(count) = part.strip_prefix("..") {
                    Element::Gap(count.parse().ok()?)
                } else if let Some(rest) = part.strip_prefix('?') {
                    Element::Perhaps(self.alternatives(rest))
                } else {
                    Element::One(self.alternatives(part))
                }
            }
        })
    }

    fn alternatives(&mut self, part: &'static str) -> Alternatives {
        let mut all = Alternatives::default();
        for word in part.split('|') {
            if let Some(name) = word.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
                if !self.sets.contains_key(name) {
                    let set = self.alternatives(sets::named(name));
                    self.sets.insert(name, set);
                }
                if let Some(set) = self.sets.get(name) {
                    all.words.extend(&set.words);
                    all.prefixes.extend(&set.prefixes);
                    all.suffixes.extend(&set.suffixes);
                    all.classes = all.classes.with(set.classes);
                }
            } else if let Some(class) = word.strip_prefix('@') {
                all.classes = all.classes.with(Class::named(class));
            } else if let Some(suffix) = word.strip_prefix('*') {
                all.suffixes.push(suffix);
            } else if let Some(prefix) = word.strip_suffix('*') {
                all.prefixes.push(prefix);
            } else {
                let id = self.lexicon.number(word);
                all.words.push(id);
            }
        }
        all.words.sort_unstable();
        all.words.dedup();
        all.mask = all.words.iter().fold(0, |mask, id| mask | bit(*id));
        all
    }

    /// The words that the phrases use.
    pub(super) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Every match of a phrase in `tokens`, in order of position.
    pub(super) fn find(&self, tokens: &[Token<'_>]) -> Vec<Match> {
        let mut present = self.lexicon.places(false);
        for token in tokens {
            present[usize::from(token.id)] = true;
        }
        let open = self.open.iter().copied();
        let open: Vec<usize> = open
            .filter(|number| self.phrases[*number].is_possible(&present))
            .collect();
        let mut found = Vec::new();
        for (start, token) in tokens.iter().enumerate() {
            let id = usize::from(token.id);
            let open = if id != 0 && token.class == Class::NONE {
                &self.open_by_word[id]
            } else {
                &open
            };
            let numbers = self.by_word[id].iter().chain(open);
            let phrases = numbers.map(|number| &self.phrases[*number]);
            for phrase in phrases.filter(|phrase| phrase.is_possible(&present)) {
                if let Some(end) = matched(&phrase.elements, tokens, start, Join::First) {
                    found.push(Match {
                        entry: phrase.entry,
                        start,
                        end,
                    });
                }
            }
        }
        found
    }
}

/// How the next word may be separated from the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    First,
    SameSentence,
    SameClause,
    Any,
}

impl Join {
    fn admits(self, token: &Token<'_>) -> bool {
        match self {
            Self::First | Self::Any => true,
            Self::SameSentence => token.before != Break::Sentence,
            Self::SameClause => token.before == Break::None,
        }
    }
}

fn matched(elements: &[Element], tokens: &[Token<'_>], at: usize, join: Join) -> Option<usize> {
    let Some((first, rest)) = elements.split_first() else {
        return Some(at);
    };
    let here = tokens.get(at);
    match first {
        Element::One(wanted) => {
            here.filter(|t| join.admits(t) && wanted.accept(t))?;
            matched(rest, tokens, at + 1, Join::SameSentence)
        }
        Element::Perhaps(wanted) => here
            .filter(|t| join.admits(t) && wanted.accept(t))
            .and_then(|_| matched(rest, tokens, at + 1, Join::SameSentence))
            .or_else(|| matched(rest, tokens, at, join)),
        Element::Gap(most) if rest.is_empty() => Some(
            (at..tokens.len().min(at + most))
                .take_while(|i| tokens[*i].before == Break::None)
                .last()
                .map_or(at, |last| last + 1),
        ),
        Element::Gap(most) => (0..=*most)
            .take_while(|skipped| {
                *skipped == 0
                    || tokens
                        .get(at + skipped - 1)
                        .is_some_and(|t| t.before == Break::None)
            })
            .find_map(|skipped| {
                let join = if skipped == 0 { join } else { Join::SameClause };
                matched(rest, tokens, at + skipped, join)
            }),
        Element::Begin => {
            let begins = at == 0 || here.is_some_and(|t| t.before != Break::None);
            begins.then(|| matched(rest, tokens, at, join)).flatten()
        }
        Element::End => {
            let ends = here.is_none_or(|t| t.before != Break::None);
            ends.then(|| matched(rest, tokens, at, join)).flatten()
        }
        Element::MessageBegin => (at == 0).then(|| matched(rest, tokens, at, join)).flatten(),
        Element::MessageEnd => here
            .is_none()
            .then(|| matched(rest, tokens, at, join))
            .flatten(),
        Element::MayCross => matched(rest, tokens, at, Join::Any),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tokens::tokenize, *};

    fn stands(phrase: &'static str, text: &str) -> bool {
        let book = PhraseBook::of([(phrase, 0)]);
        !book.find(&tokenize(text, &[], book.lexicon())).is_empty()
    }

    #[test]
    fn a_gap_stays_within_its_clause_and_its_length() {
        assert!(stands("take ..2 off", "please take me right off"));
        assert!(!stands("take ..2 off", "take all of us off"));
        assert!(!stands("take ..2 off", "take it, then off"));
    }

    #[test]
    fn an_optional_word_may_be_missing_also_at_the_beginning() {
        assert!(stands("?please go away", "go away"));
        assert!(stands("?please go away", "please go away"));
        assert!(stands("go ?far away", "go away"));
    }

    #[test]
    fn anchors_bind_to_the_clause_and_to_the_message() {
        assert!(stands("^ stop $", "no, stop, thanks"));
        assert!(!stands("^ stop $", "the stop, thanks"));
        assert!(stands("^^ yes $$", "Yes!"));
        assert!(!stands("^^ yes $$", "Yes! But"));
    }

    #[test]
    fn words_cross_a_comma_and_a_sentence_only_where_the_phrase_says_so() {
        assert!(stands("no thanks", "no, thanks"));
        assert!(!stands("no thanks", "no. thanks"));
        assert!(stands("no ~ thanks", "no. thanks"));
    }

    #[test]
    fn classes_and_beginnings_stand_for_words() {
        assert!(stands("@day works", "Tuesday works"));
        assert!(stands("call @time", "call 3 pm"));
        assert!(stands("remov* me", "removing me"));
        assert!(stands("stop *ing", "stop apologising"));
        assert!(!stands("stop *ing", "stop ingrid"));
    }
}
