//! The gate: one pure function that decides, just before a touch, whether it may happen now (GATE-1..GATE-10). It is
//! total: the same facts give the same answer, and every answer but `Send` carries its reason.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Reason,
    campaign::CampaignStatus,
    consent::{self, Consent},
    journey::{EnrolmentState, History},
    register::{self, RegisterPolicy, Standing, WashResult},
    tenant::Subscription,
    touch::Purpose,
};
use crate::{channel::Channel, country::Country, scoring::als};

/// At least this many of the recipient's days lie between two touches (GATE-7).
pub const DAYS_BETWEEN_TOUCHES: i64 = 2;
/// At least this many of the recipient's days lie between two touches on one channel (GATE-7).
pub const DAYS_BETWEEN_CHANNEL_TOUCHES: i64 = 5;
/// At most this many follow-ups after the sequence (GATE-7, FUP-1).
pub const MAX_FOLLOW_UPS: u8 = 3;
/// While something is switched off or unpaid, a touch is looked at again after this time. A kill switch acts on
/// every touch before it is sent, so this only bounds how long a resumed touch waits.
pub const RECHECK_MINUTES: i64 = 15;

/// What the gate decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// The touch may be handed over now.
    Send,
    /// Not now; ask again at `until`.
    Defer {
        /// Time to ask again.
        until: DateTime<Utc>,
        /// The reason.
        reason: Reason,
    },
    /// Not this touch; the enrolment goes on.
    Skip {
        /// The reason.
        reason: Reason,
    },
    /// No further touch of this enrolment.
    Stop {
        /// The reason.
        reason: Reason,
    },
}

/// The recipient's local window at this moment (GATE-8), as the calendar found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WindowFact {
    /// Open now.
    Open,
    /// Closed.
    Closed {
        /// The reason.
        reason: Reason,
        /// The next opening; absent where there is none.
        #[serde(default)]
        next_open: Option<DateTime<Utc>>,
    },
}

/// What is known of the number's register (GATE-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterFact {
    /// Whether it has to be asked.
    pub policy: RegisterPolicy,
    /// The answer of the register.
    #[serde(default)]
    pub result: Option<WashResult>,
    /// The local date on which the answer was received; the answer's UTC date if absent.
    #[serde(default)]
    pub received_on: Option<NaiveDate>,
}

/// Everything that the gate looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GateInput {
    /// The moment of the decision.
    pub now: DateTime<Utc>,
    /// The recipient's local date (the first candidate zone's).
    pub local_date: NaiveDate,
    /// The kind of touch.
    pub purpose: Purpose,
    /// The channel.
    pub channel: Channel,
    /// A kill switch is on (GATE-1).
    #[serde(default)]
    pub killed: bool,
    /// The tenant's subscription (GATE-2).
    pub subscription: Subscription,
    /// The tenant runs in manual mode (GATE-2).
    #[serde(default)]
    pub manual_mode: bool,
    /// The campaign's state (GATE-3).
    pub campaign: CampaignStatus,
    /// The enrolment's state (GATE-3).
    pub enrolment: EnrolmentState,
    /// The lead replied after the enrolment began and nobody resumed it (GATE-3).
    #[serde(default)]
    pub replied: bool,
    /// The address is suppressed, for the tenant or for all (GATE-4).
    #[serde(default)]
    pub suppressed: bool,
    /// The address bounced or is invalid (GATE-4).
    #[serde(default)]
    pub unusable: Option<Reason>,
    /// The recipient's country, as far as known; it decides register and consent (GATE-5).
    #[serde(default)]
    pub country: Option<Country>,
    /// The number's register; only asked about on channels that use a number (GATE-5).
    #[serde(default)]
    pub register: Option<RegisterFact>,
    /// The consent on record (GATE-5).
    #[serde(default)]
    pub consent: Option<Consent>,
    /// The lead's score (GATE-6).
    #[serde(default)]
    pub als: Option<u8>,
    /// What was sent before (GATE-7).
    #[serde(default)]
    pub history: History,
    /// The local date of the last touch, in the recipient's zone (GATE-7).
    #[serde(default)]
    pub last_touch_on: Option<NaiveDate>,
    /// The local date of the last touch on this channel (GATE-7).
    #[serde(default)]
    pub last_on_channel_on: Option<NaiveDate>,
    /// The window (GATE-8).
    pub window: WindowFact,
    /// The campaign's or tenant's budget is spent (GATE-9).
    #[serde(default)]
    pub budget_spent: bool,
    /// A resource has capacity; `None` when it is not known before the reservation (GATE-10).
    #[serde(default)]
    pub capacity: Option<bool>,
    /// The first opening on a later day: where a touch goes that finds no capacity or budget (GATE-9, GATE-10).
    #[serde(default)]
    pub next_day_opening: Option<DateTime<Utc>>,
}

