//! The features of a reply: each word, each two and three neighbouring words, and each two words with one between them.
//! A feature is a hash, so no word list is kept; features that the training texts did not have twice are unknown.

use crate::replies::tokens::{Class, Token};

/// One word, or words that stand together, of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Feature(u32);

impl Feature {
    /// A word by itself.
    pub(super) fn word(word: &str) -> Self {
        Self::of(b'w', &[word])
    }

    /// As it is stored in the table.
    #[must_use]
    pub fn hash(self) -> u32 {
        self.0
    }

    /// FNV-1a over the words: fixed for ever, because the table depends on it.
    fn of(kind: u8, words: &[&str]) -> Self {
        let mut hash = step(0x811C_9DC5, kind);
        for word in words {
            hash = word.bytes().fold(hash, step);
            hash = step(hash, b' ');
        }
        Self(hash)
    }
}

fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// The features of a reply, each once, in order.
pub(super) fn of(tokens: &[Token<'_>], subject: &[Token<'_>]) -> Vec<Feature> {
    const EDGE: &str = "^";
    let mut features = Vec::with_capacity(tokens.len() * 4 + subject.len() + 2);
    let mut before = EDGE;
    let mut first: Option<&str> = None;
    for token in tokens {
        let this: &str = &token.word;
        features.push(Feature::word(this));
        features.push(Feature::of(b'2', &[before, this]));
        if let Some(first) = first {
            features.push(Feature::of(b'3', &[first, before, this]));
            features.push(Feature::of(b'_', &[first, this]));
        }
        if token.class.intersects(Class::QUESTION) {
            features.push(Feature::of(b'?', &[]));
            features.push(Feature::of(b'?', &[this]));
        }
        first = Some(before);
        before = this;
    }
    features.push(Feature::of(b'2', &[before, EDGE]));
    features.extend(subject.iter().map(|t| Feature::of(b's', &[&t.word])));
    features.sort_unstable();
    features.dedup();
    features
}
