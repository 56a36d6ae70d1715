//! The do-not-call register of a number's country, as the gate sees it (GATE-5, DNC-1..DNC-5, R6, R19, R20).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{calendar::Zone, channel::Channel, country::Country};

/// Answer of the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WashStatus {
    /// On the register: must not be called.
    Listed,
    /// Not on the register.
    Clear,
    /// The register does not know the number as valid.
    Invalid,
}

/// A register's answer for one number, kept platform-wide (DNC-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WashResult {
    /// The answer.
    pub status: WashStatus,
    /// When it was received.
    pub washed_at: DateTime<Utc>,
}

/// Whether a country's numbers must be washed before use on a channel (DNC-4, DNC-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisterPolicy {
    /// Nothing goes out without a fresh, clear answer.
    Required,
    /// The register is not asked.
    NotRequired,
}

/// The days, counting the day of receipt, on which an AU answer covers calls: D..D+29 (R6).
pub const AU_WASH_COVERS_DAYS: i64 = 30;
/// The age in days beyond which the US federal copy blocks calls (R19).
pub const US_COPY_MAX_AGE_DAYS: i64 = 31;
/// The age in days beyond which a Singapore answer is stale (R20).
pub const SG_RESULT_MAX_AGE_DAYS: i64 = 21;
/// A number with a touch due soon is washed again once its answer is older than this (DNC-2).
pub const REWASH_BEFORE_USE_DAYS: i64 = 25;
/// A touch within this many days is due soon (DNC-2).
pub const REWASH_LOOKAHEAD_DAYS: i64 = 3;
/// Every number is washed again once its answer is older than this, the quarterly re-wash (DNC-2, SM-002).
pub const REWASH_ALWAYS_DAYS: i64 = 90;

/// What a wash result means for a touch on a given day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The touch may go on.
    Clear,
    /// The number is listed.
    Listed,
    /// The number is not a real one.
    Invalid,
    /// There is no answer, or it is too old.
    Stale,
}

/// Whether the platform's default demands the register for `country` on `channel`. The law covers calls; SMS is
/// the platform's stricter default (DNC-4, R8). A country without a built register demands it for voice, so that
/// nothing goes out there (DNC-5).
#[must_use]
pub fn default_policy(country: Country, channel: Channel) -> RegisterPolicy {
    match channel {
        Channel::Voice => RegisterPolicy::Required,
        Channel::Sms if country == Country::AU => RegisterPolicy::Required,
        Channel::Sms | Channel::Email | Channel::Linkedin | Channel::Mail => {
            RegisterPolicy::NotRequired
        }
    }
}

/// The policy that holds for a tenant: the platform's, unless the tenant has its `own`. No tenant loosens the law on
/// calls (DNC-4, DNC-5).
#[must_use]
pub fn policy(
    country: Country,
    channel: Channel,
    own: &BTreeMap<Channel, RegisterPolicy>,
) -> RegisterPolicy {
    let platform = default_policy(country, channel);
    match channel {
        Channel::Voice => platform,
        Channel::Sms | Channel::Email | Channel::Linkedin | Channel::Mail => {
            own.get(&channel).copied().unwrap_or(platform)
        }
    }
}

/// The local date on which a register's answer was received: at the register, whose days its age is counted in (R6).
#[must_use]
pub fn received_on(country: Country, at: DateTime<Utc>) -> NaiveDate {
    let utc = at.date_naive();
    match country {
        // Without Sydney in the zone data the date would be UTC's, which is never later: an answer goes stale early.
        Country::AU => "Australia/Sydney"
            .parse()
            .map_or(utc, |zone: Zone| zone.local(at).date()),
        _ => utc,
    }
}

/// The standing of a number on `today` (the register's own local date), given the answer and the local date on which it
/// was received.
#[must_use]
pub fn standing(
    country: Country,
    answer: Option<(WashStatus, NaiveDate)>,
    today: NaiveDate,
) -> Standing {
    let Some((status, received)) = answer else {
        return Standing::Stale;
    };
    match status {
        WashStatus::Listed => Standing::Listed,
        WashStatus::Invalid => Standing::Invalid,
        WashStatus::Clear => {
            let age = (today - received).num_days();
            let fresh = match country {
                Country::US => (0..=US_COPY_MAX_AGE_DAYS).contains(&age),
                Country::SG => (0..=SG_RESULT_MAX_AGE_DAYS).contains(&age),
                _ => (0..AU_WASH_COVERS_DAYS).contains(&age),
            };
            if fresh {
                Standing::Clear
            } else {
                Standing::Stale
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn r6_an_australian_answer_covers_thirty_days_counting_its_own() {
        let at = |today| {
            standing(
                Country::AU,
                Some((WashStatus::Clear, day("2027-06-01"))),
                day(today),
            )
        };
        assert_eq!(at("2027-06-01"), Standing::Clear);
        assert_eq!(at("2027-06-30"), Standing::Clear);
        assert_eq!(at("2027-07-01"), Standing::Stale);
        assert_eq!(at("2027-05-31"), Standing::Stale);
    }

    #[test]
    fn r19_and_r20_other_registers_go_stale_by_their_own_ages() {
        let at = |country, today| {
            standing(
                country,
                Some((WashStatus::Clear, day("2027-06-01"))),
                day(today),
            )
        };
        assert_eq!(at(Country::US, "2027-07-02"), Standing::Clear);
        assert_eq!(at(Country::US, "2027-07-03"), Standing::Stale);
        assert_eq!(at(Country::SG, "2027-06-22"), Standing::Clear);
        assert_eq!(at(Country::SG, "2027-06-23"), Standing::Stale);
    }

    #[test]
    fn dnc_3_no_answer_is_never_assumed_clear() {
        assert_eq!(
            standing(Country::AU, None, day("2027-06-01")),
            Standing::Stale
        );
    }

    #[test]
    fn dnc_4_texts_to_australia_need_the_register_by_default() {
        for channel in [Channel::Voice, Channel::Sms] {
            assert_eq!(
                default_policy(Country::AU, channel),
                RegisterPolicy::Required
            );
        }
        assert_eq!(
            default_policy(Country::AU, Channel::Email),
            RegisterPolicy::NotRequired
        );
    }

    #[test]
    fn r6_an_answer_is_received_on_the_registers_own_date() {
        let evening = "2027-06-01T20:00:00Z".parse().unwrap();
        assert_eq!(received_on(Country::AU, evening), day("2027-06-02"));
        assert_eq!(received_on(Country::US, evening), day("2027-06-01"));
    }

    #[test]
    fn dnc_4_a_tenant_may_loosen_the_register_for_texts_and_not_for_calls() {
        let own = [Channel::Sms, Channel::Voice]
            .map(|channel| (channel, RegisterPolicy::NotRequired))
            .into();
        let policy = |channel| policy(Country::AU, channel, &own);
        assert_eq!(policy(Channel::Sms), RegisterPolicy::NotRequired);
        assert_eq!(policy(Channel::Voice), RegisterPolicy::Required);
    }

    #[test]
    fn dnc_5_voice_needs_a_register_everywhere() {
        assert_eq!(
            default_policy("FR".parse().unwrap(), Channel::Voice),
            RegisterPolicy::Required
        );
        assert_eq!(
            default_policy(Country::US, Channel::Sms),
            RegisterPolicy::NotRequired
        );
    }
}
