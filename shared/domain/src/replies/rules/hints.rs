//! Weak hints that decide only when nothing else spoke, so that a bare negation is still a refusal.
//! They stay near the review threshold: what they decide is often right and seldom certain.

use super::{Cues, Says::For};
use crate::replies::intent::Intent::{
    AngryOrComplaint, CalledPhoneLine, MeetingInterest, NotInterested, OutOfOffice,
    PositiveEngagement, Question, Referral, WrongPerson,
};

pub(super) const CUES: &[Cues] = &[
    Cues::new(
        For(NotInterested),
        71,
        &[
            "not",
            "never",
            "sorry",
            "unfortunately",
            "already",
            "expensive",
            "contract",
            "competitor",
            "busy",
            "but no",
            "covered|sorted",
            "nothing",
            "stopped",
            "afraid",
            "we do this|that|it|our",
            "priorities|priority|roadmap|timing|elsewhere|outside",
            "for now|present",
            "at this stage|point|time",
            "parked|shelved|deferred|frozen|exhausted|limited|tight",
            "settled|renewed|incumbent",
            "none",
            "neither",
        ],
    ),
    Cues::new(
        For(WrongPerson),
        72,
        &[
            "not @name",
            "left|leaving",
            "used to",
            "anymore",
            "no longer",
            "somebody|someone else",
            "wrong",
            "different ..1 person|company|@name",
            "the owner|tenant|kids|daughter|son",
            "mistake|mistaken|confused",
            "old number|email|job|phone",
        ],
    ),
    Cues::new(
        For(MeetingInterest),
        72,
        &[
            "call|ring|phone",
            "when",
            "visit",
            "drop in|by",
            "available|availability|schedule|calendar|book|invite",
            "catch up",
            "mobile|cell",
            "face",
        ],
    ),
    Cues::new(
        For(Referral),
        72,
        &[
            "he|she|they handle*|run*|look*|deal*",
            "instead @name",
            "@name @num",
        ],
    ),
    Cues::new(
        For(Question),
        71,
        &[
            "explain|clarify",
            "difference between",
            "wonder*",
            "does|do|did|is|are|was|were it|this|you|they|there|that",
            "you sell|do|offer|mean|want",
        ],
    ),
    Cues::new(
        For(PositiveEngagement),
        71,
        &[
            "send",
            "more",
            "details|information",
            "try|trial",
            "consider",
            "look|looking into|at|forward",
            "want|need|like",
            "keen|curious|intrigued",
            "worth",
            "sign",
            "open",
        ],
    )
    .unless_negated(),
    Cues::new(
        For(OutOfOffice),
        72,
        &[
            "holiday*|vacation|overseas|leave|hospital|sick",
            "back @day|@date|@month|next",
            "until|till @day|@date|@month|next",
            "return*",
            "closed",
            "driving",
            "reply|respond ..2 soon|shortly|hours",
        ],
    ),
    Cues::new(
        For(CalledPhoneLine),
        72,
        &[
            "rang|called|phoned|dialled|rung",
            "voicemail|message bank",
            "engaged",
        ],
    ),
    Cues::new(
        For(AngryOrComplaint),
        72,
        &[
            "lies|lying|liar|lied",
            "rude|creepy|sleazy|dodgy",
            "annoying|annoyed",
            "report|police|lawyer",
            "worst",
            "shame|ashamed",
        ],
    ),
];
