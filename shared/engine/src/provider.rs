//! The port to providers that send. One method each; the errors are named for what the sender does next.

use std::time::Duration;

use touchline_domain::{
    contact::{E164, EmailAddress},
    events::TouchRef,
    money::Micros,
};

/// An e-mail, composed and ready to hand over.
#[derive(Clone, Debug)]
pub struct EmailMessage {
    /// Echoed back by the provider's webhooks; also the idempotency key where there is one.
    pub reference: TouchRef,
    /// Display name: `"{First} from {Company}"` (ED-011).
    pub from_name: String,
    /// Sending mailbox.
    pub from: EmailAddress,
    /// Where answers go, if not to `from`.
    pub reply_to: Option<EmailAddress>,
    /// The one recipient.
    pub to: EmailAddress,
    /// Subject line.
    pub subject: String,
    /// Plain-text part.
    pub text: String,
    /// HTML part.
    pub html: String,
    /// Our `Message-ID`, in angle brackets.
    pub message_id: String,
    /// Further header fields in order: `In-Reply-To`, `References`, `List-Unsubscribe`, `List-Unsubscribe-Post`.
    pub headers: Vec<(String, String)>,
}

/// A text message, composed and ready to hand over.
#[derive(Clone, Debug)]
pub struct SmsMessage {
    /// Echoed back by the provider's webhooks; also the idempotency key where there is one.
    pub reference: TouchRef,
    /// Sending number.
    pub from: E164,
    /// The recipient.
    pub to: E164,
    /// The text, already within its segment limit.
    pub body: String,
}

/// The provider took the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The provider's id for it.
    pub provider_message_id: String,
    /// The `Message-ID` that the recipient sees, where the provider puts its own in place of ours (SEQ-6).
    pub message_id: Option<String>,
    /// What it charged, when its answer says so.
    pub cost: Option<Micros>,
}

/// Why the provider refused for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The recipient's address cannot receive: mark it invalid.
    InvalidAddress,
    /// The recipient has opted out at the provider: suppress.
    OptedOut,
    /// The sending resource or account may not send: pause it and alert.
    Sender,
    /// The content or the request is at fault.
    Content,
}

/// A call that did not end in acceptance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Not accepted; try again, not before the given time (429 with or without `Retry-After`).
    #[error("rate limited ({code})")]
    RateLimited {
        /// How long the provider asks us to wait.
        retry_after: Option<Duration>,
        /// The provider's code.
        code: String,
    },
    /// Certainly not accepted; try again later (connection refused, DNS, 500, 503).
    #[error("provider unavailable ({code})")]
    Unavailable {
        /// Status or cause.
        code: String,
    },
    /// Not accepted and never will be.
    #[error("refused ({code}): {message}")]
    Rejected {
        /// What to do about it.
        refusal: Refusal,
        /// The provider's code.
        code: String,
        /// The provider's reason, free of addresses and bodies.
        message: String,
    },
    /// The request left and no answer came (time-out, reset, 502, 504): it may have been accepted (SEND-2).
    #[error("outcome unknown ({code})")]
    Unknown {
        /// Cause.
        code: String,
    },
}

/// What a provider knows about an earlier call whose outcome we do not know (SEND-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reconciled {
    /// It was accepted.
    Accepted(Accepted),
    /// It certainly never arrived.
    NeverReceived,
    /// The provider cannot say.
    Undecided,
}

/// A provider that takes one kind of message.
pub trait Sends<M> {
    /// Hands `message` over, once. Never retries by itself.
    fn send(&self, message: &M) -> impl Future<Output = Result<Accepted, SendError>> + Send;

    /// Asks what became of an earlier call for `reference`, where the provider can tell.
    fn reconcile(&self, reference: &TouchRef) -> impl Future<Output = Reconciled> + Send;
}
