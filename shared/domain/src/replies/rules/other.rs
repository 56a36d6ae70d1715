//! Messages that plainly concern something else, so that a stray word in them decides nothing.

use super::{
    Cues,
    Says::{For, NotFor},
};
use crate::replies::intent::Intent::{MeetingInterest, Other, ThankYou};

pub(super) const CUES: &[Cues] = &[
    Cues::new(
        For(Other),
        92,
        &[
            "happy @day|easter|diwali|hanukkah|thanksgiving|halloween",
            "happy birthday|bday|anniversary|easter|christmas|new|xmas|fathers|mothers|diwali|holidays",
            "happy ..2 anniversary|birthday|bday|year|christmas|day",
            "merry christmas|xmas",
            "congrats|congratulations|congrat",
            "your ..2 parcel|package|delivery|order ..3 delivered|shipped|arrived|ready|dispatched|way|out",
            "^^ hello|hi|hey|yo|hiya|howdy $$",
            "running|be late",
            "on my way|home",
            "see you at home|school|church|footy|training|dinner",
            "verification|security|one-time code",
            "your code is",
            "love you",
            "xx|xxx|xo|xoxo $",
            "^^ testing|test ?test|testing|@num ..4 $$",
            "meet me|us|you at|in the",
            "bus|truck|tram stop",
            "pick up ..3 kids|milk|bread|school|dinner",
            "kids|dinner|milk|bread|groceries|homework|nan|grandma|footy|netball",
            "what is for dinner|tea|lunch",
            "home for ..1 dinner|tea",
            "the|a|at|near ..2 stop on|near|is|was|at",
            "what time is|are|does|do ?the|your|my tea|dinner|game|footy|party|movie|train|flight|training|kickoff|bbq|match|bus",
            "did you pick up|feed|lock|walk",
            "bus|train|tram ..2 left|late|missed|cancelled",
            "see you ?all ?down at|in|on ?the pub|dinner|shops|footy|church|school|home|game|gym|party|beach|bbq|wedding",
            "wrong chat|group|window|thread|convo|tab",
            "ok|love|hi|hey|thanks|sorry|yes|night mum|mom|dad|babe|honey|darling|sweetie|nan|grandma|mummy|hubby",
            "want anything",
            "at the shops|pub|gym|beach|airport|servo",
        ],
    ),
    // Written automatically by a calendar or a booking system.
    Cues::new(
        For(Other),
        96,
        &[
            "this|your event|meeting|series ..1 been cancelled|canceled|updated|removed|rescheduled",
            "removed|cancelled|canceled|deleted from your calendar",
            "^ reminder ..1 your appointment|appt|booking|visit",
        ],
    ),
    Cues::new(
        NotFor(MeetingInterest),
        97,
        &[
            "^ cancelled|canceled ?event|meeting|series ..12 @day|@time|@date",
            "event|meeting|series ..1 been cancelled|canceled|updated|removed|rescheduled ..20 @time",
            "cancelled|canceled|removed ..2 your calendar",
            "^ reminder ..1 your appointment|appt|booking|visit ..12 @time|@day",
        ],
    ),
    Cues::new(
        For(Other),
        75,
        &[
            "hope you ?are ?have|had|having|all ?had ?a ?great|good|nice|lovely|fantastic|wonderful|awesome ?long weekend|day|week|break|christmas|holiday|easter|summer",
            "lol|lmao|haha|hahaha|hahahaha|rofl|hehe|lmfao|hah",
        ],
    ),
    Cues::new(NotFor(ThankYou), 80, &["hope you ..6"]),
];