impl GateInput {
    fn recheck(&self, reason: Reason) -> Decision {
        Decision::Defer {
            until: self.now + Duration::minutes(RECHECK_MINUTES),
            reason,
        }
    }

    fn next_day(&self, reason: Reason) -> Decision {
        Decision::Defer {
            until: self
                .next_day_opening
                .unwrap_or(self.now + Duration::days(1)),
            reason,
        }
    }

    /// An answer goes to somebody who wrote to us: scores, cool-downs and the reply itself do not hold it back
    /// (REP-4). The confirmation of an opt-out also passes the suppression that it confirms (REP-4a).
    fn answers_a_reply(&self) -> bool {
        matches!(self.purpose, Purpose::Answer | Purpose::Confirmation)
    }
}

type Check = fn(&GateInput) -> Option<Decision>;

/// The checks in order; the first that objects decides.
const CHECKS: [(&str, Check); 10] = [
    ("GATE-1", kill_switches),
    ("GATE-2", subscription),
    ("GATE-3", enrolment),
    ("GATE-4", address),
    ("GATE-5", register_and_consent),
    ("GATE-6", als_channel),
    ("GATE-7", frequency),
    ("GATE-8", window),
    ("GATE-9", budget),
    ("GATE-10", capacity),
];

/// Decides one touch.
#[must_use]
pub fn decide(input: &GateInput) -> Decision {
    CHECKS
        .iter()
        .find_map(|(_, check)| check(input))
        .unwrap_or(Decision::Send)
}

/// The decision together with the id of the check that made it; `None` for `Send`.
#[must_use]
pub fn explain(input: &GateInput) -> (Decision, Option<&'static str>) {
    CHECKS
        .iter()
        .find_map(|(id, check)| check(input).map(|decision| (decision, Some(*id))))
        .unwrap_or((Decision::Send, None))
}

fn kill_switches(input: &GateInput) -> Option<Decision> {
    input.killed.then(|| input.recheck(Reason::Killed))
}

fn subscription(input: &GateInput) -> Option<Decision> {
    if !input.subscription.allows_sending() {
        return Some(input.recheck(Reason::SubscriptionInactive));
    }
    input.manual_mode.then(|| input.recheck(Reason::ManualMode))
}

fn enrolment(input: &GateInput) -> Option<Decision> {
    if input.answers_a_reply() {
        return None;
    }
    match &input.enrolment {
        EnrolmentState::Completed => {
            return Some(Decision::Stop {
                reason: Reason::EnrolmentEnded,
            });
        }
        EnrolmentState::Stopped { reason } => return Some(Decision::Stop { reason: *reason }),
        EnrolmentState::Paused {
            reason,
            until: Some(until),
        } if input.now < *until => {
            return Some(Decision::Defer {
                until: *until,
                reason: *reason,
            });
        }
        EnrolmentState::Paused { until: None, .. } => {
            return Some(Decision::Stop {
                reason: Reason::EnrolmentEnded,
            });
        }
        EnrolmentState::Active | EnrolmentState::Paused { .. } => {}
    }
    if input.replied {
        return Some(Decision::Stop {
            reason: Reason::Replied,
        });
    }
    match input.campaign {
        CampaignStatus::Active => None,
        CampaignStatus::Completed => Some(Decision::Stop {
            reason: Reason::CampaignInactive,
        }),
        CampaignStatus::Draft | CampaignStatus::Scheduled | CampaignStatus::Paused => {
            Some(input.recheck(Reason::CampaignInactive))
        }
    }
}

