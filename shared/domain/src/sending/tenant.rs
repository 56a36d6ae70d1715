//! A tenant: tier, subscription, defaults (TEN-4, GATE-2).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::{consent::Basis, register::RegisterPolicy};
use crate::{calendar::Zone, channel::Channel, country::Country, ids::TenantId, money::Micros};

/// A tenant's tier (TEN-4).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum Tier {
    /// The entry tier.
    Ignition,
    /// The middle tier.
    Velocity,
    /// The top tier.
    Dominance,
}

/// What a tier includes (TEN-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Allowance {
    /// Price a month in whole AUD.
    pub aud_per_month: u32,
    /// Leads a month; a sourced lead costs one credit (TEN-5).
    pub leads_per_month: u32,
    /// E-mail domains.
    pub domains: u32,
    /// Mailboxes, two on each domain.
    pub mailboxes: u32,
    /// Phone numbers.
    pub phone_numbers: u32,
    /// LinkedIn seats.
    pub linkedin_seats: u32,
    /// Most personas.
    pub personas: u32,
}

impl Tier {
    /// The allowance of the tier.
    #[must_use]
    pub fn allowance(self) -> Allowance {
        let (aud_per_month, leads_per_month, domains, phone_numbers, linkedin_seats, personas) =
            match self {
                Self::Ignition => (2_500, 1_250, 3, 1, 4, 3),
                Self::Velocity => (5_000, 2_250, 5, 2, 7, 4),
                Self::Dominance => (7_500, 4_500, 9, 3, 14, 6),
            };
        Allowance {
            aud_per_month,
            leads_per_month,
            domains,
            mailboxes: 2 * domains,
            phone_numbers,
            linkedin_seats,
            personas,
        }
    }
}

/// The state of a tenant's subscription, in Stripe's words.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Subscription {
    /// Paid.
    Active,
    /// In a trial period.
    Trialing,
    /// Payment is late.
    PastDue,
    /// Payment failed for good.
    Unpaid,
    /// Cancelled.
    Canceled,
    /// Paused at Stripe.
    Paused,
}

impl Subscription {
    /// Whether touches may go out (GATE-2).
    #[must_use]
    pub fn allows_sending(self) -> bool {
        matches!(self, Self::Active | Self::Trialing)
    }
}

/// A tenant's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tenant {
    /// The id.
    pub id: TenantId,
    /// The display name.
    pub name: String,
    /// The tier.
    pub tier: Tier,
    /// The state of its subscription.
    pub subscription: Subscription,
    /// Manual mode: nothing goes out automatically (GATE-2).
    #[serde(default)]
    pub manual_mode: bool,
    /// Its own time zone, the last resort of WIN-3.
    pub zone: Zone,
    /// The country of its market, the default region for phone numbers.
    pub country: Country,
    /// The consent that it attests for the leads it uploads; none means that none is on record (R10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attested_consent: Option<Basis>,
    /// The tenant's register policy by channel, where it differs from the platform's (DNC-4). Never looser for voice.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub register_policy: BTreeMap<Channel, RegisterPolicy>,
    /// The spending limit for a month (COST-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_budget: Option<Micros>,
}

impl Tenant {
    /// A paying tenant of the entry tier, with nothing but what every tenant has.
    #[must_use]
    pub fn new(id: TenantId, name: String, country: Country, zone: Zone) -> Self {
        Self {
            id,
            name,
            tier: Tier::Ignition,
            subscription: Subscription::Active,
            manual_mode: false,
            zone,
            country,
            attested_consent: None,
            register_policy: BTreeMap::new(),
            monthly_budget: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_4_tiers_include_what_the_price_list_says() {
        let ignition = Tier::Ignition.allowance();
        assert_eq!(
            (
                ignition.leads_per_month,
                ignition.domains,
                ignition.mailboxes
            ),
            (1_250, 3, 6)
        );
        let dominance = Tier::Dominance.allowance();
        assert_eq!(
            (
                dominance.aud_per_month,
                dominance.mailboxes,
                dominance.linkedin_seats
            ),
            (7_500, 18, 14)
        );
    }

    #[test]
    fn gate_2_only_active_and_trialing_subscriptions_send() {
        assert!(Subscription::Trialing.allows_sending());
        for status in [
            Subscription::PastDue,
            Subscription::Unpaid,
            Subscription::Canceled,
            Subscription::Paused,
        ] {
            assert!(!status.allows_sending());
        }
    }
}
