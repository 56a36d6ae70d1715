//! How much a resource may send in a day: full limits, warm-up, health, and the reserve for answers (LIM-1, HEALTH-1).
//! The day is the resource's own local date.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr};

use super::resource::{Reputation, Resource, ResourceKind};
use crate::channel::Channel;

/// Warm-up of an e-mail domain: (first day, limit).
const EMAIL_DOMAIN_WARM_UP: &[(i64, u32)] = &[(1, 5), (4, 10), (8, 20), (15, 35), (22, 50)];
/// Warm-up of a phone number for voice (VO-008).
const VOICE_WARM_UP: &[(i64, u32)] = &[(1, 20), (3, 30), (5, 40), (7, 50)];
/// Warm-up of a LinkedIn seat's connection requests (LI-005).
const LINKEDIN_WARM_UP: &[(i64, u32)] = &[(1, 5), (4, 10), (8, 15), (12, 20)];
/// A mailbox's daily limit.
pub const MAILBOX_PER_DAY: u32 = 100;
/// A tenant's e-mails a day.
pub const TENANT_EMAIL_PER_DAY: u32 = 200;
/// A number's text messages a day.
pub const SMS_PER_DAY: u32 = 100;
/// A tenant's text messages a day.
pub const TENANT_SMS_PER_DAY: u32 = 200;
/// Most text messages of a number in a minute (SEQ-4).
pub const SMS_PER_MINUTE: u32 = 20;
/// Daily limit of an e-mail domain in the warning state (ED-005).
pub const EMAIL_WARNING_PER_DAY: u32 = 35;
/// The share of a domain's limit that is kept for answers, in per cent (LIM-1).
pub const ANSWER_RESERVE_PERCENT: u32 = 10;
/// With fewer messages in 30 days a single bounce would decide, so health is not judged yet.
pub const HEALTH_MIN_SAMPLE: u32 = 50;

/// The state of a sending domain (ED-004).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Health {
    /// Bounces under 2 % and complaints under 0.05 %.
    Good,
    /// Bounces up to 5 % or complaints up to 0.1 %.
    Warning,
    /// Bounces or complaints above: nothing goes out, operators are alerted.
    Critical,
}

impl Reputation {
    /// The health for these 30 days (ED-004). Shares are compared as products, without rounding.
    #[must_use]
    pub fn health(&self) -> Health {
        if self.sent < HEALTH_MIN_SAMPLE {
            return Health::Good;
        }
        let (sent, bounced, complained) = (
            u64::from(self.sent),
            u64::from(self.bounced),
            u64::from(self.complained),
        );
        if bounced * 100 > sent * 5 || complained * 1_000 > sent {
            Health::Critical
        } else if bounced * 100 >= sent * 2 || complained * 2_000 >= sent {
            Health::Warning
        } else {
            Health::Good
        }
    }
}

/// The use of a unit of capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// A step of a sequence or a follow-up.
    Outreach,
    /// An answer to a reply; may draw on the reserve.
    Answer,
}

fn warmed(steps: &[(i64, u32)], started: NaiveDate, today: NaiveDate) -> u32 {
    let day = (today - started).num_days() + 1;
    steps
        .iter()
        .rev()
        .find(|(first, _)| day >= *first)
        .map_or(0, |(_, limit)| *limit)
}

/// The most that `resource` may send on `channel` on `today`, its local date.
#[must_use]
pub fn per_day(resource: &Resource, channel: Channel, today: NaiveDate, wanted_for: Use) -> u32 {
    let warm = |steps| warmed(steps, resource.warm_up_started, today);
    match channel {
        Channel::Email => match resource.kind {
            ResourceKind::EmailDomain => domain_per_day(resource, today, wanted_for),
            ResourceKind::Mailbox => MAILBOX_PER_DAY,
            ResourceKind::PhoneNumber | ResourceKind::LinkedinSeat => 0,
        },
        Channel::Sms if resource.kind == ResourceKind::PhoneNumber => SMS_PER_DAY,
        Channel::Voice if resource.kind == ResourceKind::PhoneNumber => warm(VOICE_WARM_UP),
        Channel::Linkedin if resource.kind == ResourceKind::LinkedinSeat => warm(LINKEDIN_WARM_UP),
        Channel::Sms | Channel::Voice | Channel::Linkedin | Channel::Mail => 0,
    }
}

