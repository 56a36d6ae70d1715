//! The lead score, 0..=100, with the points that it is made of (ALS-1).
//! A fact that is not known earns nothing; only what is known counts against a lead, save a company that no ranking knows.

use serde::{Deserialize, Serialize};

pub use super::tier::{Tier, allowed_channels, allows};
use crate::import::titles::Role;

/// Highest score (ALS-1).
pub const MAX_SCORE: u8 = 100;

/// Points for data quality (ALS-1), 20 in all.
mod data_quality {
    pub(super) const VERIFIED_EMAIL: u8 = 8;
    pub(super) const PHONE: u8 = 6;
    pub(super) const LINKEDIN: u8 = 4;
    pub(super) const PERSONAL_EMAIL: u8 = 2;
}

/// Points for company fit (ALS-1), 25 in all.
mod company_fit {
    use std::ops::RangeInclusive;

    pub(super) const INDUSTRY_MATCH: u8 = 10;
    pub(super) const RIGHT_SIZE: u8 = 5;
    pub(super) const RIGHT_SIZE_EMPLOYEES: RangeInclusive<u32> = 5..=50;
    pub(super) const HOME_COUNTRY: u8 = 5;
    pub(super) const MAX_DOMAIN_RANK: u8 = 2;
    pub(super) const MAX_TRAFFIC: u8 = 2;
    pub(super) const KEYWORDS: u8 = 1;
    /// Ours: a domain rank (0..=1000) from here on earns both points; any rank above 0 earns one.
    pub(super) const HIGH_DOMAIN_RANK: u32 = 200;
    /// Ours: monthly organic visits from here on earn both points; any above 0 earn one.
    pub(super) const HIGH_TRAFFIC: u32 = 500;
}

/// Points for timing (ALS-1), 15 in all.
mod timing {
    pub(super) const NEW_ROLE: u8 = 6;
    pub(super) const NEW_ROLE_BELOW_MONTHS: u32 = 6;
    pub(super) const HIRING: u8 = 5;
    pub(super) const FUNDED: u8 = 4;
    pub(super) const FUNDED_BELOW_MONTHS: u32 = 12;
}

/// Points for the absence of risk, and what each risk takes off them (ALS-1).
mod risk {
    pub(super) const BASE: u8 = 15;
    pub(super) const BOUNCED: u8 = 8;
    pub(super) const UNSUBSCRIBED: u8 = 15;
    pub(super) const COMPETITOR: u8 = 10;
    pub(super) const IRRELEVANT_TITLE: u8 = 5;
    pub(super) const NO_DOMAIN_RANK: u8 = 5;
    pub(super) const NO_TRAFFIC: u8 = 3;
    pub(super) const SPAM: u8 = 3;
    pub(super) const SPAM_ABOVE: u8 = 50;
}

/// What a lead's own doing adds or takes (ALS-1).
mod engagement {
    pub(super) const CALLED_BACK: i16 = 100;
    pub(super) const EMAIL_CAPTURED: i16 = 50;
    pub(super) const INTERESTED: i16 = 25;
    pub(super) const NOT_INTERESTED: i16 = -50;
}

/// What is known of a lead. `None` and `false` mean that it is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScoreInput {
    /// The e-mail address was verified.
    pub email_verified: bool,
    /// There is a phone number.
    pub has_phone: bool,
    /// There is a `LinkedIn` profile.
    pub has_linkedin: bool,
    /// A private e-mail address is known as well.
    pub has_personal_email: bool,
    /// The rank that the title names (HUB-6).
    pub role: Role,
    /// The industry is one that the campaign targets.
    pub industry_match: bool,
    /// Number of employees.
    pub employees: Option<u32>,
    /// The company is in the tenant's home country.
    pub in_home_country: bool,
    /// Rank of the company's domain, 0..=1000, higher is better.
    pub domain_rank: Option<u32>,
    /// Organic visits of the domain a month.
    pub organic_traffic: Option<u32>,
    /// Number of keywords for which the domain is found.
    pub keywords: Option<u32>,
    /// Full months in the present role.
    pub months_in_role: Option<u32>,
    /// The company is hiring.
    pub hiring: bool,
    /// Full months since the company was last funded.
    pub months_since_funding: Option<u32>,
    /// A message to the e-mail address bounced.
    pub bounced: bool,
    /// The lead unsubscribed.
    pub unsubscribed: bool,
    /// The company competes with the tenant.
    pub competitor: bool,
    /// The title is one that the campaign does not want.
    pub irrelevant_title: bool,
    /// Spam score of the domain, 0..=100, higher is worse.
    pub spam_score: Option<u8>,
    /// What the lead did so far.
    pub engagement: Engagement,
}

