//! What follows from a reply (REP-3), as one table of intents and one function over it.
//! It refuses an automatic answer below [`REVIEW_BELOW`]; an opt-out acts at any confidence (REP-2).

use chrono::NaiveDate;

use super::{Action, Alert, Answer, EnrolmentPhase, InvalidAddress, Pause, SuppressReason, Task};
use crate::replies::{
    Classification,
    confidence::REVIEW_BELOW,
    intent::{Intent, Keyword},
};

/// What an intent does to a running enrolment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    Stay,
    Pause,
    PauseUntilReturn,
    Stop,
}

struct Row {
    intent: Intent,
    moves: Move,
    suppress: Option<SuppressReason>,
    answer: Option<Answer>,
    task: Option<Task>,
}

const fn row(
    intent: Intent,
    moves: Move,
    suppress: Option<SuppressReason>,
    answer: Option<Answer>,
    task: Option<Task>,
) -> Row {
    Row {
        intent,
        moves,
        suppress,
        answer,
        task,
    }
}

/// The rows of REP-3, one per intent.
const TABLE: &[Row] = &[
    row(
        Intent::OptOut,
        Move::Stop,
        Some(SuppressReason::OptOut),
        Some(Answer::OptOutConfirmation),
        None,
    ),
    row(
        Intent::AngryOrComplaint,
        Move::Stop,
        None,
        None,
        Some(Task::Review),
    ),
    row(Intent::WrongPerson, Move::Stop, None, None, None),
    row(
        Intent::NotInterested,
        Move::Stop,
        Some(SuppressReason::NotInterested),
        Some(Answer::PoliteClose),
        None,
    ),
    row(
        Intent::OutOfOffice,
        Move::PauseUntilReturn,
        None,
        None,
        None,
    ),
    row(
        Intent::MeetingInterest,
        Move::Pause,
        None,
        Some(Answer::CalendarLink),
        None,
    ),
    row(
        Intent::Referral,
        Move::Stop,
        None,
        Some(Answer::ReferralThanks),
        None,
    ),
    row(
        Intent::EmailCapture,
        Move::Pause,
        None,
        Some(Answer::Deliverable),
        Some(Task::CallQueue),
    ),
    row(
        Intent::Question,
        Move::Pause,
        None,
        Some(Answer::QuestionAnswer),
        None,
    ),
    row(
        Intent::PositiveEngagement,
        Move::Stay,
        None,
        Some(Answer::Encouragement),
        None,
    ),
    row(
        Intent::CalledPhoneLine,
        Move::Pause,
        None,
        None,
        Some(Task::CallQueue),
    ),
    row(Intent::ThankYou, Move::Stay, None, None, None),
    row(Intent::Bounce, Move::Stay, None, None, None),
    row(Intent::Other, Move::Pause, None, None, Some(Task::Review)),
];

/// What follows from `reply` for an enrolment in `phase` (REP-3). `opted_out` says whether the
/// writer's address is suppressed already: then only START and HELP do anything (R35).
#[must_use]
pub fn act(phase: EnrolmentPhase, opted_out: bool, reply: &Classification) -> Action {
    let mut action = unchanged(phase);
    if opted_out {
        return from_opted_out(action, reply);
    }
    if reply.keyword == Some(Keyword::Help) {
        action.answer = Some(Answer::Help);
        return action;
    }
    let intent = if reply.opt_out {
        Intent::OptOut
    } else {
        reply.intent
    };
    let unsure = reply.confidence < REVIEW_BELOW && !reply.opt_out;
    if let Some(row) = TABLE.iter().find(|row| row.intent == intent) {
        apply(&mut action, row, reply, unsure);
    }
    // Abuse that amounts to an opt-out suppresses like one, and nobody but a person answers it.
    if reply.complaint || reply.intent == Intent::AngryOrComplaint {
        action.alert = Some(Alert::Complaint);
        action.task = Some(Task::Review);
    }
    if reply.intent == Intent::AngryOrComplaint {
        action.answer = None;
    }
    action
}

fn unchanged(phase: EnrolmentPhase) -> Action {
    Action {
        phase,
        suppress: None,
        invalid: None,
        answer: None,
        new_lead: false,
        gold: false,
        restore: false,
        task: None,
        alert: None,
        pause: None,
    }
}

fn from_opted_out(mut action: Action, reply: &Classification) -> Action {
    match reply.keyword {
        Some(Keyword::Start) => action.restore = true,
        Some(Keyword::Help) => action.answer = Some(Answer::Help),
        _ if reply.automatic || reply.opt_out => {}
        _ => action.task = Some(Task::Review),
    }
    action
}

