//! What a channel plugs into the send path: how its message is written, and who takes it.

mod email;
mod sms;
mod variables;

use std::future::Future;

use touchline_domain::{
    channel::Channel,
    events::{Provider, TouchRef},
    message::Persona,
    sending::{
        Reason,
        journey::{Enrolment, Journey, PendingAnswer},
        lead::Lead,
        resource::{Resource, ResourceKind},
        touch::Purpose,
    },
};

pub use email::EmailComposer;
pub use sms::SmsComposer;

use crate::{
    ports::Context,
    provider::{Accepted, Reconciled, SendError},
};

/// Everything that a message is written from.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// Names the touch to the provider.
    pub reference: &'a TouchRef,
    /// To whom.
    pub lead: &'a Lead,
    /// What was sent before; picks the template.
    pub journey: &'a Journey,
    /// In which campaign, for which tenant.
    pub context: &'a Context,
    /// The enrolment: its thread is joined (SEQ-6).
    pub enrolment: &'a Enrolment,
    /// As whom.
    pub persona: &'a Persona,
    /// From what.
    pub resource: &'a Resource,
    /// What kind of touch.
    pub purpose: Purpose,
    /// The answer to send, if this is one.
    pub answer: Option<&'a PendingAnswer>,
}

impl Draft<'_> {
    /// The channel that the resource sends this draft on.
    #[must_use]
    pub fn resource_channel(&self) -> Channel {
        match self.resource.kind {
            ResourceKind::EmailDomain | ResourceKind::Mailbox => Channel::Email,
            ResourceKind::PhoneNumber => Channel::Sms,
            ResourceKind::LinkedinSeat => Channel::Linkedin,
        }
    }
}

/// A message, and how it is remembered.
#[derive(Clone, Debug)]
pub struct Composed<M> {
    /// The message.
    pub message: M,
    /// Subject and `Message-ID`, of an e-mail, for the thread (SEQ-6).
    pub thread: Option<(String, String)>,
}

/// Why no message could be written. The touch ends with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {detail}")]
pub struct ComposeError {
    /// The reason code.
    pub reason: Reason,
    /// The variable or limit at fault; no address and no text of the message.
    pub detail: String,
}

/// Writes the messages of one channel.
pub trait Compose: Sync {
    /// What it writes.
    type Message: Send + Sync;
    /// For which channel.
    const CHANNEL: Channel;

    /// Writes one message.
    ///
    /// # Errors
    /// A variable is missing or fails its check, or the text does not fit (SEQ-7, SM-007).
    fn compose(&self, draft: &Draft<'_>) -> Result<Composed<Self::Message>, ComposeError>;
}

/// Hands messages to the provider that a resource sends through.
pub trait Handover<M>: Sync {
    /// Whether `provider` is set up here.
    fn serves(&self, provider: Provider) -> bool;

    /// Hands `message` over, once.
    fn send(
        &self,
        provider: Provider,
        message: &M,
    ) -> impl Future<Output = Result<Accepted, SendError>> + Send;

    /// Asks what became of an earlier call.
    fn reconcile(
        &self,
        provider: Provider,
        reference: &TouchRef,
    ) -> impl Future<Output = Reconciled> + Send;
}
