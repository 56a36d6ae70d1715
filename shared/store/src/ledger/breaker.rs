//! The circuit breaker of each provider, shared by all senders (SEND-3). Open, it holds every call back; after its time
//! one caller goes first, and the others wait for what it finds.

use std::{collections::HashMap, time};

use aws_sdk_dynamodb::types::ReturnValue;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use touchline_domain::events::Provider;
use touchline_engine::ports::{Breakers, PortError};

use super::Ledger;
use crate::{
    error::unavailable,
    item::{attribute, decode, key_of, number},
    keys,
    table::Read,
};

/// A breaker opens after so many failures in a row (SEND-3).
pub(super) const FAILURES_TO_OPEN: u32 = 5;
/// It lets one call through after so long (SEND-3).
pub(super) const OPEN_SECS: i64 = 30;
/// What a sender saw of a breaker before its call still tells it, after the call, whether there is anything to reset.
pub(super) const SEEN_MAX_AGE: time::Duration = time::Duration::from_secs(60);

/// A breaker as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    #[serde(default)]
    failures: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open_until: Option<DateTime<Utc>>,
}

impl Ledger {
    async fn breaker(&self, provider: Provider) -> Result<State, PortError> {
        let began = self.breakers.begin();
        let item = self
            .table
            .get("breaker", keys::breaker(provider), Read::Eventual)
            .await?;
        let state = item
            .map(|item| decode("breaker", item))
            .transpose()?
            .unwrap_or_default();
        self.breakers.put(provider, state, began);
        Ok(state)
    }

    /// Opens it until a time; `false` when somebody else did since `seen`. Whoever opens an expired one goes first.
    async fn open(
        &self,
        provider: Provider,
        seen: Option<DateTime<Utc>>,
        until: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        let mut values = HashMap::from([(":until".to_owned(), attribute("breaker", &until)?)]);
        let condition = match seen {
            Some(seen) => {
                values.insert(":seen".to_owned(), attribute("breaker", &seen)?);
                "open_until = :seen"
            }
            None => "attribute_not_exists(open_until)",
        };
        let opened = self
            .table
            .update()?
            .set_key(Some(key_of(keys::breaker(provider))))
            .update_expression("SET open_until = :until")
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values))
            .send()
            .await;
        match opened {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Ok(false)
            }
            Err(error) => Err(unavailable("breaker")(error)),
        }
    }

    async fn note_failure(&self, provider: Provider, now: DateTime<Utc>) -> Result<(), PortError> {
        let answer = self
            .table
            .update()?
            .set_key(Some(key_of(keys::breaker(provider))))
            .update_expression("ADD failures :one")
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .map_err(unavailable("breaker"))?;
        self.breakers.forget(&provider);
        let state: State = decode("breaker", answer.attributes.unwrap_or_default())?;
        let is_open = state.open_until.is_some_and(|until| until > now);
        if state.failures >= FAILURES_TO_OPEN && !is_open {
            self.open(
                provider,
                state.open_until,
                now + Duration::seconds(OPEN_SECS),
            )
            .await?;
        }
        Ok(())
    }

    async fn reset(&self, provider: Provider) -> Result<(), PortError> {
        let reset = self
            .table
            .update()?
            .set_key(Some(key_of(keys::breaker(provider))))
            .update_expression("SET failures = :zero REMOVE open_until")
            .expression_attribute_values(":zero", number(0));
        reset.send().await.map_err(unavailable("breaker"))?;
        self.breakers.forget(&provider);
        Ok(())
    }
}

impl Breakers for Ledger {
    async fn open_until(
        &self,
        provider: Provider,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, PortError> {
        let state = self.breaker(provider).await?;
        match state.open_until {
            None => Ok(None),
            Some(until) if until > now => Ok(Some(until)),
            Some(expired) => {
                let until = now + Duration::seconds(OPEN_SECS);
                let first = self.open(provider, Some(expired), until).await?;
                Ok((!first).then_some(until))
            }
        }
    }

    /// A healthy call costs a write only where there are failures to forget.
    async fn note(
        &self,
        provider: Provider,
        healthy: bool,
        now: DateTime<Utc>,
    ) -> Result<(), PortError> {
        if !healthy {
            return self.note_failure(provider, now).await;
        }
        match self.breakers.get(&provider) {
            Some(state) if state == State::default() => Ok(()),
            _ => self.reset(provider).await,
        }
    }
}