fn apply(action: &mut Action, row: &Row, reply: &Classification, unsure: bool) {
    if unsure {
        // A person decides; until then nothing more may go out to somebody who may have refused.
        action.task = Some(Task::Review);
        if action.phase == EnrolmentPhase::Active {
            action.phase = EnrolmentPhase::Paused;
            action.pause = Some(Pause::Open);
        }
        return;
    }
    action.suppress = row.suppress;
    action.answer = row.answer.filter(|_| !reply.automatic);
    action.task = row.task;
    action.invalid = (row.intent == Intent::WrongPerson).then_some(InvalidAddress::WrongPerson);
    action.new_lead = row.intent == Intent::Referral && reply.extracted.referred.is_some();
    let welcomes = matches!(
        row.intent,
        Intent::EmailCapture
            | Intent::MeetingInterest
            | Intent::Question
            | Intent::PositiveEngagement
    );
    action.gold = welcomes && !reply.extracted.emails.is_empty();
    if action.gold {
        action.task = Some(Task::CallQueue);
    }
    moved(action, row.moves, reply.extracted.return_date);
}

fn moved(action: &mut Action, moves: Move, returns: Option<NaiveDate>) {
    let running = matches!(
        action.phase,
        EnrolmentPhase::Active | EnrolmentPhase::Paused
    );
    let pause = match moves {
        Move::Stay => return,
        Move::Stop => {
            action.phase = EnrolmentPhase::Stopped;
            return;
        }
        Move::Pause => Pause::Open,
        Move::PauseUntilReturn => returns.map_or(Pause::Open, Pause::Until),
    };
    if running {
        action.phase = EnrolmentPhase::Paused;
        action.pause = Some(pause);
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::{
        channel::Channel,
        replies::{Reply, classify},
    };

    fn after(text: &str) -> Action {
        let reply = classify(&Reply::new(Channel::Sms, text));
        act(EnrolmentPhase::Active, false, &reply)
    }

    #[test]
    fn every_intent_has_exactly_one_row_rep_3() {
        for intent in Intent::iter() {
            assert_eq!(
                TABLE.iter().filter(|r| r.intent == intent).count(),
                1,
                "{intent}"
            );
        }
    }

    #[test]
    fn an_opt_out_suppresses_and_stops_at_any_confidence_rep_2() {
        let mut reply = classify(&Reply::new(Channel::Sms, "stop"));
        reply.confidence = 1;
        let action = act(EnrolmentPhase::Active, false, &reply);
        assert_eq!(action.suppress, Some(SuppressReason::OptOut));
        assert_eq!(action.phase, EnrolmentPhase::Stopped);
        assert_eq!(action.answer, Some(Answer::OptOutConfirmation));
    }

    #[test]
    fn a_second_stop_confirms_nothing_and_start_restores_r35() {
        let stop = classify(&Reply::new(Channel::Sms, "STOP"));
        assert_eq!(act(EnrolmentPhase::Stopped, true, &stop).answer, None);
        let start = classify(&Reply::new(Channel::Sms, "Start"));
        assert!(act(EnrolmentPhase::Stopped, true, &start).restore);
        assert!(!act(EnrolmentPhase::Active, false, &start).restore);
        let help = classify(&Reply::new(Channel::Sms, "HELP"));
        assert_eq!(
            act(EnrolmentPhase::Stopped, true, &help).answer,
            Some(Answer::Help)
        );
    }

    #[test]
    fn below_seventy_a_person_decides_and_nothing_is_answered_rep_3() {
        let mut reply = classify(&Reply::new(Channel::Sms, "How much does it cost?"));
        assert_eq!(
            act(EnrolmentPhase::Active, false, &reply).answer,
            Some(Answer::QuestionAnswer)
        );
        reply.confidence = REVIEW_BELOW - 1;
        let action = act(EnrolmentPhase::Active, false, &reply);
        assert_eq!((action.answer, action.task), (None, Some(Task::Review)));
        assert_eq!(action.phase, EnrolmentPhase::Paused);
    }

    #[test]
    fn anger_is_answered_by_a_person_only_rep_3() {
        let action = after("Fuck off");
        assert_eq!(action.suppress, Some(SuppressReason::OptOut));
        assert_eq!(
            (action.answer, action.alert),
            (None, Some(Alert::Complaint))
        );
    }

    #[test]
    fn an_absence_pauses_until_the_return_without_an_answer_rep_3() {
        let action = after("I am out of the office until 2027-01-12");
        let returns = NaiveDate::from_ymd_opt(2027, 1, 12).unwrap();
        assert_eq!(action.pause, Some(Pause::Until(returns)));
        assert_eq!(action.answer, None);
    }

    #[test]
    fn an_address_is_gold_and_goes_to_the_call_queue_rep_5() {
        let action = after("Sounds good, send it to ana@x.com");
        assert!(action.gold);
        assert_eq!(action.task, Some(Task::CallQueue));
    }

    #[test]
    fn a_stopped_enrolment_never_runs_again_by_a_reply() {
        for text in ["yes", "call me tomorrow at 3pm", "ok"] {
            let reply = classify(&Reply::new(Channel::Sms, text));
            let action = act(EnrolmentPhase::Stopped, false, &reply);
            assert_eq!(action.phase, EnrolmentPhase::Stopped, "{text}");
        }
    }
}
