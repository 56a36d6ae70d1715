//! Hands messages to the providers of a channel that are set up.

use touchline_domain::events::{Provider, TouchRef};
use touchline_engine::{
    channel::{Compose, EmailComposer, Handover, SmsComposer},
    ports::PortError,
    provider::{Accepted, Reconciled, Refusal, SendError, Sends},
};
use touchline_providers::{EmailSender, SmsSender};

use crate::{config::Config, providers::Providers};

/// A channel whose messages can leave: who writes them, and who takes them.
pub trait Outgoing: Compose + Sized {
    /// One of its providers.
    type Sender: Sends<Self::Message> + Sync;

    /// Who writes.
    fn composer(
        providers: &Providers,
        config: &Config,
    ) -> impl Future<Output = Result<Self, PortError>> + Send;

    /// Who takes: the providers that are set up.
    fn senders(
        providers: &Providers,
    ) -> impl Future<Output = Result<Vec<(Provider, Self::Sender)>, PortError>> + Send;
}

impl Outgoing for EmailComposer {
    type Sender = EmailSender;

    async fn composer(providers: &Providers, config: &Config) -> Result<Self, PortError> {
        let base = format!("{}/u", config.public_url()?);
        Ok(Self {
            unsubscribe_key: providers.unsubscribe_key().await?,
            unsubscribe_base: base.parse().map_err(|error| PortError::Unavailable {
                what: "the address of unsubscribe links",
                cause: Box::new(error),
            })?,
        })
    }

    async fn senders(providers: &Providers) -> Result<Vec<(Provider, EmailSender)>, PortError> {
        let (resend, ses) = tokio::try_join!(providers.resend(), providers.ses())?;
        let all = [resend.map(EmailSender::Resend), ses.map(EmailSender::Ses)];
        let named = |sender: EmailSender| (sender.provider(), sender);
        Ok(all.into_iter().flatten().map(named).collect())
    }
}

impl Outgoing for SmsComposer {
    type Sender = SmsSender;

    async fn composer(_: &Providers, _: &Config) -> Result<Self, PortError> {
        Ok(Self)
    }

    async fn senders(providers: &Providers) -> Result<Vec<(Provider, SmsSender)>, PortError> {
        let (twilio, clicksend) = tokio::try_join!(providers.twilio(), providers.clicksend())?;
        let twilio = twilio.map(SmsSender::Twilio);
        let all = [twilio, clicksend.map(SmsSender::Clicksend)];
        let named = |sender: SmsSender| (sender.provider(), sender);
        Ok(all.into_iter().flatten().map(named).collect())
    }
}

/// The providers of a channel, as they are set up at this invocation.
pub struct Outbox<'a, S> {
    providers: &'a Providers,
    senders: Vec<(Provider, S)>,
}

impl<'a, S> Outbox<'a, S> {
    /// Those that take the messages of `C`.
    ///
    /// # Errors
    /// A secret cannot be read now: nothing is known of the provider, so nothing may be concluded from its absence.
    pub async fn of<C: Outgoing<Sender = S>>(providers: &'a Providers) -> Result<Self, PortError> {
        Ok(Self {
            providers,
            senders: C::senders(providers).await?,
        })
    }

    fn sender(&self, provider: Provider) -> Option<&S> {
        let mut senders = self.senders.iter();
        senders.find_map(|(known, sender)| (*known == provider).then_some(sender))
    }
}

impl<M: Sync, S: Sends<M> + Sync> Handover<M> for Outbox<'_, S> {
    fn serves(&self, provider: Provider) -> bool {
        self.sender(provider).is_some()
    }

    async fn send(&self, provider: Provider, message: &M) -> Result<Accepted, SendError> {
        let Some(sender) = self.sender(provider) else {
            return Err(SendError::Unavailable {
                code: "no_such_provider".into(),
            });
        };
        let answer = sender.send(message).await;
        if let Err(SendError::Rejected {
            refusal: Refusal::Sender,
            ..
        }) = &answer
        {
            self.providers.refused(provider.as_str());
        }
        answer
    }

    async fn reconcile(&self, provider: Provider, reference: &TouchRef) -> Reconciled {
        match self.sender(provider) {
            Some(sender) => sender.reconcile(reference).await,
            None => Reconciled::Undecided,
        }
    }
}
