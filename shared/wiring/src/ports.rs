//! The engine's ports that are answered by services outside our stack: by whichever is set up, with today's key.

use touchline_domain::{
    channel::Channel,
    contact::E164,
    events::{InboundMessage, Provider, ProviderEvent},
    money::Micros,
    sending::{lead::Lead, register::WashStatus},
};
use touchline_engine::{
    enrich::{People, PeopleError, Person},
    ports::PortError,
    reply::{
        Bodies,
        find::{Member, Members},
        refine::{Reader, Verdict},
    },
    wash::{Register, RegisterError},
};
use touchline_providers::http::CallError;

use crate::providers::Providers;

/// Nobody is looked up without a key; leads are then scored by their list alone.
impl People for Providers {
    async fn look_up(&self, leads: &[Lead]) -> Result<Vec<Option<Person>>, PeopleError> {
        let later = |error: PortError| PeopleError::Later {
            after_secs: None,
            code: error.to_string(),
        };
        let Some(apollo) = self.apollo().await.map_err(later)? else {
            return Ok(vec![None; leads.len()]);
        };
        let answer = apollo.look_up(leads).await;
        if let Err(PeopleError::Refused(_)) = &answer {
            self.refused("apollo");
        }
        answer
    }
}

/// Without an account nothing is answered, and so nothing is clear (DNC-3).
impl Register for Providers {
    async fn submit(
        &self,
        reference: &str,
        numbers: &[E164],
    ) -> Result<Vec<(E164, WashStatus)>, RegisterError> {
        let register = self.register().await?;
        self.washed(register.submit(reference, numbers).await)
    }

    async fn result(
        &self,
        reference: &str,
        numbers: &[E164],
    ) -> Result<Vec<(E164, WashStatus)>, RegisterError> {
        let register = self.register().await?;
        self.washed(register.result(reference, numbers).await)
    }
}

impl Providers {
    async fn register(&self) -> Result<impl Register + use<>, RegisterError> {
        let dncr = self.dncr().await;
        dncr.map_err(|error| RegisterError::Unavailable(error.to_string()))?
            .ok_or_else(|| RegisterError::Account("no account is set up".to_owned()))
    }

    fn washed<T>(&self, answer: Result<T, RegisterError>) -> Result<T, RegisterError> {
        if let Err(RegisterError::Account(_)) = &answer {
            self.refused("dncr");
        }
        answer
    }
}

/// Bodies that a webhook does not carry: Resend announces inbound mail and keeps it.
impl Bodies for Providers {
    async fn fetch(&self, event: &ProviderEvent, id: &str) -> Result<InboundMessage, PortError> {
        const WHAT: &str = "the body of an inbound message";
        let keeper = match event.provider {
            Provider::Resend => self.resend().await?,
            _ => None,
        };
        let Some(resend) = keeper else {
            return Err(PortError::Unavailable {
                what: WHAT,
                cause: "no provider here keeps it".into(),
            });
        };
        let answer = resend.received(id).await;
        self.heard("resend", answer).map_err(unavailable(WHAT))
    }
}

/// Who wrote on LinkedIn, where the message names them by an id that no lead has (LI).
impl Members for Providers {
    async fn member(&self, account: &str, id: &str) -> Result<Option<Member>, PortError> {
        match self.unipile().await? {
            Some((unipile, _)) => unknown_if_refused(unipile.member(account, id).await),
            None => Ok(None),
        }
    }

    async fn attendees(&self, account: &str, chat: &str) -> Result<Vec<Member>, PortError> {
        match self.unipile().await? {
            Some((unipile, _)) => unknown_if_refused(unipile.attendees(account, chat).await),
            None => Ok(Vec::new()),
        }
    }
}

/// The optional model (REP-4). Without it every doubt goes to a person.
impl Reader for Providers {
    async fn price(&self) -> Option<Micros> {
        let model = self.anthropic().await.ok()??;
        model.price().await
    }

    async fn read(&self, channel: Channel, text: &str) -> Option<Verdict> {
        let model = self.anthropic().await.ok()??;
        let answer = model.ask(channel, text).await;
        self.heard("anthropic", answer)
            .inspect_err(
                |error| tracing::warn!(%error, "the model did not read a reply; a person does"),
            )
            .ok()
    }
}

/// What the provider refuses, such as anything of a seat that is disconnected, asking again does not mend: the message is
/// matched by what else is known of its sender, or kept as unmatched.
fn unknown_if_refused<T: Default>(answer: Result<T, CallError>) -> Result<T, PortError> {
    match answer {
        Err(CallError::Refused { code, .. }) => {
            tracing::warn!(code, "a LinkedIn member cannot be looked up");
            Ok(T::default())
        }
        other => other.map_err(unavailable("a LinkedIn member")),
    }
}

fn unavailable(what: &'static str) -> impl FnOnce(CallError) -> PortError {
    move |error| PortError::Unavailable {
        what,
        cause: Box::new(error),
    }
}
