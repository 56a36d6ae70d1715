//! The providers: what becomes of a request, what they took, and what they tell about it later. They have no
//! idempotency key of their own, so nothing hides a second hand-over.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use touchline_domain::{
    channel::Channel,
    events::{EventKind, Provider, ProviderEvent, TouchRef},
    ids::{CampaignId, ResourceId, TouchId},
    sending::touch::Purpose,
};
use touchline_engine::{
    channel::{Compose, ComposeError, Composed, Draft},
    ports::Reservation,
    provider::{Accepted, Refusal, SendError},
};

use crate::{
    faults::{Fault, Faults},
    rng::Rng,
};

/// A client gives up on an answer after this.
pub const CALL_TIMEOUT_SECS: i64 = 15;

/// A message as the simulation writes it: names and no words.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The touch.
    pub reference: TouchRef,
    /// Its campaign.
    pub campaign: CampaignId,
    /// What kind of touch.
    pub purpose: Purpose,
    /// On which channel.
    pub channel: Channel,
    /// From what.
    pub resource: ResourceId,
}

fn letter(draft: &Draft<'_>, channel: Channel) -> Result<Composed<Letter>, ComposeError> {
    let letter = Letter {
        reference: draft.reference.clone(),
        campaign: draft.context.campaign.id.clone(),
        purpose: draft.purpose,
        channel,
        resource: draft.resource.id.clone(),
    };
    Ok(Composed {
        message: letter,
        thread: None,
    })
}

/// Writes e-mails.
pub struct EmailLetters;

impl Compose for EmailLetters {
    type Message = Letter;
    const CHANNEL: Channel = Channel::Email;

    fn compose(&self, draft: &Draft<'_>) -> Result<Composed<Letter>, ComposeError> {
        letter(draft, Self::CHANNEL)
    }
}

/// Writes text messages.
pub struct SmsLetters;

impl Compose for SmsLetters {
    type Message = Letter;
    const CHANNEL: Channel = Channel::Sms;

    fn compose(&self, draft: &Draft<'_>) -> Result<Composed<Letter>, ComposeError> {
        letter(draft, Self::CHANNEL)
    }
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    Taken,
    TakenAndNotAnswered,
    Answered(SendError),
    /// It never arrives, and no answer comes.
    Lost,
}

/// A request on its way.
#[derive(Clone, Debug)]
pub struct Request {
    /// The message.
    pub letter: Letter,
    /// Whose provider.
    pub provider: Provider,
    /// The invocation that made it.
    pub task: u32,
    /// The reservation that it rests on.
    pub wish: Reservation,
    /// The step of the run at which the sender last read what is known of the address.
    pub final_read: u64,
    fate: Fate,
    /// When it arrives, or would.
    pub arrives_at: DateTime<Utc>,
    /// When the caller learns something.
    pub answered_at: DateTime<Utc>,
}

impl Request {
    /// What the caller learns.
    ///
    /// # Errors
    /// Whatever the provider answers, or no answer.
    pub fn answer(&self) -> Result<Accepted, SendError> {
        match &self.fate {
            Fate::Taken => Ok(accepted(&self.letter.reference.touch)),
            Fate::Answered(error) => Err(error.clone()),
            Fate::TakenAndNotAnswered | Fate::Lost => Err(SendError::Unknown {
                code: "time-out".into(),
            }),
        }
    }

    /// Whether the provider takes it on arrival.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        matches!(self.fate, Fate::Taken | Fate::TakenAndNotAnswered)
    }
}

fn accepted(touch: &TouchId) -> Accepted {
    Accepted {
        provider_message_id: format!("m-{touch}"),
        message_id: None,
        cost: None,
    }
}

fn fate(rng: &mut Rng, faults: &mut Faults) -> Fate {
    if faults.strikes(rng, Fault::RateLimit) {
        let wait = u64::try_from(rng.between(1, 90)).unwrap_or(1);
        let retry_after = (rng.below(3) > 0).then(|| std::time::Duration::from_secs(wait));
        return Fate::Answered(SendError::RateLimited {
            retry_after,
            code: "429".into(),
        });
    }
    if faults.strikes(rng, Fault::ServerError) {
        return match rng.below(3) {
            0 => Fate::Lost,
            1 => Fate::Answered(SendError::Unavailable { code: "500".into() }),
            _ => Fate::Answered(SendError::Unavailable {
                code: "connection refused".into(),
            }),
        };
    }
    if faults.strikes(rng, Fault::LostProviderResponse) {
        return Fate::TakenAndNotAnswered;
    }
    if rng.chance(10_000) {
        let refusal = match rng.below(4) {
            0 => Refusal::InvalidAddress,
            1 => Refusal::OptedOut,
            2 => Refusal::Sender,
            _ => Refusal::Content,
        };
        return Fate::Answered(SendError::Rejected {
            refusal,
            code: "422".into(),
            message: "refused".into(),
        });
    }
    Fate::Taken
}

/// What has been sent from something in a day or a minute.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// All of it.
    pub all: u32,
    /// Without answers.
    pub outreach: u32,
}

/// All providers.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    requests: Vec<Request>,
    ledger: BTreeMap<TouchId, u32>,
    by_day: BTreeMap<(ResourceId, Channel, NaiveDate), Taken>,
    by_minute: BTreeMap<(ResourceId, i64), u32>,
    by_tenant: BTreeMap<(String, Channel, NaiveDate), u32>,
    events: usize,
}

