//! Which intent a reply has when its phrases speak for several. One table, read from the top:
//! the first row whose condition holds decides. An opt-out stands above everything a person can say.

use super::{
    intent::{Intent, Keyword},
    signals::{Signals, Strength},
};
use Intent::{
    AngryOrComplaint, Bounce, CalledPhoneLine, EmailCapture, MeetingInterest, NotInterested,
    OptOut, Other, OutOfOffice, PositiveEngagement, Question, Referral, ThankYou, WrongPerson,
};

/// A phrase of this weight decides on its own.
pub(super) const STRONG: u8 = 88;
/// A phrase of this weight decides when nothing stronger is present.
const WEAK: u8 = 70;

type Condition = fn(&Signals) -> bool;

/// The order of decision.
const TABLE: &[(Intent, Condition)] = &[
    (Bounce, is_bounce),
    (OptOut, |s| s.stop.weight > 0),
    (AngryOrComplaint, |s| s.dismissal.weight > 0),
    (AngryOrComplaint, is_angry),
    (Question, |s| s.keyword == Some(Keyword::Help)),
    (OutOfOffice, is_absence),
    (Referral, |s| {
        s.of(Referral).weight >= STRONG && !leads_to_meeting(s)
    }),
    (CalledPhoneLine, |s| strong(s, CalledPhoneLine)),
    (WrongPerson, is_wrong_person),
    (NotInterested, declines),
    (MeetingInterest, |s| {
        strong(s, MeetingInterest) && !only_an_address(s)
    }),
    (EmailCapture, |s| s.email),
    (Other, |s| strong(s, Other)),
    (Question, |s| s.of(Question).weight >= 80),
    (PositiveEngagement, |s| strong(s, PositiveEngagement)),
    (Referral, |s| weak(s, Referral)),
    (WrongPerson, |s| weak(s, WrongPerson)),
    (CalledPhoneLine, |s| weak(s, CalledPhoneLine)),
    (OutOfOffice, |s| weak(s, OutOfOffice)),
    (AngryOrComplaint, |s| weak(s, AngryOrComplaint)),
    (NotInterested, |s| weak(s, NotInterested)),
    (MeetingInterest, |s| weak(s, MeetingInterest)),
    (Question, |s| weak(s, Question) && !weak(s, ThankYou)),
    (PositiveEngagement, |s| {
        weak(s, PositiveEngagement) && !weak(s, ThankYou)
    }),
    (ThankYou, |s| weak(s, ThankYou)),
    (Other, |s| weak(s, Other)),
    (Other, |_| true),
];

/// The intent of a reply with these signals.
pub(super) fn decide(signals: &Signals) -> Intent {
    TABLE
        .iter()
        .find(|(_, holds)| holds(signals))
        .map_or(Other, |(intent, _)| *intent)
}

/// The strength behind `intent`.
pub(super) fn strength_of(signals: &Signals, intent: Intent) -> Strength {
    let own = signals.of(intent);
    match intent {
        OptOut => signals.stop.clone(),
        AngryOrComplaint if own.weight == 0 => signals.dismissal.clone(),
        EmailCapture => Strength::certain(92),
        Question if own.weight == 0 => Strength::certain(90),
        Other if own.weight == 0 => Strength::certain(40),
        _ => own.clone(),
    }
}

fn strong(s: &Signals, intent: Intent) -> bool {
    s.of(intent).weight >= STRONG
}

fn weak(s: &Signals, intent: Intent) -> bool {
    s.of(intent).weight >= WEAK
}

/// A report names its failure early or more than once; a person mentions one in passing.
fn is_bounce(s: &Signals) -> bool {
    const EARLY: usize = 12;
    let bounce = s.of(Bounce);
    bounce.weight > 0 && (bounce.count >= 2 || bounce.first < EARLY && s.stop.weight == 0)
}

fn is_angry(s: &Signals) -> bool {
    let angry = s.of(AngryOrComplaint);
    angry.weight >= STRONG || angry.weight >= WEAK && (angry.count >= 2 || s.length <= 4)
}

/// "I'm away, call me on Tuesday" proposes a call; an absence notice with an emergency number does not.
fn is_absence(s: &Signals) -> bool {
    const SHORT: usize = 30;
    let away = s.of(OutOfOffice);
    let left = strong(s, WrongPerson) && s.of(WrongPerson).count >= away.count;
    let proposes = strong(s, MeetingInterest) && away.count <= 2 && s.length <= SHORT;
    let declines_later = strong(s, NotInterested) && away.count == 1 && s.length <= SHORT;
    away.weight >= STRONG && !left && !proposes && !declines_later
}

/// A referral that only accompanies the writer's own appointment.
fn leads_to_meeting(s: &Signals) -> bool {
    strong(s, MeetingInterest)
        && !weak(s, WrongPerson)
        && s.of(MeetingInterest).count > s.of(Referral).count
        && s.of(MeetingInterest).first < s.of(Referral).first
}

fn is_wrong_person(s: &Signals) -> bool {
    const PLAIN_REFUSAL: u8 = 92;
    let refusal = s.of(NotInterested);
    strong(s, WrongPerson)
        && (s.of(WrongPerson).count >= refusal.count || refusal.weight < PLAIN_REFUSAL)
}

/// A refusal stands unless what follows a "but" turns it round.
fn declines(s: &Signals) -> bool {
    let no = s.of(NotInterested);
    if no.weight < STRONG {
        return false;
    }
    let turned = |intent: Intent| {
        let other = s.of(intent);
        other.weight >= STRONG
            && s.contrast
                .is_some_and(|but| no.first < but && other.last > but && no.last <= but)
    };
    let rescheduled = s.of(MeetingInterest).weight >= STRONG
        && s.of(MeetingInterest).count > no.count
        && s.of(MeetingInterest).last > no.last;
    let addressed = s.email && s.contrast.is_some();
    !(turned(MeetingInterest)
        || turned(Question)
        || turned(PositiveEngagement)
        || rescheduled
        || addressed)
}

/// An address is given, and of a meeting there is no more than one mention.
fn only_an_address(s: &Signals) -> bool {
    s.email && s.of(MeetingInterest).count < 2
}
