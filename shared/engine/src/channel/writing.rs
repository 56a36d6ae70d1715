//! How the messages of a channel are written, and who takes them.

use std::future::Future;

use touchline_domain::{
    channel::Channel,
    events::{Provider, TouchRef},
    message::Persona,
    sending::{
        Reason,
        journey::{Enrolment, Journey, PendingAnswer},
        lead::Lead,
        resource::Resource,
        touch::Purpose,
    },
};

use crate::{
    ports::Context,
    provider::{Accepted, Reconciled, SendError},
};

/// Everything that a message is written from.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// Names the touch to the provider.
    pub reference: &'a TouchRef,
    /// On which channel.
    pub channel: Channel,
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

/// A message, and how it is remembered.
#[derive(Clone, Debug)]
pub struct Composed<M> {
    /// The message.
    pub message: M,
    /// Subject and `Message-ID`, on a channel whose messages form a thread (SEQ-6).
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

impl ComposeError {
    pub(super) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

/// A channel with a sender: what its messages are, and how they are written. What else there is to it stands in its
/// [`super::Rules`].
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
