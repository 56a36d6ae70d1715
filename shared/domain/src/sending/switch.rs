//! Kill switches: platform, tenant, campaign, channel, resource (GATE-1, SEQ-5).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    ids::{CampaignId, ResourceId, TenantId},
};

/// The scope of a switch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum SwitchScope {
    /// Everything, for every tenant.
    Platform,
    /// One channel, for every tenant.
    PlatformChannel(Channel),
    /// Everything of one tenant.
    Tenant(TenantId),
    /// One channel of one tenant.
    TenantChannel(TenantId, Channel),
    /// One campaign.
    Campaign(TenantId, CampaignId),
    /// One sending resource.
    Resource(ResourceId),
}

impl std::fmt::Display for SwitchScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Platform => f.write_str("platform"),
            Self::PlatformChannel(channel) => write!(f, "channel/{channel}"),
            Self::Tenant(tenant) => write!(f, "tenant/{tenant}"),
            Self::TenantChannel(tenant, channel) => write!(f, "tenant/{tenant}/channel/{channel}"),
            Self::Campaign(tenant, campaign) => write!(f, "tenant/{tenant}/campaign/{campaign}"),
            Self::Resource(resource) => write!(f, "resource/{resource}"),
        }
    }
}

/// The text names no switch.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error(
    "'{0}' is not a switch: platform, channel/C, tenant/T, tenant/T/channel/C, tenant/T/campaign/ID or resource/ID"
)]
pub struct SwitchScopeError(String);

impl TryFrom<String> for SwitchScope {
    type Error = SwitchScopeError;

    fn try_from(text: String) -> Result<Self, SwitchScopeError> {
        let parts: Vec<&str> = text.split('/').collect();
        let scope = match parts.as_slice() {
            ["platform"] => Some(Self::Platform),
            ["channel", c] => c.parse().ok().map(Self::PlatformChannel),
            ["tenant", t] => t.parse().ok().map(Self::Tenant),
            ["tenant", t, "channel", c] => t
                .parse()
                .ok()
                .zip(c.parse().ok())
                .map(|(tenant, channel)| Self::TenantChannel(tenant, channel)),
            ["tenant", t, "campaign", c] => t
                .parse()
                .ok()
                .zip(c.parse().ok())
                .map(|(tenant, campaign)| Self::Campaign(tenant, campaign)),
            ["resource", r] => r.parse().ok().map(Self::Resource),
            _ => None,
        };
        scope.ok_or(SwitchScopeError(text))
    }
}

impl From<SwitchScope> for String {
    fn from(scope: SwitchScope) -> Self {
        scope.to_string()
    }
}

/// Who turned a switch on, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchRecord {
    /// When it was turned on.
    pub at: DateTime<Utc>,
    /// Who turned it on.
    pub actor: String,
    /// The reason given.
    pub reason: String,
}

/// The switches that are on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Switches(pub BTreeMap<SwitchScope, SwitchRecord>);

impl Switches {
    /// The switch, if any, that stops a touch of `campaign` on `channel`; resources are asked about one by one.
    #[must_use]
    pub fn stopping(
        &self,
        tenant: &TenantId,
        campaign: &CampaignId,
        channel: Channel,
    ) -> Option<SwitchScope> {
        if self.0.is_empty() {
            return None;
        }
        [
            SwitchScope::Platform,
            SwitchScope::PlatformChannel(channel),
            SwitchScope::Tenant(tenant.clone()),
            SwitchScope::TenantChannel(tenant.clone(), channel),
            SwitchScope::Campaign(tenant.clone(), campaign.clone()),
        ]
        .into_iter()
        .find(|scope| self.0.contains_key(scope))
    }

    /// Whether `resource` is switched off.
    #[must_use]
    pub fn stops_resource(&self, resource: &ResourceId) -> bool {
        !self.0.is_empty()
            && self
                .0
                .contains_key(&SwitchScope::Resource(resource.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_survives_its_text_form() {
        for text in [
            "platform",
            "channel/sms",
            "tenant/acme",
            "tenant/acme/channel/email",
            "tenant/acme/campaign/c1",
            "resource/r1",
        ] {
            let scope = SwitchScope::try_from(text.to_owned()).unwrap();
            assert_eq!(scope.to_string(), text);
        }
        assert!(SwitchScope::try_from("tenant".to_owned()).is_err());
    }

    #[test]
    fn gate_1_a_switch_stops_its_own_scope_and_no_other() {
        let record = SwitchRecord {
            at: DateTime::UNIX_EPOCH,
            actor: "ops".into(),
            reason: "test".into(),
        };
        let on = |text: &str| {
            Switches(
                [(
                    SwitchScope::try_from(text.to_owned()).unwrap(),
                    record.clone(),
                )]
                .into_iter()
                .collect(),
            )
        };
        let (acme, other) = ("acme".parse().unwrap(), "other".parse().unwrap());
        let campaign = "c1".parse().unwrap();
        assert!(
            on("tenant/acme")
                .stopping(&acme, &campaign, Channel::Sms)
                .is_some()
        );
        assert!(
            on("tenant/acme")
                .stopping(&other, &campaign, Channel::Sms)
                .is_none()
        );
        assert!(
            on("channel/sms")
                .stopping(&other, &campaign, Channel::Email)
                .is_none()
        );
        assert!(
            on("tenant/acme/campaign/c1")
                .stopping(&acme, &campaign, Channel::Email)
                .is_some()
        );
    }
}