fn address(input: &GateInput) -> Option<Decision> {
    if input.suppressed && input.purpose != Purpose::Confirmation {
        return Some(Decision::Stop {
            reason: Reason::Suppressed,
        });
    }
    // A hard bounce ends the steps of its channel only (SEQ-3).
    input.unusable.map(|reason| Decision::Skip { reason })
}

fn register_and_consent(input: &GateInput) -> Option<Decision> {
    // Somebody who wrote to us on this channel may be answered on it.
    if input.answers_a_reply() {
        return None;
    }
    let country = input.country;
    if input.channel.uses_phone()
        && let Some(register) = input
            .register
            .filter(|r| r.policy == RegisterPolicy::Required)
        && !consent::overrides_register(input.consent.as_ref(), input.local_date)
    {
        let answer = register.result.map(|result| {
            (
                result.status,
                register
                    .received_on
                    .unwrap_or_else(|| result.washed_at.date_naive()),
            )
        });
        let number_country = country.unwrap_or(Country::AU);
        match register::standing(number_country, answer, input.local_date) {
            Standing::Clear => {}
            Standing::Listed => {
                return Some(Decision::Skip {
                    reason: Reason::DncrListed,
                });
            }
            Standing::Invalid => {
                return Some(Decision::Skip {
                    reason: Reason::InvalidAddress,
                });
            }
            Standing::Stale => return Some(input.recheck(Reason::DncrStale)),
        }
    }
    // An unknown country is held to the stricter rule of the two markets.
    let demand = match country {
        Some(country) => consent::demanded(country, input.channel),
        None if input.channel.uses_phone() => consent::Demand::Written,
        None => consent::demanded(Country::AU, input.channel),
    };
    let satisfied = consent::satisfies(input.consent.as_ref(), demand, input.local_date);
    (!satisfied).then_some(Decision::Skip {
        reason: Reason::NoConsent,
    })
}

fn als_channel(input: &GateInput) -> Option<Decision> {
    if input.answers_a_reply() {
        return None;
    }
    let tier = als::Tier::of(input.als.unwrap_or(0));
    (!als::allows(tier, input.channel)).then_some(Decision::Skip {
        reason: Reason::AlsChannel,
    })
}

fn frequency(input: &GateInput) -> Option<Decision> {
    if input.answers_a_reply() {
        return None;
    }
    if input.purpose == Purpose::FollowUp && input.history.follow_ups >= MAX_FOLLOW_UPS {
        return Some(Decision::Stop {
            reason: Reason::MaxFollowUps,
        });
    }
    let too_soon = |last: Option<NaiveDate>, days: i64, reason| {
        let missing = days - (input.local_date - last?).num_days();
        (missing > 0).then(|| Decision::Defer {
            until: input.now + Duration::days(missing),
            reason,
        })
    };
    too_soon(input.last_touch_on, DAYS_BETWEEN_TOUCHES, Reason::TooRecent).or_else(|| {
        too_soon(
            input.last_on_channel_on,
            DAYS_BETWEEN_CHANNEL_TOUCHES,
            Reason::ChannelCooldown,
        )
    })
}

fn window(input: &GateInput) -> Option<Decision> {
    match input.window {
        WindowFact::Open => None,
        WindowFact::Closed {
            reason,
            next_open: Some(until),
        } => Some(Decision::Defer { until, reason }),
        WindowFact::Closed {
            reason,
            next_open: None,
        } => Some(Decision::Skip { reason }),
    }
}

fn budget(input: &GateInput) -> Option<Decision> {
    input
        .budget_spent
        .then(|| input.next_day(Reason::BudgetExhausted))
}

fn capacity(input: &GateInput) -> Option<Decision> {
    (input.capacity == Some(false)).then(|| input.next_day(Reason::NoCapacity))
}
