//! What a reply changes: suppression first, then the journey, then a lead for whoever was named.

use chrono::{NaiveTime, Utc};
use touchline_domain::{
    contact::Address,
    ids::LeadId,
    replies::{
        Action, Classification, EnrolmentPhase, Intent, InvalidAddress, Pause, REVIEW_BELOW,
        SuppressReason,
    },
    scoring::Engagement,
    sending::{
        Reason,
        journey::{EnrolmentState, Journey, PendingAnswer},
        lead::Lead,
        suppression::{Superseded, Suppression, SuppressionScope},
    },
};

use super::Case;
use crate::{
    delivery::suppress_addresses,
    facts,
    ports::{PortError, Suppressions},
};

/// Suppresses every address of the lead for the tenant: an opt-out in one channel holds in all (REP-2).
pub(super) async fn suppress_everywhere<P: Suppressions>(
    ports: &P,
    case: &Case<'_>,
    reason: SuppressReason,
) -> Result<(), PortError> {
    let record = Suppression {
        scope: SuppressionScope::Tenant,
        reason: match reason {
            SuppressReason::OptOut => Reason::OptedOut,
            SuppressReason::NotInterested => Reason::NotInterested,
        },
        at: case.received_at,
        actor: case.event.event_id.clone(),
        superseded: None,
    };
    suppress_addresses(ports, &case.lead, &record).await
}

/// START restores the channel and number that it came from, and nothing else (R35).
pub(super) async fn restore<P: Suppressions>(ports: &P, case: &Case<'_>) -> Result<(), PortError> {
    let Some(address) = facts::address_of(&case.lead, case.channel) else {
        return Ok(());
    };
    let lifted = Superseded {
        at: case.received_at,
        actor: case.event.event_id.clone(),
        channel: Some(case.channel),
    };
    ports
        .restore(&case.sender.tenant, &address.hash(), &lifted)
        .await
}

/// Changes the journey, once for each event.
pub(super) fn apply(
    journey: &mut Journey,
    case: &Case<'_>,
    action: &Action,
    read: &Classification,
    answer: Option<&PendingAnswer>,
    follow_up: Option<&PendingAnswer>,
) {
    if !journey.note_event(&case.event.event_id) {
        return;
    }
    if !read.automatic {
        journey.replied_at = Some(case.received_at);
        // The silence that a follow-up waited for is broken (FUP-1).
        journey.answers.retain(|waiting| !waiting.is_follow_up());
    }
    journey.engagement = engaged(journey.engagement, action, read);
    if action.gold {
        journey.gold_labelled_at.get_or_insert(case.received_at);
    }
    if action.invalid == Some(InvalidAddress::WrongPerson) {
        journey.unusable.insert(case.channel, Reason::WrongPerson);
    }
    match (action.phase, action.pause) {
        (EnrolmentPhase::Stopped, _) => journey.stop(stop_reason(action, read)),
        (_, Some(Pause::Until(date))) => {
            let until = date
                .and_time(NaiveTime::MIN)
                .and_local_timezone(Utc)
                .single();
            journey.pause(Reason::OutOfOffice, until);
        }
        (_, Some(Pause::Open)) => journey.pause(Reason::InConversation, None),
        (_, None) => go_on(journey, case),
    }
    for answer in answer.into_iter().chain(follow_up) {
        let waits = journey
            .answers
            .iter()
            .any(|a| a.touch == answer.touch || a.body == answer.body);
        if !waits {
            journey.answers.push(answer.clone());
        }
    }
}

/// What the lead has done, this reply included (ALS-1, REP-5). An opt-out is a suppression and no matter of points.
pub(super) fn engaged(before: Engagement, action: &Action, read: &Classification) -> Engagement {
    if read.automatic || read.confidence < REVIEW_BELOW {
        return before;
    }
    let welcomes = matches!(
        read.intent,
        Intent::MeetingInterest | Intent::PositiveEngagement
    );
    Engagement {
        called_back: before.called_back || read.intent == Intent::CalledPhoneLine,
        email_captured: before.email_captured || action.gold,
        interested: before.interested || welcomes,
        not_interested: before.not_interested || read.intent == Intent::NotInterested,
        opted_out: before.opted_out,
    }
}

/// A reply after which the sequence goes on does not hold it back at the gate (GATE-3).
fn go_on(journey: &mut Journey, case: &Case<'_>) {
    let after = case.received_at + chrono::Duration::milliseconds(1);
    for enrolment in &mut journey.enrolments {
        if enrolment.state == EnrolmentState::Active {
            enrolment.resumed_at = Some(after);
        }
    }
}

fn stop_reason(action: &Action, read: &Classification) -> Reason {
    match (action.suppress, read.intent) {
        (Some(SuppressReason::OptOut), _) => Reason::OptedOut,
        (_, Intent::NotInterested) => Reason::NotInterested,
        (_, Intent::WrongPerson) => Reason::WrongPerson,
        (_, Intent::Referral) => Reason::Referral,
        (_, Intent::AngryOrComplaint) => Reason::Complaint,
        _ => Reason::Replied,
    }
}

/// The lead that a referral names, if it can be reached. It has no consent of its own on record.
pub(super) fn referred_lead(case: &Case<'_>, read: &Classification) -> Option<Lead> {
    let referred = read.extracted.referred.as_ref()?;
    let email = referred.email.as_deref().and_then(|text| text.parse().ok());
    let phone = referred
        .phone
        .as_deref()
        .and_then(|text| touchline_domain::contact::phone::parse(text, case.lead.country).ok());
    let primary = match (&email, &phone) {
        (Some(email), _) => Address::Email(touchline_domain::contact::EmailAddress::clone(email)),
        (None, Some(phone)) => Address::Phone(phone.e164.clone()),
        (None, None) => return None,
    };
    let name: Vec<&str> = referred
        .name
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    Some(Lead {
        id: LeadId::derive(&case.sender.tenant, primary.as_str()),
        first_name: name.first().map(|part| (*part).to_owned()),
        last_name: name
            .get(1..)
            .filter(|rest| !rest.is_empty())
            .map(|rest| rest.join(" ")),
        full_name: referred.name.clone(),
        email,
        phone_takes_sms: phone.as_ref().is_some_and(|p| p.kind.can_receive_sms()),
        phone: phone.map(|p| p.e164),
        linkedin: None,
        title: referred.title.clone(),
        role_score: 0,
        als: None,
        consent: None,
        extra: std::collections::BTreeMap::new(),
        upload: None,
        upload_row: None,
        enriched_at: None,
        created_at: case.received_at,
        entity: false,
        ..case.lead.clone()
    })
}
