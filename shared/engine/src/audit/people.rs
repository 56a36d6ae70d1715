//! What must hold of uploads, journeys and touches by themselves.

use chrono::{DateTime, Duration, Utc};
use touchline_domain::sending::{
    journey::{Enrolment, EnrolmentState},
    touch::Outcome,
};

use super::{Check, Evidence, LeadRecord};
use crate::enqueue::OVERDUE_AFTER_MINUTES;

pub(super) fn rows_add_up(evidence: &Evidence) -> Check {
    Check::of(
        "rows read = created + merged + rejected",
        &evidence.uploads,
        |u| {
            (u.rows != u.created + u.merged + u.rejected).then(|| {
                format!(
                    "upload {}: {} rows, {} + {} + {}",
                    u.upload, u.rows, u.created, u.merged, u.rejected
                )
            })
        },
    )
}

pub(super) fn due_index_agrees(evidence: &Evidence) -> Check {
    Check::of(
        "a lead is in the due index exactly while something is due",
        &evidence.leads,
        |record| {
            let due = record.journey.next_due().map(|(at, _, _)| at);
            let indexed = record.indexed_at;
            (!is_indexed_at(due, indexed))
                .then(|| format!("{}: due {due:?}, indexed {indexed:?}", record.lead.id))
        },
    )
}

/// The index keeps whole seconds, rounded up so that nothing is found before it is due.
fn is_indexed_at(due: Option<DateTime<Utc>>, indexed: Option<DateTime<Utc>>) -> bool {
    match (due, indexed) {
        (Some(due), Some(indexed)) => due <= indexed && indexed - due < Duration::seconds(1),
        (due, indexed) => due == indexed,
    }
}

/// Nothing waits longer than two sweeps: the first may find a message still on its way.
pub(super) fn nothing_is_forgotten(evidence: &Evidence) -> Check {
    let patience = Duration::minutes(2 * OVERDUE_AFTER_MINUTES);
    Check::of(
        "nothing that is due was forgotten",
        &evidence.leads,
        |record| {
            let (at, _, _) = record.journey.next_due()?;
            (at + patience < evidence.now).then(|| format!("{} is due since {at}", record.lead.id))
        },
    )
}

pub(super) fn touches_have_reasons(evidence: &Evidence) -> Check {
    let touches = evidence.leads.iter().flat_map(|record| &record.touches);
    Check::of(
        "each touch has an outcome, and a reason unless it was sent",
        touches,
        |touch| {
            let bare = touch.outcome != Outcome::Sent && touch.reason.is_none();
            bare.then(|| format!("{} {} has no reason", touch.id, touch.outcome))
        },
    )
}

pub(super) fn steps_have_touches(evidence: &Evidence) -> Check {
    let enrolments = evidence
        .leads
        .iter()
        .flat_map(|record| record.journey.enrolments.iter().map(move |e| (record, e)));
    Check::of(
        "each step that was passed has exactly one touch",
        enrolments,
        |(record, enrolment)| {
            (0..enrolment.step).find_map(|step| {
                let found = touches_of(record, enrolment, step);
                (found != 1).then(|| {
                    format!(
                        "{} in {}: step {step} has {found} touches",
                        record.lead.id, enrolment.campaign
                    )
                })
            })
        },
    )
}

fn touches_of(record: &LeadRecord, enrolment: &Enrolment, step: u16) -> usize {
    let label = step.to_string();
    record
        .touches
        .iter()
        .filter(|t| t.campaign == enrolment.campaign && t.step == label)
        .count()
}

pub(super) fn stopped_leads_wait_for_nothing(evidence: &Evidence) -> Check {
    let enrolments = evidence
        .leads
        .iter()
        .flat_map(|record| record.journey.enrolments.iter().map(move |e| (record, e)));
    Check::of(
        "a finished enrolment has nothing due",
        enrolments,
        |(record, enrolment)| {
            let ended = matches!(
                enrolment.state,
                EnrolmentState::Completed | EnrolmentState::Stopped { .. }
            );
            (ended && enrolment.due_at.is_some()).then(|| {
                format!(
                    "{} in {} has ended and is due",
                    record.lead.id, enrolment.campaign
                )
            })
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_time_agrees_with_the_second_that_the_index_rounds_it_up_to() {
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        let due = at("2026-11-23T22:14:03.2Z");
        assert!(is_indexed_at(due, at("2026-11-23T22:14:04Z")));
        assert!(!is_indexed_at(due, at("2026-11-23T22:14:03Z")));
        assert!(!is_indexed_at(due, at("2026-11-23T22:14:05Z")));
        let whole = at("2026-11-23T22:14:03Z");
        assert!(is_indexed_at(whole, whole));
        assert!(!is_indexed_at(due, None) && !is_indexed_at(None, whole));
        assert!(is_indexed_at(None, None));
    }
}