impl Default for ScoreInput {
    fn default() -> Self {
        Self {
            email_verified: false,
            has_phone: false,
            has_linkedin: false,
            has_personal_email: false,
            role: Role::Other,
            industry_match: false,
            employees: None,
            in_home_country: false,
            domain_rank: None,
            organic_traffic: None,
            keywords: None,
            months_in_role: None,
            hiring: false,
            months_since_funding: None,
            bounced: false,
            unsubscribed: false,
            competitor: false,
            irrelevant_title: false,
            spam_score: None,
            engagement: Engagement::default(),
        }
    }
}

/// What a lead did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Engagement {
    /// Called us back.
    pub called_back: bool,
    /// Gave an e-mail address, on a call for example.
    pub email_captured: bool,
    /// Answered with interest.
    pub interested: bool,
    /// Answered without interest.
    pub not_interested: bool,
    /// Opted out on any channel.
    pub opted_out: bool,
}

impl Engagement {
    /// `score` as it stands after what the lead did (ALS-1): 0 once it opted out.
    #[must_use]
    pub fn applied_to(self, score: u8) -> u8 {
        if self.opted_out {
            return 0;
        }
        let sum = i16::from(score) + engagement_of(self);
        u8::try_from(sum.clamp(0, i16::from(MAX_SCORE))).unwrap_or(MAX_SCORE)
    }
}

/// A lead score and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The score, 0..=100.
    pub total: u8,
    /// The tier that the score is in.
    pub tier: Tier,
    /// Points for data quality, 0..=20.
    pub data_quality: u8,
    /// Points for authority, 3..=25.
    pub authority: u8,
    /// Points for company fit, 0..=25.
    pub company_fit: u8,
    /// Points for timing, 0..=15.
    pub timing: u8,
    /// Points left after the risks, 0..=15.
    pub risk: u8,
    /// What the lead's own doing adds, below 0 if it takes.
    pub engagement: i16,
    /// The lead must not be contacted, whatever its points: it unsubscribed or opted out. `total` is then 0.
    pub excluded: bool,
}

impl Score {
    /// The score of a lead (ALS-1).
    #[must_use]
    pub fn of(input: &ScoreInput) -> Self {
        let data_quality = data_quality_of(input);
        let authority = input.role.authority();
        let company_fit = company_fit_of(input);
        let timing = timing_of(input);
        let risk = risk_of(input);
        let engagement = engagement_of(input.engagement);
        let excluded = input.unsubscribed || input.engagement.opted_out;
        let sum = [data_quality, authority, company_fit, timing, risk]
            .into_iter()
            .map(i16::from)
            .sum::<i16>()
            + engagement;
        let clamped = sum.clamp(0, i16::from(MAX_SCORE));
        let total = if excluded {
            0
        } else {
            u8::try_from(clamped).unwrap_or(MAX_SCORE)
        };
        Self {
            total,
            tier: Tier::of(total),
            data_quality,
            authority,
            company_fit,
            timing,
            risk,
            engagement,
            excluded,
        }
    }
}

fn data_quality_of(input: &ScoreInput) -> u8 {
    points(input.email_verified, data_quality::VERIFIED_EMAIL)
        + points(input.has_phone, data_quality::PHONE)
        + points(input.has_linkedin, data_quality::LINKEDIN)
        + points(input.has_personal_email, data_quality::PERSONAL_EMAIL)
}

fn company_fit_of(input: &ScoreInput) -> u8 {
    let right_size = |n: u32| company_fit::RIGHT_SIZE_EMPLOYEES.contains(&n);
    points(input.industry_match, company_fit::INDUSTRY_MATCH)
        + points(
            input.employees.is_some_and(right_size),
            company_fit::RIGHT_SIZE,
        )
        + points(input.in_home_country, company_fit::HOME_COUNTRY)
        + graded(
            input.domain_rank,
            company_fit::HIGH_DOMAIN_RANK,
            company_fit::MAX_DOMAIN_RANK,
        )
        + graded(
            input.organic_traffic,
            company_fit::HIGH_TRAFFIC,
            company_fit::MAX_TRAFFIC,
        )
        + points(is_some(input.keywords), company_fit::KEYWORDS)
}

fn timing_of(input: &ScoreInput) -> u8 {
    let below = |months: Option<u32>, limit| months.is_some_and(|m| m < limit);
    points(
        below(input.months_in_role, timing::NEW_ROLE_BELOW_MONTHS),
        timing::NEW_ROLE,
    ) + points(input.hiring, timing::HIRING)
        + points(
            below(input.months_since_funding, timing::FUNDED_BELOW_MONTHS),
            timing::FUNDED,
        )
}

fn risk_of(input: &ScoreInput) -> u8 {
    let spam = input.spam_score.is_some_and(|s| s > risk::SPAM_ABOVE);
    let taken = points(input.bounced, risk::BOUNCED)
        + points(input.unsubscribed, risk::UNSUBSCRIBED)
        + points(input.competitor, risk::COMPETITOR)
        + points(input.irrelevant_title, risk::IRRELEVANT_TITLE)
        + points(!is_some(input.domain_rank), risk::NO_DOMAIN_RANK)
        + points(!is_some(input.organic_traffic), risk::NO_TRAFFIC)
        + points(spam, risk::SPAM);
    risk::BASE.saturating_sub(taken)
}

