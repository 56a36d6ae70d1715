//! Thanks and nothing else (REP-1); beside anything of substance it weighs nothing.

use super::{Cues, Says::For};
use crate::replies::intent::Intent::ThankYou;

pub(super) const CUES: &[Cues] = &[
    Cues::new(
        For(ThankYou),
        80,
        &[
            "thanks|thank|thankful|cheers|ta|ty|tysm|tq|thanku|tia",
            "much|really|greatly|very appreciated|appreciate|grateful",
            "appreciate ..1 it|that|this|you|your",
            "appreciate the|your|his|her|all ?kind|nice|quick|prompt|thoughtful|lovely words|time|help|note|message|response|reply|add|support|update|information|info|effort|feedback|thought",
            "preciate|obliged|tanks|thankx|thnkx|thnak*|tha",
            "nice one",
            "good on you",
            "ta muchly",
            "you beauty|star|champ|ripper",
            "cheers|thanks|ta big ears",
            "appreciated",
            "many thanks",
            "grateful",
            "you are|a the|a best|legend|star|champion|champ|gem|lifesaver|kind|welcome",
            "bless you",
            "god bless",
            "emojithanks",
            "legend|champion|champ $",
            "merci|gracias|danke|grazie|obrigado|obrigada|bedankt|dank|arigato|xiexie|merci|dankeschon|kiitos|tack|takk|spasibo|dzieki|salamat|mahalo",
            "vielen dank",
            "谢谢|多谢|感谢",
        ],
    ),
    Cues::new(
        For(ThankYou),
        74,
        &[
            "good|great|lovely|nice|wonderful|fantastic day|weekend|week|one|evening|night|christmas|break|afternoon",
            "all the best",
            "take care",
            "same to you",
            "you too",
            "you as well",
            "no worries|problem|dramas|probs|stress",
            "welcome",
            "good luck",
        ],
    ),
];
