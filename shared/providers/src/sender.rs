//! One type per channel over its providers, so that a function is built for a channel and a setting picks the
//! provider.

use touchline_domain::events::{Provider, TouchRef};
use touchline_engine::provider::{
    Accepted, EmailMessage, Reconciled, SendError, Sends, SmsMessage,
};

use crate::{clicksend::Clicksend, resend::Resend, ses::Ses, twilio::Twilio};

/// Sends mail through one of the providers.
#[derive(Clone, Debug)]
pub enum EmailSender {
    /// Resend.
    Resend(Resend),
    /// Amazon SES.
    Ses(Ses),
}

impl EmailSender {
    /// Which provider this is.
    #[must_use]
    pub fn provider(&self) -> Provider {
        match self {
            Self::Resend(_) => Provider::Resend,
            Self::Ses(_) => Provider::Ses,
        }
    }
}

impl Sends<EmailMessage> for EmailSender {
    async fn send(&self, message: &EmailMessage) -> Result<Accepted, SendError> {
        match self {
            Self::Resend(sender) => sender.send(message).await,
            Self::Ses(sender) => sender.send(message).await,
        }
    }

    async fn reconcile(&self, reference: &TouchRef) -> Reconciled {
        match self {
            Self::Resend(sender) => sender.reconcile(reference).await,
            Self::Ses(sender) => sender.reconcile(reference).await,
        }
    }
}

/// Sends text messages through one of the providers.
#[derive(Clone, Debug)]
pub enum SmsSender {
    /// Twilio.
    Twilio(Twilio),
    /// ClickSend.
    Clicksend(Clicksend),
}

impl SmsSender {
    /// Which provider this is.
    #[must_use]
    pub fn provider(&self) -> Provider {
        match self {
            Self::Twilio(_) => Provider::Twilio,
            Self::Clicksend(_) => Provider::Clicksend,
        }
    }
}

impl Sends<SmsMessage> for SmsSender {
    async fn send(&self, message: &SmsMessage) -> Result<Accepted, SendError> {
        match self {
            Self::Twilio(sender) => sender.send(message).await,
            Self::Clicksend(sender) => sender.send(message).await,
        }
    }

    async fn reconcile(&self, reference: &TouchRef) -> Reconciled {
        match self {
            Self::Twilio(sender) => sender.reconcile(reference).await,
            Self::Clicksend(sender) => sender.reconcile(reference).await,
        }
    }
}