fn engagement_of(done: Engagement) -> i16 {
    let points = |holds: bool, points| if holds { points } else { 0 };
    points(done.called_back, engagement::CALLED_BACK)
        + points(done.email_captured, engagement::EMAIL_CAPTURED)
        + points(done.interested, engagement::INTERESTED)
        + points(done.not_interested, engagement::NOT_INTERESTED)
}

fn points(holds: bool, points: u8) -> u8 {
    if holds { points } else { 0 }
}

/// All points from `high` on, one for anything above 0.
fn graded(value: Option<u32>, high: u32, max: u8) -> u8 {
    match value {
        Some(value) if value >= high => max,
        value => points(is_some(value), 1),
    }
}

/// Rankings write 0 for a domain that they do not know.
fn is_some(value: Option<u32>) -> bool {
    value.is_some_and(|v| v > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best() -> ScoreInput {
        ScoreInput {
            email_verified: true,
            has_phone: true,
            has_linkedin: true,
            has_personal_email: true,
            role: Role::Owner,
            industry_match: true,
            employees: Some(20),
            in_home_country: true,
            domain_rank: Some(400),
            organic_traffic: Some(9000),
            keywords: Some(12),
            months_in_role: Some(2),
            hiring: true,
            months_since_funding: Some(3),
            ..ScoreInput::default()
        }
    }

    #[test]
    fn every_component_reaches_its_stated_maximum_als_1() {
        let score = Score::of(&best());
        let parts = [
            score.data_quality,
            score.authority,
            score.company_fit,
            score.timing,
            score.risk,
        ];
        assert_eq!(parts, [20, 25, 25, 15, 15]);
        assert_eq!((score.total, score.tier), (100, Tier::Hot));
    }

    #[test]
    fn a_lead_of_whom_nothing_is_known_scores_what_is_left_of_risk_and_authority_als_1() {
        let score = Score::of(&ScoreInput::default());
        assert_eq!((score.authority, score.risk, score.total), (3, 7, 10));
        assert_eq!(score.tier, Tier::Dead);
    }

    #[test]
    fn each_risk_takes_its_points_and_never_more_than_there_are_als_1() {
        let check = |change: fn(&mut ScoreInput), left: u8| {
            let mut input = best();
            change(&mut input);
            assert_eq!(Score::of(&input).risk, left);
        };
        check(|i| i.bounced = true, 7);
        check(|i| i.unsubscribed = true, 0);
        check(|i| i.competitor = true, 5);
        check(|i| i.irrelevant_title = true, 10);
        check(|i| i.domain_rank = None, 10);
        check(|i| i.organic_traffic = Some(0), 12);
        check(|i| i.spam_score = Some(50), 15);
        check(|i| i.spam_score = Some(51), 12);
        check(|i| (i.bounced, i.competitor) = (true, true), 0);
    }

    #[test]
    fn company_size_and_times_count_up_to_their_limits_als_1() {
        let mut input = best();
        for (employees, fit) in [(4, 20), (5, 25), (50, 25), (51, 20)] {
            input.employees = Some(employees);
            assert_eq!(Score::of(&input).company_fit, fit, "{employees}");
        }
        (input.months_in_role, input.months_since_funding) = (Some(5), Some(11));
        assert_eq!(Score::of(&input).timing, 15);
        (input.months_in_role, input.months_since_funding) = (Some(6), Some(12));
        assert_eq!(Score::of(&input).timing, 5);
    }

    #[test]
    fn engagement_moves_the_score_within_its_bounds_als_1() {
        let mut input = ScoreInput::default();
        let mut total = |engagement: Engagement| {
            input.engagement = engagement;
            Score::of(&input).total
        };
        let none = Engagement::default();
        assert_eq!(
            total(Engagement {
                called_back: true,
                ..none
            }),
            100
        );
        assert_eq!(
            total(Engagement {
                email_captured: true,
                ..none
            }),
            60
        );
        assert_eq!(
            total(Engagement {
                interested: true,
                ..none
            }),
            35
        );
        assert_eq!(
            total(Engagement {
                not_interested: true,
                ..none
            }),
            0
        );
        let both = Engagement {
            called_back: true,
            opted_out: true,
            ..none
        };
        assert_eq!(total(both), 0);
    }

    #[test]
    fn who_unsubscribed_or_opted_out_is_excluded_whatever_the_points_als_1() {
        let mut input = best();
        input.unsubscribed = true;
        let score = Score::of(&input);
        assert!(score.excluded);
        assert_eq!((score.total, score.tier), (0, Tier::Dead));
    }
}
