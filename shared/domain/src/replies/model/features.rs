//! Which buckets a reply fills: one for each word, each pair of neighbours, each four letters of a word. A bucket is a
//! hash, so no list of words is kept; two features that share one are told apart by all the others.

use crate::replies::tokens::{Class, Token};

/// Buckets of the table. Twice as many read no more replies as labelled, and cost the program twice the size.
pub const BUCKETS: usize = 1 << 15;

/// Letters of a piece of a word.
const PIECE: usize = 4;

/// The buckets, each once, in order.
pub(super) fn of(tokens: &[Token<'_>], subject: &[Token<'_>]) -> Vec<u16> {
    let mut buckets = Vec::with_capacity(tokens.len() * 8 + subject.len());
    let mut before = "^";
    let mut padded = String::new();
    for token in tokens {
        let this: &str = &token.word;
        buckets.push(word(this));
        buckets.push(bucket(&[b"b", before.as_bytes(), b" ", this.as_bytes()]));
        if token.class.intersects(Class::QUESTION) {
            buckets.push(bucket(&[b"?"]));
            buckets.push(bucket(&[b"?", this.as_bytes()]));
        }
        padded.clear();
        padded.extend(["_", this, "_"]);
        for piece in padded.as_bytes().windows(PIECE) {
            buckets.push(bucket(&[b"c", piece]));
        }
        before = this;
    }
    buckets.push(bucket(&[b"b", before.as_bytes(), b" $"]));
    buckets.extend(subject.iter().map(|t| bucket(&[b"s", t.word.as_bytes()])));
    buckets.sort_unstable();
    buckets.dedup();
    buckets
}

/// The bucket of a word by itself.
pub(super) fn word(word: &str) -> u16 {
    bucket(&[b"w", word.as_bytes()])
}

/// FNV-1a, folded to fifteen bits: fixed for ever, as the table is made for it.
fn bucket(parts: &[&[u8]]) -> u16 {
    let mut hash: u32 = 0x811C_9DC5;
    for byte in parts.iter().copied().flatten() {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    let [a, b, c, d] = hash.to_le_bytes();
    u16::from_le_bytes([a ^ c, (b ^ d) & 0x7F])
}
