//! The five channels through which a lead can be contacted.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// A way to reach a person. The names are the wire names everywhere: settings, queues, tables, JSON.
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
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum Channel {
    /// Electronic mail.
    Email,
    /// Text message to a mobile number.
    Sms,
    /// AI voice call.
    Voice,
    /// LinkedIn connection request or message.
    Linkedin,
    /// Printed post: postcards and letters.
    Mail,
}

impl Channel {
    /// The wire name, for example `"email"`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether this channel addresses the lead by phone number.
    #[must_use]
    pub fn uses_phone(self) -> bool {
        match self {
            Self::Sms | Self::Voice => true,
            Self::Email | Self::Linkedin | Self::Mail => false,
        }
    }
}