/// A domain's limit after its warm-up and its health, less what is kept for answers (ED-005, LIM-1).
fn domain_per_day(domain: &Resource, today: NaiveDate, wanted_for: Use) -> u32 {
    let warm = warmed(EMAIL_DOMAIN_WARM_UP, domain.warm_up_started, today);
    let limit = match domain.reputation.health() {
        Health::Good => warm,
        Health::Warning => warm.min(EMAIL_WARNING_PER_DAY),
        Health::Critical => 0,
    };
    match wanted_for {
        Use::Answer => limit,
        Use::Outreach => limit - (limit * ANSWER_RESERVE_PERCENT).div_ceil(100),
    }
}

/// The most that one tenant may send on `channel` in a day, over all its resources; `None` where there is no such
/// limit.
#[must_use]
pub fn per_tenant_day(channel: Channel) -> Option<u32> {
    match channel {
        Channel::Email => Some(TENANT_EMAIL_PER_DAY),
        Channel::Sms => Some(TENANT_SMS_PER_DAY),
        Channel::Voice | Channel::Linkedin | Channel::Mail => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{events::Provider, sending::resource::ResourceStatus};

    fn resource(kind: ResourceKind, reputation: Reputation) -> Resource {
        Resource {
            id: "r1".parse().unwrap(),
            kind,
            status: ResourceStatus::Assigned,
            tenant: None,
            persona: None,
            address: "x".into(),
            domain: None,
            provider: Provider::Resend,
            zone: "America/Vancouver".parse().unwrap(),
            warm_up_started: "2026-11-01".parse().unwrap(),
            reputation,
        }
    }

    fn on_day(kind: ResourceKind, channel: Channel, day: i64) -> u32 {
        let resource = resource(kind, Reputation::default());
        let today = resource.warm_up_started + chrono::Days::new(u64::try_from(day - 1).unwrap());
        per_day(&resource, channel, today, Use::Answer)
    }

    #[test]
    fn every_warm_up_follows_its_table() {
        let email: Vec<u32> = [1, 3, 4, 7, 8, 14, 15, 21, 22, 400]
            .map(|d| on_day(ResourceKind::EmailDomain, Channel::Email, d))
            .into();
        assert_eq!(email, [5, 5, 10, 10, 20, 20, 35, 35, 50, 50]);
        let voice: Vec<u32> = [1, 2, 3, 4, 5, 6, 7]
            .map(|d| on_day(ResourceKind::PhoneNumber, Channel::Voice, d))
            .into();
        assert_eq!(voice, [20, 20, 30, 30, 40, 40, 50], "VO-008");
        let seats: Vec<u32> = [1, 3, 4, 7, 8, 11, 12]
            .map(|d| on_day(ResourceKind::LinkedinSeat, Channel::Linkedin, d))
            .into();
        assert_eq!(seats, [5, 5, 10, 10, 15, 15, 20], "LI-005");
    }

    #[test]
    fn a_day_of_limits_is_counted_by_the_zone_data_of_today() {
        // British Columbia keeps its summer time since 2026; data of 2025 has midnight an hour later.
        let mailbox = resource(ResourceKind::Mailbox, Reputation::default());
        let date = |at: &str| mailbox.local_date(at.parse().unwrap()).to_string();
        assert_eq!(date("2026-12-02T06:59:59Z"), "2026-12-01");
        assert_eq!(date("2026-12-02T07:00:00Z"), "2026-12-02");
    }

    #[test]
    fn lim_1_outreach_leaves_a_tenth_of_the_domain_for_answers() {
        let domain = resource(ResourceKind::EmailDomain, Reputation::default());
        let today = "2027-01-01".parse().unwrap();
        assert_eq!(per_day(&domain, Channel::Email, today, Use::Outreach), 45);
        assert_eq!(per_day(&domain, Channel::Email, today, Use::Answer), 50);
    }

    #[test]
    fn ed_004_and_ed_005_health_reduces_or_stops_a_domain() {
        let today = "2027-01-01".parse().unwrap();
        let at = |sent, bounced, complained| {
            let domain = resource(
                ResourceKind::EmailDomain,
                Reputation {
                    sent,
                    bounced,
                    complained,
                },
            );
            per_day(&domain, Channel::Email, today, Use::Answer)
        };
        assert_eq!(at(1_000, 19, 0), 50);
        assert_eq!(at(1_000, 20, 0), 35);
        assert_eq!(at(1_000, 50, 0), 35);
        assert_eq!(at(1_000, 51, 0), 0);
        assert_eq!(at(10_000, 0, 5), 35);
        assert_eq!(at(10_000, 0, 10), 35);
        assert_eq!(at(10_000, 0, 11), 0);
        assert_eq!(at(HEALTH_MIN_SAMPLE - 1, 5, 0), 50);
    }
}
