//! Combines the two opinions on a reply: the phrases, which know what a wording means, and the model, which covers
//! wordings that no phrase foresaw. Either alone suffices for an opt-out (REP-2); everything else is weighed, and a
//! disagreement lowers the confidence. A keyword, a mail system's headers and a request to stop need no second opinion.

use strum::IntoEnumIterator as _;

use super::{
    REVIEW_BELOW,
    intent::Intent,
    model::{Opinion, Part},
    precedence::STRONG,
    signals::Signals,
};

/// The weight of the phrases, where the model's shares of all intents sum to one. Chosen on replies that neither had
/// seen (decision 0012).
const PHRASES_COUNT: f32 = 0.3;
/// Probability from which the model alone makes an opt-out.
const OPT_OUT_FROM: f32 = 0.55;
/// The same where the surrounding words explain the stop words ("don't stop now").
const OPT_OUT_FROM_IF_EXPLAINED: f32 = 0.9;
/// An opt-out may also be one sentence among others: the probability needed for the sentence, and for the whole reply.
const OPT_OUT_FROM_IN_A_SENTENCE: f32 = 0.95;
const OPT_OUT_FROM_AROUND_A_SENTENCE: f32 = 0.15;
/// Probability of an opt-out from which a person looks before anything is answered.
const OPT_OUT_IN_DOUBT_FROM: f32 = 0.3;
/// Probability below which a person decides about a request that a phrase has found, unless one sentence by itself is
/// likely or one clause almost certain ("stop it, you've got the wrong number").
const CONTRADICTED_BELOW: f32 = 0.1;
const CONTRADICTED_BELOW_IN_A_SENTENCE: f32 = 0.75;
const CONTRADICTED_BELOW_IN_A_CLAUSE: f32 = 0.98;
/// Confidence of a doubtful opt-out: a person decides (R34).
const IN_DOUBT: u8 = REVIEW_BELOW - 10;
/// Highest confidence of the model alone.
const MODEL_AT_MOST: f32 = 90.0;

/// The decision about a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) intent: Intent,
    pub(super) confidence: u8,
    pub(super) opt_out: bool,
    /// The evidence is the model's.
    pub(super) by_model: bool,
}

impl Judged {
    /// What the phrases say, unchanged.
    pub(super) fn by_phrases(intent: Intent, confidence: u8, opt_out: bool) -> Self {
        Self {
            intent,
            confidence,
            opt_out,
            by_model: false,
        }
    }

    /// Whether the model could not change it.
    pub(super) fn stands(self) -> bool {
        self.intent == Intent::Bounce && self.confidence >= STRONG
    }

    /// A request to stop that a phrase has found, unless the model finds none, neither in the whole nor in any part.
    pub(super) fn requested(self, whole: &Opinion, best_part: impl Fn(Part) -> f32) -> Self {
        let contradicted = whole.opt_out < CONTRADICTED_BELOW
            && best_part(Part::Sentence) < CONTRADICTED_BELOW_IN_A_SENTENCE
            && best_part(Part::Clause) < CONTRADICTED_BELOW_IN_A_CLAUSE;
        if !contradicted {
            return self;
        }
        Self {
            intent: likeliest(|intent| whole.share(intent)),
            confidence: IN_DOUBT,
            opt_out: false,
            by_model: true,
        }
    }

    /// The decision of phrases and model together.
    pub(super) fn with(
        self,
        signals: &Signals,
        model: &Opinion,
        best_part: impl Fn(Part) -> f32,
    ) -> Self {
        let explained = signals.stop_in_doubt || signals.stop_explained;
        let from = if explained {
            OPT_OUT_FROM_IF_EXPLAINED
        } else {
            OPT_OUT_FROM
        };
        if model.opt_out >= from {
            return Self::opted_out(model.opt_out);
        }
        if !explained && model.opt_out >= OPT_OUT_FROM_AROUND_A_SENTENCE {
            let sentence = best_part(Part::Sentence);
            if sentence >= OPT_OUT_FROM_IN_A_SENTENCE {
                return Self::opted_out(sentence);
            }
        }
        let phrases = PHRASES_COUNT * f32::from(self.confidence) / 100.0;
        let count = |intent: Intent| {
            model.share(intent) + if intent == self.intent { phrases } else { 0.0 }
        };
        let best = likeliest(count);
        let favourite = Intent::iter().all(|i| model.share(i) <= model.share(self.intent));
        let mut judged = if best == self.intent && favourite {
            self
        } else {
            Self {
                intent: best,
                confidence: percent(100.0 * count(best) / (1.0 + phrases)),
                opt_out: false,
                by_model: best != self.intent,
            }
        };
        if model.opt_out >= OPT_OUT_IN_DOUBT_FROM {
            judged.confidence = judged.confidence.min(IN_DOUBT);
        }
        judged
    }

    fn opted_out(likely: f32) -> Self {
        Self {
            intent: Intent::OptOut,
            confidence: percent(100.0 * likely),
            opt_out: true,
            by_model: true,
        }
    }
}

/// The intent with the highest weight, apart from an opt-out, which is decided before.
fn likeliest(count: impl Fn(Intent) -> f32) -> Intent {
    Intent::iter()
        .filter(|intent| *intent != Intent::OptOut)
        .max_by(|a, b| count(*a).total_cmp(&count(*b)))
        .unwrap_or(Intent::Other)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is clamped to a percentage"
)]
fn percent(of_a_hundred: f32) -> u8 {
    of_a_hundred.clamp(0.0, MODEL_AT_MOST) as u8
}
