//! What an automatic answer says and when it leaves (REP-4, REP-4a). Works from templates; no model is needed.
//! Refuses to answer more than three times in a conversation, or twice the same.

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    channel::Channel,
    ids::{TouchId, fingerprint},
    inbox::Nudge,
    message::Persona,
    replies::Answer,
    sending::{
        journey::{MAX_ANSWERS, PendingAnswer},
        lead::Lead,
        touch::Purpose,
    },
};

use super::Case;
use crate::{channel, ports::Context, timing::Place, work::answer_label};

/// In business hours an answer leaves after this many minutes at least (REP-4) ...
const DELAY_MINUTES: i64 = 3;
/// ... plus up to so many.
const DELAY_SPREAD_MINUTES: i64 = 2;
/// Outside of them it leaves after this many ...
const LATE_DELAY_MINUTES: i64 = 10;
/// ... plus up to so many.
const LATE_DELAY_SPREAD_MINUTES: i64 = 5;

/// An opt-out is confirmed so soon after it came, or not at all (R35): one that was found in a list may be older.
const CONFIRM_WITHIN: Duration = Duration::minutes(5);

/// Whether it is too late to give an answer at `now` to a reply that came at `came`.
pub(super) fn is_too_late(kind: Answer, came: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    kind == Answer::OptOutConfirmation && now - came > CONFIRM_WITHIN
}

/// The answer to a reply, if there is to be one.
#[must_use]
pub(super) fn draft(kind: Answer, case: &Case<'_>, context: &Context) -> Option<PendingAnswer> {
    let Case {
        sender,
        lead,
        journey,
        channel,
        ..
    } = case;
    let (event_id, now, channel) = (case.event.event_id.as_str(), case.received_at, *channel);
    let enrolment = journey.enrolment(&context.campaign.id)?;
    let persona = context
        .personas
        .iter()
        .find(|p| enrolment.persona.as_ref() == Some(&p.id))
        .or_else(|| context.personas.first())?;
    let purpose = purpose_of(kind, channel)?;
    if purpose == Purpose::Answer && journey.history.answers >= MAX_ANSWERS {
        return None;
    }
    let body = words(kind, lead, persona, context)?;
    let label = answer_label(event_id);
    let touch = TouchId::derive(
        &sender.tenant,
        &sender.lead,
        &context.campaign.id,
        &label,
        0,
    );
    Some(PendingAnswer {
        touch,
        event_id: event_id.to_owned(),
        campaign: context.campaign.id.clone(),
        channel,
        purpose,
        due_at: leaves_at(purpose, lead, context, channel, event_id, now),
        body,
    })
}

/// The message into the silence after a reply (FUP-1), where one more may go out in this conversation (REP-4).
pub(super) fn nudge(
    kind: Nudge,
    after: Duration,
    case: &Case<'_>,
    context: &Context,
) -> Option<PendingAnswer> {
    let enrolment = case.journey.enrolment(&context.campaign.id)?;
    let event_id = PendingAnswer::follow_up_id(&case.event.event_id);
    let label = answer_label(&event_id);
    let hello = greeting(&case.lead);
    let body = match kind {
        Nudge::AfterCapture => {
            format!("Hi{hello}, did it reach you? Happy to talk it through whenever it suits.")
        }
        Nudge::AskForEmail => {
            format!("Hi{hello}, which e-mail address shall I send the summary to?")
        }
    };
    Some(PendingAnswer {
        touch: TouchId::derive(
            &case.sender.tenant,
            &case.sender.lead,
            &enrolment.campaign,
            &label,
            0,
        ),
        event_id,
        campaign: enrolment.campaign.clone(),
        channel: case.channel,
        purpose: Purpose::Answer,
        due_at: case.received_at + after,
        body,
    })
}

/// A confirmation ends a conversation and passes the suppression that it confirms.
fn purpose_of(kind: Answer, channel: Channel) -> Option<Purpose> {
    match kind {
        Answer::OptOutConfirmation => channel::rules(channel)
            .confirms_opt_out
            .then_some(Purpose::Confirmation),
        Answer::PoliteClose | Answer::Help => Some(Purpose::Confirmation),
        Answer::CalendarLink
        | Answer::QuestionAnswer
        | Answer::Encouragement
        | Answer::ReferralThanks
        | Answer::Deliverable => Some(Purpose::Answer),
    }
}

fn words(kind: Answer, lead: &Lead, persona: &Persona, context: &Context) -> Option<String> {
    let company = &context.branding.company;
    let hello = greeting(lead);
    Some(match kind {
        Answer::OptOutConfirmation => {
            format!(
                "{company}: you are unsubscribed and will get no more messages. Reply START to undo."
            )
        }
        Answer::CalendarLink => {
            let link = persona.calendar_link.as_ref()?;
            format!("Great to hear,{hello}. Pick a time that suits you: {link}")
        }
        Answer::QuestionAnswer => {
            format!("Thanks for asking{hello}. I'll get you a proper answer today.")
        }
        Answer::Encouragement => {
            format!("Thanks{hello}. Shall I send a short summary, or is a quick call easier?")
        }
        Answer::PoliteClose => {
            format!("Understood, thanks for letting us know. {company} won't contact you again.")
        }
        Answer::ReferralThanks => {
            format!("Thank you{hello}, that helps. I'll get in touch with them.")
        }
        Answer::Deliverable => format!("Thanks{hello}. It is on its way to that address."),
        Answer::Help => format!(
            "{company} business outreach. Questions: {}. Reply STOP to opt out.",
            context
                .branding
                .phone
                .as_ref()
                .map_or_else(|| context.branding.identity(), |p| p.as_str().to_owned())
        ),
    })
}

fn greeting(lead: &Lead) -> String {
    lead.first_name
        .as_deref()
        .map_or_else(String::new, |name| format!(" {name}"))
}

fn leaves_at(
    purpose: Purpose,
    lead: &Lead,
    context: &Context,
    channel: Channel,
    event_id: &str,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    use touchline_domain::sending::gate::WindowFact;

    if purpose == Purpose::Confirmation {
        return now;
    }
    let open =
        Place::of(lead, &context.tenant, channel).window(channel, purpose, now) == WindowFact::Open;
    let (delay, spread) = if open {
        (DELAY_MINUTES, DELAY_SPREAD_MINUTES)
    } else {
        (LATE_DELAY_MINUTES, LATE_DELAY_SPREAD_MINUTES)
    };
    let draw = fingerprint(&[event_id]).bytes().next().map_or(0, i64::from);
    now + Duration::seconds(delay * 60 + draw * 7 % (spread * 60 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r35_an_opt_out_that_was_found_late_is_not_confirmed_and_other_answers_are_given() {
        let came = DateTime::UNIX_EPOCH;
        let late = |kind, minutes| is_too_late(kind, came, came + Duration::minutes(minutes));
        assert!(!late(Answer::OptOutConfirmation, 5));
        assert!(late(Answer::OptOutConfirmation, 6));
        assert!(!late(Answer::QuestionAnswer, 60));
        assert!(!late(Answer::Help, 60));
    }
}
