//! Consent: what a jurisdiction demands for a channel, and whether what is on record satisfies it (GATE-5, R7,
//! R10, R18). Refuses whenever the record is incomplete.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{channel::Channel, country::Country};

/// Express consent without a stated period lapses this many months after the day it was given (R7).
pub const EXPRESS_LAPSES_MONTHS: u32 = 3;

/// The basis of a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum Basis {
    /// Given in so many words.
    Express {
        /// The last day it covers, if it states one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
    },
    /// Prior express written consent to automated marketing calls and texts (R18).
    ExpressWritten,
    /// Inferred from conduct and a business or other relationship.
    Inferred,
    /// A conspicuously published work address (R10); every part must be on record.
    Published {
        /// The role that the address belongs to.
        role: String,
        /// The page that publishes it.
        source_url: String,
        /// No "no commercial messages" notice stands beside it.
        no_notice: bool,
        /// The message is relevant to the role.
        relevant: bool,
    },
}

/// One consent on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The day it was given or established.
    pub given_on: NaiveDate,
    /// The basis.
    #[serde(flatten)]
    pub basis: Basis,
}

/// What a jurisdiction demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// No prior consent.
    None,
    /// Express, inferred or published.
    Any,
    /// Prior express written consent.
    Written,
}

/// The consent demanded for `channel` in `country`. Where the law is not known here, electronic messages demand
/// some consent and automated calls a written one.
#[must_use]
pub fn demanded(country: Country, channel: Channel) -> Demand {
    match (channel, country) {
        // CAN-SPAM needs no prior consent; post and LinkedIn's own network are not electronic messages here.
        (Channel::Mail | Channel::Linkedin, _) | (Channel::Email, Country::US) => Demand::None,
        // Australian calls rest on the register, not on consent (R6, R8).
        (Channel::Voice, Country::AU) => Demand::None,
        (Channel::Sms | Channel::Voice, Country::US) | (Channel::Voice, _) => Demand::Written,
        (Channel::Email | Channel::Sms, _) => Demand::Any,
    }
}

/// Whether `consent` satisfies `demand` on `today`, the recipient's local date.
#[must_use]
pub fn satisfies(consent: Option<&Consent>, demand: Demand, today: NaiveDate) -> bool {
    match demand {
        Demand::None => true,
        Demand::Any => consent.is_some_and(|c| is_valid(c, today)),
        Demand::Written => {
            consent.is_some_and(|c| c.basis == Basis::ExpressWritten && c.given_on <= today)
        }
    }
}

/// Whether `consent` may stand in for the register on a call: express and not lapsed (R6, R7).
#[must_use]
pub fn overrides_register(consent: Option<&Consent>, today: NaiveDate) -> bool {
    consent.is_some_and(|c| match c.basis {
        Basis::Express { .. } | Basis::ExpressWritten => is_valid(c, today) && !lapsed(c, today),
        Basis::Inferred | Basis::Published { .. } => false,
    })
}

fn is_valid(consent: &Consent, today: NaiveDate) -> bool {
    consent.given_on <= today
        && match &consent.basis {
            Basis::Express { until } => until.is_none_or(|last| today <= last),
            Basis::ExpressWritten | Basis::Inferred => true,
            Basis::Published {
                role,
                source_url,
                no_notice,
                relevant,
            } => !role.is_empty() && !source_url.is_empty() && *no_notice && *relevant,
        }
}

fn lapsed(consent: &Consent, today: NaiveDate) -> bool {
    let stated = matches!(consent.basis, Basis::Express { until: Some(_) });
    !stated
        && consent
            .given_on
            .checked_add_months(Months::new(EXPRESS_LAPSES_MONTHS))
            .is_some_and(|end| today > end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn consent(basis: Basis) -> Consent {
        Consent {
            given_on: day("2026-01-15"),
            basis,
        }
    }

    #[test]
    fn r7_express_consent_without_a_period_lapses_after_three_months() {
        let express = consent(Basis::Express { until: None });
        assert!(overrides_register(Some(&express), day("2026-04-15")));
        assert!(!overrides_register(Some(&express), day("2026-04-16")));
        let inferred = consent(Basis::Inferred);
        assert!(!overrides_register(Some(&inferred), day("2026-01-16")));
    }

    #[test]
    fn r10_published_consent_needs_every_part_on_record() {
        let published = |source_url: &str, no_notice, relevant| {
            consent(Basis::Published {
                role: "owner".into(),
                source_url: source_url.into(),
                no_notice,
                relevant,
            })
        };
        let ok = |c: &Consent| {
            satisfies(
                Some(c),
                demanded(Country::AU, Channel::Email),
                day("2026-02-01"),
            )
        };
        assert!(ok(&published("https://example.com", true, true)));
        assert!(!ok(&published("", true, true)));
        assert!(!ok(&published("https://example.com", false, true)));
        assert!(!ok(&published("https://example.com", true, false)));
    }

    #[test]
    fn r18_us_calls_and_texts_demand_written_consent() {
        let today = day("2026-02-01");
        for channel in [Channel::Voice, Channel::Sms] {
            let demand = demanded(Country::US, channel);
            assert!(!satisfies(None, demand, today));
            assert!(!satisfies(Some(&consent(Basis::Inferred)), demand, today));
            assert!(satisfies(
                Some(&consent(Basis::ExpressWritten)),
                demand,
                today
            ));
        }
        assert!(satisfies(
            None,
            demanded(Country::US, Channel::Email),
            today
        ));
    }
}
