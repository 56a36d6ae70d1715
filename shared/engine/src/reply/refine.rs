//! A second opinion on what the rules are unsure of (REP-4). It is optional: without a model, without budget, or when it
//! does not answer, the reply goes to a person. Never asked about an opt-out and never believed to have found one.

use std::future::Future;

use serde::{Deserialize, Serialize};
use touchline_domain::{
    channel::Channel,
    ids::{LeadId, TenantId},
    money::Micros,
    replies::{Classification, Intent, REVIEW_BELOW},
    sending::{
        journey::Journey,
        model::{ModelUse, Opinion},
    },
};

use crate::{
    delivery::change,
    ports::{Journeys, PortError},
};

/// The most that models may cost for one lead, for life: USD 0.50 (REP-4).
pub const LIFETIME_BUDGET: Micros = Micros::from_cents(50);
/// Characters of a reply that a model is shown; who means something says it sooner.
pub const SHOWN_CHARS: usize = 4_000;
/// Stands among the words that decided, so that people see who read it.
const EVIDENCE: &str = "read by a model";

/// What a model makes of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What it means.
    pub intent: Intent,
    /// How sure the model is, 0..=100.
    pub confidence: u8,
}

/// A model that reads replies.
pub trait Reader: Sync {
    /// The most that one reading can cost, in USD; nothing if there is no model.
    fn price(&self) -> impl Future<Output = Option<Micros>> + Send;

    /// Reads a reply of at most [`SHOWN_CHARS`] characters. Nothing when no usable answer came: a person reads it.
    fn read(&self, channel: Channel, text: &str) -> impl Future<Output = Option<Verdict>> + Send;
}

/// There is no model.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoReader;

impl Reader for NoReader {
    async fn price(&self) -> Option<Micros> {
        None
    }

    async fn read(&self, _: Channel, _: &str) -> Option<Verdict> {
        None
    }
}

/// One reply, as it is refined.
pub(super) struct Unsure<'a> {
    /// Whose.
    pub tenant: &'a TenantId,
    /// From whom.
    pub lead: &'a LeadId,
    /// The journey as it was read.
    pub journey: &'a Journey,
    /// The event that brought it.
    pub event_id: &'a str,
    /// On which channel.
    pub channel: Channel,
    /// What it says.
    pub text: &'a str,
}

/// `read`, or what the model makes of it where the rules are unsure.
pub(super) async fn refine<P, R>(
    ports: &P,
    reader: &R,
    unsure: &Unsure<'_>,
    read: Classification,
) -> Result<Classification, PortError>
where
    P: Journeys,
    R: Reader,
{
    if !may_ask(&read) {
        return Ok(read);
    }
    let Some(price) = reader.price().await else {
        return Ok(read);
    };
    // A redelivered reply is read as it was the first time, at no further cost (HOOK-3).
    if let Some(known) = unsure.journey.model.opinion_on(unsure.event_id) {
        return Ok(refined(read, known));
    }
    if !reserve(ports, unsure, price).await? {
        return Ok(read);
    }
    let shown: String = unsure.text.chars().take(SHOWN_CHARS).collect();
    let verdict = reader.read(unsure.channel, &shown).await;
    let opinion = Opinion {
        event_id: unsure.event_id.to_owned(),
        reading: verdict.map(|verdict| (verdict.intent, verdict.confidence)),
    };
    change(ports, unsure.tenant, unsure.lead, |journey| {
        journey.model.last = Some(opinion.clone());
    })
    .await?;
    Ok(refined(read, &opinion))
}

/// Only a person's reply that no rule is sure of and that does not end all contact.
fn may_ask(read: &Classification) -> bool {
    let decided = read.opt_out || read.automatic || read.complaint || read.keyword.is_some();
    !decided && read.intent != Intent::OptOut && read.confidence < REVIEW_BELOW
}

/// Takes the price of one reading out of the lead's budget before the call, so that a crash cannot spend it twice.
async fn reserve<P: Journeys>(
    ports: &P,
    unsure: &Unsure<'_>,
    price: Micros,
) -> Result<bool, PortError> {
    let spend = |model: &ModelUse| model.spent + price;
    if spend(&unsure.journey.model) > LIFETIME_BUDGET {
        return Ok(false);
    }
    change(ports, unsure.tenant, unsure.lead, |journey| {
        journey.model.spent = spend(&journey.model);
    })
    .await?;
    Ok(true)
}

fn refined(read: Classification, opinion: &Opinion) -> Classification {
    let Some((intent, confidence)) = opinion.reading else {
        return read;
    };
    // What ends all contact is decided without a model (REP-2); in doubt a person looks.
    let believed = confidence >= REVIEW_BELOW && intent != Intent::OptOut;
    if !believed {
        return read;
    }
    let mut refined = Classification {
        intent,
        confidence: confidence.min(100),
        ..read
    };
    refined.evidence.push(EVIDENCE.to_owned());
    refined
}

#[cfg(test)]
mod tests {
    use touchline_domain::replies::{Reply, classify};

    use super::*;

    fn opinion(intent: Intent, confidence: u8) -> Opinion {
        Opinion {
            event_id: "e1".to_owned(),
            reading: Some((intent, confidence)),
        }
    }

    fn unsure() -> Classification {
        Classification {
            confidence: 40,
            ..classify(&Reply::new(Channel::Email, "hmm"))
        }
    }

    #[test]
    fn rep_4_a_sure_model_is_believed_and_an_unsure_one_is_not() {
        let sure = refined(unsure(), &opinion(Intent::Question, 70));
        assert_eq!((sure.intent, sure.confidence), (Intent::Question, 70));
        assert!(sure.evidence.iter().any(|word| word == EVIDENCE));
        let doubtful = refined(unsure(), &opinion(Intent::Question, 69));
        assert_eq!(doubtful, unsure());
    }

    #[test]
    fn rep_2_a_model_is_neither_asked_about_an_opt_out_nor_believed_to_find_one() {
        let found = refined(unsure(), &opinion(Intent::OptOut, 100));
        assert_eq!(found, unsure());
        let stop = classify(&Reply::new(Channel::Sms, "STOP"));
        assert!(!may_ask(&stop));
        let doubtful = Classification {
            opt_out: true,
            ..unsure()
        };
        assert!(!may_ask(&doubtful));
    }

    #[test]
    fn a_reply_that_is_understood_is_not_paid_for() {
        assert!(may_ask(&unsure()));
        let understood = Classification {
            confidence: REVIEW_BELOW,
            ..unsure()
        };
        assert!(!may_ask(&understood));
    }
}