impl Providers {
    /// A request leaves; answers its number.
    pub fn depart(
        &mut self,
        rng: &mut Rng,
        faults: &mut Faults,
        now: DateTime<Utc>,
        request: (Letter, Provider, u32, Reservation, u64),
    ) -> usize {
        let (letter, provider, task, wish, final_read) = request;
        let fate = fate(rng, faults);
        let slow = if rng.below(20) == 0 { 9_000 } else { 400 };
        let arrives_at = now + Duration::milliseconds(rng.between(5, slow));
        let answered_at = match fate {
            Fate::TakenAndNotAnswered | Fate::Lost => now + Duration::seconds(CALL_TIMEOUT_SECS),
            Fate::Taken | Fate::Answered(_) => {
                arrives_at + Duration::milliseconds(rng.between(1, slow))
            }
        };
        self.requests.push(Request {
            letter,
            provider,
            task,
            wish,
            final_read,
            fate,
            arrives_at,
            answered_at,
        });
        self.requests.len() - 1
    }

    /// A request by its number.
    #[must_use]
    pub fn request(&self, number: usize) -> Option<&Request> {
        self.requests.get(number)
    }

    /// The provider takes a message; answers how often it has taken it now.
    pub fn take(&mut self, request: &Request) -> u32 {
        let (letter, wish) = (&request.letter, &request.wish);
        let step = letter.purpose == Purpose::Step;
        let mut note = |id: &ResourceId| {
            let taken = self
                .by_day
                .entry((id.clone(), wish.channel, wish.date))
                .or_default();
            taken.all += 1;
            taken.outreach += u32::from(step);
        };
        note(&letter.resource);
        if let Some((domain, _)) = domain_of(wish, &letter.resource) {
            note(domain);
        }
        let minute = super::capacity::minute_of(wish.now);
        *self
            .by_minute
            .entry((letter.resource.clone(), minute))
            .or_default() += 1;
        *self
            .by_tenant
            .entry((wish.tenant.to_string(), wish.channel, wish.date))
            .or_default() += 1;
        let times = self
            .ledger
            .entry(letter.reference.touch.clone())
            .or_default();
        *times += 1;
        *times
    }

    /// How often a touch was taken.
    #[must_use]
    pub fn times_taken(&self, touch: &TouchId) -> u32 {
        self.ledger.get(touch).copied().unwrap_or(0)
    }

    /// How many touches were taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.ledger.len()
    }

    /// What was sent from a resource on a day of a reservation.
    #[must_use]
    pub fn taken_from(&self, resource: &ResourceId, wish: &Reservation) -> Taken {
        self.by_day
            .get(&(resource.clone(), wish.channel, wish.date))
            .copied()
            .unwrap_or_default()
    }

    /// What was sent from a resource on reservations of one minute.
    #[must_use]
    pub fn taken_in_minute(&self, resource: &ResourceId, wish: &Reservation) -> u32 {
        let minute = super::capacity::minute_of(wish.now);
        self.by_minute
            .get(&(resource.clone(), minute))
            .copied()
            .unwrap_or(0)
    }

    /// What a tenant sent on a day.
    #[must_use]
    pub fn taken_for_tenant(&self, wish: &Reservation) -> u32 {
        self.by_tenant
            .get(&(wish.tenant.to_string(), wish.channel, wish.date))
            .copied()
            .unwrap_or(0)
    }

    /// Every resource's days.
    pub fn days(&self) -> impl Iterator<Item = (&(ResourceId, Channel, NaiveDate), &Taken)> {
        self.by_day.iter()
    }

    /// The events that a provider will send about a message that it took: in no certain order, some of them late.
    pub fn story(
        &mut self,
        rng: &mut Rng,
        request: &Request,
        now: DateTime<Utc>,
    ) -> Vec<(DateTime<Utc>, ProviderEvent)> {
        let mut kinds = vec![EventKind::Sent];
        let fate = rng.below(100);
        let email = request.letter.channel == Channel::Email;
        match fate {
            0..=2 if email => kinds.push(EventKind::HardBounced {
                code: "5.1.1".into(),
                address: None,
            }),
            3 => kinds.push(EventKind::SoftBounced {
                code: "4.2.2".into(),
            }),
            4 => kinds.push(EventKind::Failed {
                code: "failed".into(),
            }),
            _ => kinds.push(EventKind::Delivered),
        }
        if email && fate == 5 {
            kinds.push(EventKind::Complained { address: None });
        }
        if email && (6..=8).contains(&fate) {
            kinds.push(EventKind::Unsubscribed { address: None });
        }
        if email && fate > 60 {
            kinds.push(EventKind::Opened);
        }
        kinds
            .into_iter()
            .map(|kind| {
                self.events += 1;
                let late = if rng.below(30) == 0 { 40_000 } else { 300 };
                let at = now + Duration::seconds(rng.between(1, late));
                let event = ProviderEvent {
                    event_id: format!("e-{}", self.events),
                    provider: request.provider,
                    at,
                    reference: Some(request.letter.reference.clone()),
                    provider_message_id: None,
                    kind,
                };
                (at, event)
            })
            .collect()
    }
}

/// The domain that a resource shares a limit with, in a reservation.
#[must_use]
pub fn domain_of<'a>(
    wish: &'a Reservation,
    resource: &ResourceId,
) -> Option<&'a (ResourceId, u32)> {
    wish.candidates
        .iter()
        .find(|c| c.resource == *resource)
        .and_then(|c| c.domain.as_ref())
}
