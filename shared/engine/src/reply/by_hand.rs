//! A person's answer to a lead (INB-1). It takes the way of every other message: into the journey, through the channel
//! queue and the gate. Refuses an answer to somebody who was never written to.

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    ids::{LeadId, TenantId, TouchId, fingerprint},
    sending::{
        Reason,
        journey::{Journey, PendingAnswer},
        suppression::{Suppression, SuppressionScope},
        touch::Purpose,
    },
};

use crate::{
    delivery::{change, suppress_addresses},
    ports::{Journeys, PortError, Suppressions},
    work::answer_label,
};

/// What the event of a person's answer begins with; an automatic one is named for the reply that it answers.
const BY_HAND: &str = "by-hand:";

/// What a person says to a lead.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// On which channel.
    pub channel: Channel,
    /// The text.
    pub text: &'a str,
    /// Who says it.
    pub by: &'a str,
}

/// Puts the answer into the lead's journey, due now. It takes the place of every automatic answer and follow-up that
/// waits; the confirmation of an opt-out stays, and so does what another person wrote. Answers the touch that it will be,
/// or nothing if the lead is in no campaign.
///
/// # Errors
/// A port is not available.
pub async fn answer<P: Journeys>(
    ports: &P,
    tenant: &TenantId,
    lead: &LeadId,
    words: Words<'_>,
    now: DateTime<Utc>,
) -> Result<Option<TouchId>, PortError> {
    let Some((_, journey)) = ports.load(tenant, lead).await? else {
        return Ok(None);
    };
    let Some(answer) = draft(&journey, words, now) else {
        return Ok(None);
    };
    change(ports, tenant, lead, |journey| replace(journey, &answer)).await?;
    Ok(Some(answer.touch))
}

/// Ends all contact, because the lead told a person so or left by a link: the same as an opt-out in a message (REP-2, R27).
/// `actor` stands in the record.
///
/// # Errors
/// A port is not available.
pub async fn opt_out<P: Journeys + Suppressions>(
    ports: &P,
    tenant: &TenantId,
    lead: &LeadId,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), PortError> {
    let Some((profile, _)) = ports.load(tenant, lead).await? else {
        return Ok(());
    };
    let record = Suppression {
        scope: SuppressionScope::Tenant,
        reason: Reason::OptedOut,
        at: now,
        actor: actor.to_owned(),
        superseded: None,
    };
    suppress_addresses(ports, &profile, &record).await?;
    change(ports, tenant, lead, |journey| {
        journey.stop(Reason::OptedOut)
    })
    .await
}

fn draft(journey: &Journey, words: Words<'_>, now: DateTime<Utc>) -> Option<PendingAnswer> {
    let campaign = journey.enrolments.last()?.campaign.clone();
    let event_id = format!(
        "{BY_HAND}{}",
        fingerprint(&[words.by, words.text, &now.to_rfc3339()])
    );
    let label = answer_label(&event_id);
    Some(PendingAnswer {
        touch: TouchId::derive(&journey.tenant, &journey.lead, &campaign, &label, 0),
        event_id,
        campaign,
        channel: words.channel,
        purpose: Purpose::Answer,
        due_at: now,
        body: words.text.to_owned(),
    })
}

fn replace(journey: &mut Journey, answer: &PendingAnswer) {
    journey.answers.retain(|waiting| {
        waiting.purpose == Purpose::Confirmation
            || waiting.event_id.starts_with(BY_HAND) && waiting.touch != answer.touch
    });
    journey.answers.push(answer.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journey() -> Journey {
        let tenant: TenantId = "acme".parse().unwrap();
        let lead = LeadId::derive(&tenant, "ana@redgum.example");
        let mut journey = Journey::new(tenant, lead);
        journey.enrol(
            "spring".parse().unwrap(),
            DateTime::UNIX_EPOCH,
            DateTime::UNIX_EPOCH,
            Channel::Email,
        );
        journey
    }

    fn words(text: &str) -> Words<'_> {
        Words {
            channel: Channel::Email,
            text,
            by: "ana",
        }
    }

    #[test]
    fn a_persons_answer_takes_the_place_of_an_automatic_one_and_leaves_a_confirmation_alone() {
        let mut journey = journey();
        let now = DateTime::UNIX_EPOCH;
        let automatic = PendingAnswer {
            event_id: "evt_1".to_owned(),
            ..draft(&journey, words("We will get back to you"), now).unwrap()
        };
        let confirmation = PendingAnswer {
            purpose: Purpose::Confirmation,
            ..automatic.clone()
        };
        journey.answers = vec![automatic, confirmation.clone()];
        let by_hand = draft(&journey, words("It costs 12 dollars"), now).unwrap();
        replace(&mut journey, &by_hand);
        assert_eq!(journey.answers, [confirmation, by_hand]);
    }

    #[test]
    fn what_two_people_answer_both_leaves() {
        let (mut journey, now) = (journey(), DateTime::UNIX_EPOCH);
        let drafts = ["It costs 12 dollars", "Ben calls you tomorrow"]
            .map(|text| draft(&journey, words(text), now).unwrap());
        for answer in [&drafts[0], &drafts[1], &drafts[1]] {
            replace(&mut journey, answer);
        }
        assert_eq!(journey.answers, drafts);
    }

    #[test]
    fn nobody_is_answered_who_is_in_no_campaign() {
        let mut journey = journey();
        journey.enrolments.clear();
        assert_eq!(draft(&journey, words("Hi"), DateTime::UNIX_EPOCH), None);
    }
}
