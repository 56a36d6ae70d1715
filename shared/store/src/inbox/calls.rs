//! The call queue (CALL-1): most urgent first, one agent at a time, completed with an outcome.

use std::fmt::Debug;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::{
        UpdateItemError, UpdateItemOutput, builders::UpdateItemFluentBuilder,
    },
    types::ReturnValuesOnConditionCheckFailure,
};
use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::TenantId,
    inbox::{Call, CallOutcome},
};
use touchline_engine::{
    desk::calls::{Assignment, CallQueue},
    ports::PortError,
};

use super::Inbox;
use crate::{
    error::unavailable,
    item::{Item, attribute, encode, key_of, required_text, text},
    keys,
    table::Range,
};

impl Inbox {
    /// Puts a call on the queue; `false` if it was there before.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn add_call(&self, call: &Call) -> Result<bool, PortError> {
        let key = keys::call(&call.tenant, call.priority, call.at, &call.id);
        self.table
            .put_if_new("call", encode("call", key, call)?)
            .await
    }

    fn update_call(
        &self,
        call: &Call,
        expression: &str,
        agent: &str,
    ) -> Result<UpdateItemFluentBuilder, PortError> {
        let update = self
            .table
            .update()?
            .set_key(Some(key_of(keys::call(
                &call.tenant,
                call.priority,
                call.at,
                &call.id,
            ))))
            .update_expression(expression)
            .expression_attribute_values(":agent", text(agent));
        Ok(update)
    }
}

impl CallQueue for Inbox {
    async fn calls(&self, tenant: &TenantId) -> Result<Vec<Call>, PortError> {
        self.read_all("call", &keys::calls(tenant), Range::All)
            .await
    }

    async fn assign_call(&self, call: &Call, agent: &str) -> Result<Assignment, PortError> {
        let given = self
            .update_call(call, "SET assigned_to = :agent", agent)?
            .condition_expression(
                "attribute_exists(pk) AND attribute_not_exists(done_at) AND \
                 (attribute_not_exists(assigned_to) OR assigned_to = :agent)",
            )
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match given {
            Ok(_) => Ok(Assignment::Agent),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    whose(failed.item())
                }
                _ => Err(unavailable("call")(error)),
            },
        }
    }

    async fn complete_call(
        &self,
        call: &Call,
        agent: &str,
        outcome: CallOutcome,
        now: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        let done = self
            .update_call(call, "SET #result = :result, done_at = :now", agent)?
            .condition_expression("assigned_to = :agent AND attribute_not_exists(done_at)")
            .expression_attribute_names("#result", "result")
            .expression_attribute_values(":result", text(outcome.to_string()))
            .expression_attribute_values(":now", attribute("call", &now)?)
            .send()
            .await;
        unless_refused(done, "call")
    }
}

fn whose(item: Option<&Item>) -> Result<Assignment, PortError> {
    match item {
        Some(item) if !item.contains_key("done_at") => required_text("call", item, "assigned_to")
            .map(|agent| Assignment::Other(agent.to_owned())),
        _ => Ok(Assignment::Nobody),
    }
}

/// Whether an update was made; `false` when its condition did not hold.
pub(super) fn unless_refused<R>(
    updated: Result<UpdateItemOutput, SdkError<UpdateItemError, R>>,
    what: &'static str,
) -> Result<bool, PortError>
where
    R: Debug + Send + Sync + 'static,
{
    match updated {
        Ok(_) => Ok(true),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
        {
            Ok(false)
        }
        Err(error) => Err(unavailable(what)(error)),
    }
}
