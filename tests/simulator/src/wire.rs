//! The providers that are played, by the name that their paths begin with.

use serde::{Deserialize, Serialize};

/// A provider that the simulator plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// Mail, with Svix webhooks.
    Resend,
    /// Mail, with webhooks through SNS.
    Ses,
    /// Text messages, with signed form webhooks.
    Twilio,
    /// Text messages, with unsigned webhooks to a secret URL.
    Clicksend,
    /// LinkedIn seats, with unsigned webhooks under a header of the client's choice.
    Unipile,
    /// Enrichment.
    Apollo,
    /// The Do Not Call Register.
    Dncr,
}

impl Wire {
    /// The name in paths and settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resend => "resend",
            Self::Ses => "ses",
            Self::Twilio => "twilio",
            Self::Clicksend => "clicksend",
            Self::Unipile => "unipile",
            Self::Apollo => "apollo",
            Self::Dncr => "dncr",
        }
    }

    /// What it carries, for the ledger.
    #[must_use]
    pub fn channel(self) -> &'static str {
        match self {
            Self::Resend | Self::Ses => "email",
            Self::Twilio | Self::Clicksend => "sms",
            Self::Unipile => "linkedin",
            Self::Apollo => "enrich",
            Self::Dncr => "wash",
        }
    }

    /// Virtual seconds until each next attempt at a webhook that was not answered with 2xx. Twilio repeats a
    /// callback only when it got no connection, and at once.
    pub(crate) fn retries(self, connected: bool) -> &'static [i64] {
        match self {
            Self::Resend => &[5, 300, 1_800, 7_200, 18_000, 36_000, 36_000],
            Self::Ses => &[20, 20, 20],
            Self::Clicksend => &[60, 300, 900],
            Self::Unipile => &[30, 60, 120, 240, 480],
            Self::Twilio if !connected => &[0],
            _ => &[],
        }
    }
}
