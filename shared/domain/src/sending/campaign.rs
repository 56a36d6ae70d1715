//! Campaigns: a sequence, its templates, its state and its budget (SEQ-1, SEQ-5, COST-1).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use super::sequence::Sequence;
use crate::{
    channel::Channel,
    ids::{CampaignId, TenantId},
    money::Micros,
};

/// The state of a campaign (SEQ-5).
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
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CampaignStatus {
    /// Being written.
    Draft,
    /// Starts by itself at its start time.
    Scheduled,
    /// Sending.
    Active,
    /// Paused by an operator; touches that are queued already are deferred.
    Paused,
    /// Finished.
    Completed,
}

/// The words of one message, before the variables are filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageTemplate {
    /// Subject line; only e-mail has one, and a follow-up in a thread keeps the first one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Body text.
    pub body: String,
}

/// A campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// The id.
    pub id: CampaignId,
    /// The tenant.
    pub tenant: TenantId,
    /// The display name.
    pub name: String,
    /// The state.
    pub status: CampaignStatus,
    /// The start time; nothing is due earlier.
    pub starts_at: DateTime<Utc>,
    /// The sequence.
    pub sequence: Sequence,
    /// Templates by [`template_key`].
    pub templates: BTreeMap<String, MessageTemplate>,
    /// The spending limit (COST-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Micros>,
}

/// The name of the template for the `ordinal`th message (from 0) that a lead gets on `channel`.
#[must_use]
pub fn template_key(channel: Channel, ordinal: usize) -> String {
    format!("{channel}_{}", ordinal + 1)
}

impl Campaign {
    /// A draft with the default sequence and words, and without a budget.
    #[must_use]
    pub fn new(tenant: TenantId, id: CampaignId, name: String, starts_at: DateTime<Utc>) -> Self {
        Self {
            id,
            tenant,
            name,
            status: CampaignStatus::Draft,
            starts_at,
            sequence: Sequence::default(),
            templates: default_templates(),
            budget: None,
        }
    }

    /// The template for the `ordinal`th message on `channel`; past the last one, the last one again, so that a
    /// fallback never leaves a step without words.
    #[must_use]
    pub fn template(&self, channel: Channel, ordinal: usize) -> Option<&MessageTemplate> {
        (0..=ordinal)
            .rev()
            .find_map(|n| self.templates.get(&template_key(channel, n)))
    }
}

/// The templates that a new campaign starts with.
#[must_use]
pub fn default_templates() -> BTreeMap<String, MessageTemplate> {
    let email = |subject: &str, body: &str| MessageTemplate {
        subject: Some(subject.into()),
        body: body.into(),
    };
    BTreeMap::from([
        (
            template_key(Channel::Email, 0),
            email(
                "A question about {{ company }}",
                "Hi {{ first_name }},\n\nI work with teams like {{ company }} on how they find and win new clients, \
                 and thought of you because of your role there.\n\nWould a short call next week be of any use to \
                 you?",
            ),
        ),
        (
            template_key(Channel::Email, 1),
            email(
                "A question about {{ company }}",
                "Hi {{ first_name }},\n\nA quick follow-up to my note. The teams we work with usually start small: \
                 one list, one month, and a clear count of what came of it.\n\nIs that worth fifteen minutes?",
            ),
        ),
        (
            template_key(Channel::Email, 2),
            email(
                "A question about {{ company }}",
                "Hi {{ first_name }},\n\nI don't want to fill your inbox, so this is my last note for now. If the \
                 timing is wrong, just say so, and if somebody else at {{ company }} looks after this, I'd be \
                 glad of a name.",
            ),
        ),
        (
            template_key(Channel::Sms, 0),
            MessageTemplate {
                subject: None,
                body: "Hi {{ first_name }}, {{ sender_first_name }} from {{ sender_company }}. Did my e-mail reach \
                       you? Happy to call when it suits."
                    .into(),
            },
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fallback_past_the_last_template_gets_the_last_one() {
        let (tenant, id) = ("acme".parse().unwrap(), "c1".parse().unwrap());
        let campaign = Campaign::new(tenant, id, "C".into(), DateTime::UNIX_EPOCH);
        let body = |n| campaign.template(Channel::Email, n).unwrap().body.clone();
        assert_ne!(body(0), body(1));
        assert_eq!(body(2), body(7));
        assert!(campaign.template(Channel::Voice, 0).is_none());
    }
}
