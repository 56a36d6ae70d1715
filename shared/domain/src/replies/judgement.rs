//! Weighs the two opinions on a reply: the phrases, which know what a wording means, and the model, which has a feeling for
//! wordings that no phrase foresaw. Either alone suffices for an opt-out (REP-2); for everything else they are weighed, and
//! where they differ the confidence says so. A keyword, a mail system's headers and a request to stop need no second opinion.

use strum::IntoEnumIterator as _;

use super::{
    REVIEW_BELOW,
    intent::Intent,
    model::{Opinion, Part},
    precedence::STRONG,
    signals::Signals,
};

/// What the word of the phrases counts, where the model's shares of all intents together count one. Chosen on replies that
/// neither had seen (decision 0012).
const PHRASES_COUNT: f32 = 0.3;
/// So likely an opt-out is one.
const OPT_OUT_FROM: f32 = 0.55;
/// The same where the stop words that it has are explained by what stands around them ("don't stop now").
const OPT_OUT_FROM_IF_EXPLAINED: f32 = 0.9;
/// An opt-out may also be one sentence among others: so likely must it be by itself, and so likely the whole with it.
const OPT_OUT_FROM_IN_A_SENTENCE: f32 = 0.95;
const OPT_OUT_FROM_AROUND_A_SENTENCE: f32 = 0.15;
/// So likely an opt-out is looked at by a person before anything is answered.
const OPT_OUT_IN_DOUBT_FROM: f32 = 0.3;
/// So unlikely a request that a phrase has found is a person's to decide, if no sentence by itself is likely one either
/// and no clause almost surely ("stop it, you've got the wrong number").
const CONTRADICTED_BELOW: f32 = 0.1;
const CONTRADICTED_BELOW_IN_A_SENTENCE: f32 = 0.75;
const CONTRADICTED_BELOW_IN_A_CLAUSE: f32 = 0.98;
/// A doubt about an opt-out: a person decides (R34).
const IN_DOUBT: u8 = REVIEW_BELOW - 10;
/// The model alone is never surer than this.
const MODEL_AT_MOST: f32 = 90.0;

/// What is decided about a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) intent: Intent,
    pub(super) confidence: u8,
    pub(super) opt_out: bool,
    /// The words that decided are the model's.
    pub(super) by_model: bool,
}

impl Judged {
    /// The phrases' word, as it stands.
    pub(super) fn by_phrases(intent: Intent, confidence: u8, opt_out: bool) -> Self {
        Self {
            intent,
            confidence,
            opt_out,
            by_model: false,
        }
    }

    /// Whether nothing that the model says could change it.
    pub(super) fn stands(self) -> bool {
        self.intent == Intent::Bounce && self.confidence >= STRONG
    }

    /// A request to stop that a phrase has found, unless the model finds none: not in the whole, nor in any part by itself.
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

    /// The phrases' word and the model's together.
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

/// The intent that counts most, an opt-out aside: whether there is one is decided before.
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
