//! A second opinion on what a reply means: a linear model over words and neighbouring words, trained on the labelled
//! replies of the tests (decision 0012). It is a table in the program: no network, no clock, the same answer each
//! time. It refuses to decide alone; `judgement` weighs it against the phrases.

mod features;
mod weights;

use strum::EnumCount as _;

use super::{
    Reply, clean,
    intent::Intent,
    tokens::{Break, Token},
};
pub use features::Feature;
pub use weights::{COLUMNS, OPT_OUT, Table, TrainedFeature};

/// The model's reading of a reply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Opinion {
    /// Probability of each intent; they sum to one.
    shares: [f32; Intent::COUNT],
    /// Probability that the writer asks not to be contacted.
    pub(super) opt_out: f32,
}

impl Opinion {
    /// Probability of `intent`, 0..=1.
    pub(super) fn share(&self, intent: Intent) -> f32 {
        self.shares[intent as usize]
    }
}

/// Reads a reply that is cut into words. A subject counts where the writer chose it.
pub(super) fn judge(tokens: &[Token<'_>], subject: &[Token<'_>]) -> Opinion {
    let sums = Table::trained().sums(&features::of(tokens, subject));
    let mut shares = [0.0; Intent::COUNT];
    let most = sums[..Intent::COUNT]
        .iter()
        .copied()
        .fold(f32::MIN, f32::max);
    for (share, sum) in shares.iter_mut().zip(sums) {
        *share = (sum - most).exp();
    }
    let all: f32 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= all);
    Opinion {
        shares,
        opt_out: 1.0 / (1.0 + (-sums[OPT_OUT]).exp()),
    }
}

/// The parts of a reply that are read one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Sentence,
    Clause,
}

impl Part {
    fn begins(self, token: &Token<'_>) -> bool {
        match self {
            Self::Sentence => token.before == Break::Sentence,
            Self::Clause => token.before != Break::None,
        }
    }
}

/// Highest probability of an opt-out among the parts.
pub(super) fn likeliest(part: Part, tokens: &[Token<'_>]) -> f32 {
    let begins = |at: usize| at == 0 || part.begins(&tokens[at]);
    let starts: Vec<usize> = (0..tokens.len()).filter(|at| begins(*at)).collect();
    let ends = starts.iter().skip(1).copied().chain([tokens.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| judge(&tokens[*start..end], &[]).opt_out)
        .fold(0.0, f32::max)
}

/// The words with the most weight for `column`, at most three: the evidence where no phrase decided.
pub(super) fn words(tokens: &[Token<'_>], column: usize) -> Vec<String> {
    const MOST_WORDS: usize = 3;
    let table = Table::trained();
    let mut spoken: Vec<(f32, &str)> = tokens
        .iter()
        .map(|token| {
            (
                table.weight(Feature::word(&token.word), column),
                &*token.word,
            )
        })
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    spoken.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    spoken.dedup_by(|a, b| a.1 == b.1);
    spoken.truncate(MOST_WORDS);
    spoken
        .into_iter()
        .map(|(_, word)| word.to_owned())
        .collect()
}

/// The features of a reply, for training: the same ones that are looked up when it is read.
#[must_use]
pub fn features(reply: &Reply<'_>) -> Vec<Feature> {
    let own = clean::own_words(reply.text);
    let subject = super::own_subject(reply.subject).unwrap_or_default();
    features::of(&super::words_of(&own), &super::words_of(subject))
}

/// The column of an intent in the table.
#[must_use]
pub fn column(intent: Intent) -> usize {
    intent as usize
}
