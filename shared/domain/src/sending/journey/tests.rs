//! A journey in each of its states.

use super::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::minutes(minute)
}

fn journey() -> Journey {
    let tenant: TenantId = "acme".parse().unwrap();
    let lead = LeadId::derive(&tenant, "a@b.co");
    let mut journey = Journey::new(tenant, lead);
    assert!(journey.enrol("c1".parse().unwrap(), at(0), at(10), Channel::Email));
    journey
}

#[test]
fn a_lead_is_enrolled_in_a_campaign_once() {
    let mut journey = journey();
    assert!(!journey.enrol("c1".parse().unwrap(), at(5), at(20), Channel::Email));
    assert_eq!(journey.enrolments.len(), 1);
}

#[test]
fn invariant_2_an_active_enrolment_is_due_and_a_finished_one_is_not() {
    let mut journey = journey();
    let campaign: CampaignId = "c1".parse().unwrap();
    assert_eq!(
        journey.next_due(),
        Some((at(10), Channel::Email, Due::Step(campaign.clone())))
    );
    journey.advance(&campaign, 0, Some((at(60), Channel::Sms)));
    assert_eq!(journey.next_due().unwrap().0, at(60));
    journey.advance(&campaign, 0, None);
    assert_eq!(
        journey.enrolments[0].step, 1,
        "a message about an earlier step changes nothing"
    );
    journey.advance(&campaign, 1, None);
    assert_eq!(journey.next_due(), None);
    assert_eq!(journey.enrolments[0].state, EnrolmentState::Completed);
}

/// An answer by SMS that is due at ten.
fn answer_waits(journey: &mut Journey) -> TouchId {
    let touch = TouchId::derive(
        &journey.tenant,
        &journey.lead,
        &"c1".parse().unwrap(),
        "answer",
        0,
    );
    journey.answers.push(PendingAnswer {
        touch: touch.clone(),
        event_id: "e1".into(),
        campaign: "c1".parse().unwrap(),
        channel: Channel::Sms,
        purpose: Purpose::Answer,
        due_at: at(10),
        body: "Thanks".into(),
    });
    touch
}

#[test]
fn seq_3_a_stop_ends_steps_and_answers_that_wait() {
    let mut journey = journey();
    let touch = answer_waits(&mut journey);
    assert_eq!(journey.next_due().unwrap().2, Due::Answer(touch));
    journey.stop(Reason::OptedOut);
    assert_eq!(journey.next_due(), None);
    assert_eq!(
        journey.enrolments[0].state,
        EnrolmentState::Stopped {
            reason: Reason::OptedOut
        }
    );
}

#[test]
fn hook_3_the_weightiest_reason_to_stop_stays_in_either_order() {
    let ended_by = |reasons: [Reason; 3]| {
        let mut journey = journey();
        reasons.into_iter().for_each(|reason| journey.stop(reason));
        journey.enrolments[0].state.clone()
    };
    let expected = EnrolmentState::Stopped {
        reason: Reason::Complained,
    };
    assert_eq!(
        ended_by([Reason::Complained, Reason::OptedOut, Reason::NotInterested]),
        expected
    );
    assert_eq!(
        ended_by([Reason::NotInterested, Reason::OptedOut, Reason::Complained]),
        expected
    );
}

#[test]
fn an_enrolment_that_waits_for_a_person_is_not_woken_by_a_later_pause() {
    let mut journey = journey();
    journey.pause(Reason::OutOfOffice, Some(at(100)));
    assert_eq!(journey.next_due().unwrap().0, at(100));
    journey.pause(Reason::InConversation, None);
    journey.pause(Reason::OutOfOffice, Some(at(50)));
    assert_eq!(journey.next_due(), None);
}

#[test]
fn hook_3_an_event_is_noted_once() {
    let mut journey = journey();
    assert!(journey.note_event("e1"));
    assert!(!journey.note_event("e1"));
    for n in 0..40 {
        journey.note_event(&format!("x{n}"));
    }
    assert_eq!(journey.events.len(), REMEMBERED_EVENTS);
}

#[test]
fn a_claim_ends_with_its_lease() {
    let mut journey = journey();
    let touch = TouchId::derive(
        &journey.tenant,
        &journey.lead,
        &"c1".parse().unwrap(),
        "0",
        0,
    );
    journey.take(touch, Channel::Email, None, at(0));
    assert!(journey.is_claimed(at(1)));
    assert!(!journey.is_claimed(at(2)));
}

#[test]
fn send_4_a_claim_is_due_at_its_end_when_nothing_else_is() {
    let mut journey = journey();
    let touch = TouchId::derive(
        &journey.tenant,
        &journey.lead,
        &"c1".parse().unwrap(),
        "0",
        0,
    );
    journey.take(touch.clone(), Channel::Sms, None, at(10));
    assert_eq!(
        journey.next_due().unwrap().0,
        at(10),
        "the step's own entry stays where it is"
    );
    journey.stop(Reason::OptedOut);
    assert_eq!(
        journey.next_due(),
        Some((at(12), Channel::Sms, Due::Claim(touch)))
    );
}

#[test]
fn send_4_a_claim_keeps_the_answer_that_is_being_sent() {
    let mut journey = journey();
    let touch = answer_waits(&mut journey);
    journey.take(touch.clone(), Channel::Sms, None, at(10));
    journey.stop(Reason::OptedOut);
    assert!(journey.answers.is_empty());
    let kept = journey.claim.unwrap().answer.unwrap();
    assert_eq!((kept.touch, kept.body.as_str()), (touch, ""));
}
