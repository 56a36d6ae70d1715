//! Provider events in one vocabulary. Each provider's parser produces these types; nothing beyond them knows a
//! provider's own field names.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::{
    channel::Channel,
    ids::{LeadId, TenantId, TouchId},
};

/// A company whose API we call or whose webhooks we take. The wire name is the path in `/hooks/{provider}`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Provider {
    /// Twilio: SMS, AU numbers.
    Twilio,
    /// ClickSend: SMS, post.
    Clicksend,
    /// SignalHouse: US SMS.
    Signalhouse,
    /// Salesforge: e-mail sequences.
    Salesforge,
    /// Resend: e-mail.
    Resend,
    /// Amazon SES, through SNS.
    Ses,
    /// Unipile: LinkedIn.
    Unipile,
    /// Vapi: AI voice.
    Vapi,
    /// Stripe: billing.
    Stripe,
    /// Cal.com: bookings.
    Calcom,
    /// Calendly: bookings.
    Calendly,
    /// Apollo: enrichment.
    Apollo,
    /// The Australian Do Not Call Register.
    Dncr,
}

impl Provider {
    /// The wire name, for example `"twilio"`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Names one touch to a provider so that its webhooks can name it back to us. It travels as tags, as a custom
/// string or in a callback URL, and makes a look-up by the provider's own id unnecessary.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TouchRef {
    /// The tenant of the touch.
    pub tenant: TenantId,
    /// The lead it went to.
    pub lead: LeadId,
    /// The touch.
    pub touch: TouchId,
}

impl TouchRef {
    /// `tenant.lead.touch`: ids hold no dot, so this parses back.
    #[must_use]
    pub fn to_token(&self) -> String {
        format!("{}.{}.{}", self.tenant, self.lead, self.touch)
    }

    /// The reverse of [`Self::to_token`]; `None` for anything else.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (tenant, lead, touch) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        Some(Self {
            tenant: tenant.parse().ok()?,
            lead: lead.parse().ok()?,
            touch: touch.parse().ok()?,
        })
    }
}

/// One event of a provider, verified and parsed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderEvent {
    /// The provider's own key for this event, the same on every redelivery (HOOK-3).
    pub event_id: String,
    /// The provider that reported it.
    pub provider: Provider,
    /// When it happened by the provider's clock, else when we received it.
    pub at: DateTime<Utc>,
    /// The touch that the provider echoes back, when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<TouchRef>,
    /// The provider's id of the message, call or invitation that this is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_message_id: Option<String>,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. Everything but a reply goes to the delivery queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventKind {
    /// The provider accepted it and passed it on.
    Sent,
    /// Delivered to the recipient.
    Delivered,
    /// Not delivered yet; the provider goes on trying, or gave up on a temporary cause. Never suppresses (R30).
    SoftBounced {
        /// RFC 3463 status or the provider's code.
        code: String,
    },
    /// The address does not exist or is disabled: suppress it (R30).
    HardBounced {
        /// RFC 3463 status or the provider's code.
        code: String,
        /// The address that bounced, when the provider names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// Refused for the sender's reputation or authentication: pause the sender, never suppress the recipient (R30).
    PolicyBounced {
        /// RFC 3463 status or the provider's code.
        code: String,
    },
    /// The provider could not send it.
    Failed {
        /// The provider's code.
        code: String,
    },
    /// The recipient reported it as spam; it counts as an opt-out (R31).
    Complained {
        /// The complaining address, when the provider names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// Opened.
    Opened,
    /// A link was clicked.
    Clicked,
    /// The recipient unsubscribed at the provider.
    Unsubscribed {
        /// The address, when the provider names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// A person, or their mail system, answered.
    Reply(InboundMessage),
    /// A voice call ended.
    CallEnded {
        /// The provider's reason, classified by the voice rules.
        reason: String,
    },
    /// A LinkedIn invitation was accepted.
    InvitationAccepted {
        /// The person's provider id.
        person: String,
    },
    /// A sending account changed state, for example restricted or disconnected.
    AccountStatus {
        /// The provider's account id.
        account: String,
        /// The provider's word for the state.
        status: String,
    },
    /// A booking was made, moved or cancelled.
    Booking {
        /// The provider's word: created, rescheduled, canceled ...
        change: String,
        /// The invitee's e-mail.
        email: String,
        /// When the meeting starts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        starts_at: Option<DateTime<Utc>>,
    },
    /// A billing event, by the provider's type.
    Billing {
        /// For example `invoice.paid`.
        name: String,
        /// The customer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<String>,
    },
    /// Genuine and understood, without consequence; counted and kept.
    Ignored {
        /// The provider's type.
        name: String,
    },
}

/// Header name for the chat a message came in, on channels that have chats.
pub const CHAT_HEADER: &str = "Chat-Id";
/// Header name for the profile address of the sender, on channels that have profiles.
pub const PROFILE_HEADER: &str = "Profile-Url";

/// An inbound message before anyone has read it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InboundMessage {
    /// On which channel it came; `None` only in a default value.
    pub channel: Option<Channel>,
    /// The sender's address as the provider gives it.
    pub from: String,
    /// Our address that it was sent to.
    pub to: String,
    /// The text; empty when it has to be fetched with `fetch_id`.
    pub text: String,
    /// The subject line, of an e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Header fields that tell automatic mail from a person's (R29) and name the parent message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Where to fetch the body, for providers whose webhook carries none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touch_reference_survives_the_trip_through_a_provider() {
        let tenant: TenantId = "acme".parse().unwrap();
        let lead = LeadId::derive(&tenant, "a@b.co");
        let touch = TouchId::derive(&tenant, &lead, &"c1".parse().unwrap(), "0", 0);
        let reference = TouchRef {
            tenant,
            lead,
            touch,
        };
        assert_eq!(
            TouchRef::from_token(&reference.to_token()),
            Some(reference.clone())
        );
        assert_eq!(
            TouchRef::from_token(&format!("{}.x", reference.to_token())),
            None
        );
        assert_eq!(TouchRef::from_token("acme"), None);
    }
}
