//! The conditional writes behind a reservation.

use aws_sdk_dynamodb::{
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use touchline_engine::ports::{Candidate, PortError, Reservation};

use super::{
    Usage,
    choice::{
        Day, MinuteWrite, minute_count_name, minute_label, minute_name, tenant_name, used_name,
    },
};
use crate::{
    error::unavailable,
    item::{key_of, number, text},
    keys,
};

/// How an attempt to take a unit ended; either way with the counters as they are now.
#[derive(Debug)]
pub(super) enum Taken {
    /// It is taken.
    Yes(Day),
    /// A condition did not hold.
    No(Day),
}

/// The parts of a conditional update as they are put together.
#[derive(Debug, Default)]
struct Parts {
    adds: Vec<&'static str>,
    sets: Vec<&'static str>,
    conditions: Vec<&'static str>,
}

impl Parts {
    fn update_expression(&self) -> String {
        let mut expression = format!("ADD {}", self.adds.join(", "));
        if !self.sets.is_empty() {
            expression = format!("SET {} {expression}", self.sets.join(", "));
        }
        expression
    }
}

impl Usage {
    /// Adds one to every counter that the unit counts in, if each is below its limit.
    pub(super) async fn take(
        &self,
        wish: &Reservation,
        candidate: &Candidate,
        minute: MinuteWrite,
    ) -> Result<Taken, PortError> {
        let (mut update, mut parts) = self.counters(wish, candidate);
        parts
            .conditions
            .push("(attribute_not_exists(#used) OR #used < :limit)");
        update = update
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":limit", number(candidate.limit));
        if let Some((_, limit)) = &candidate.domain {
            parts
                .conditions
                .push("(attribute_not_exists(#domain) OR #domain < :domain_limit)");
            update = update.expression_attribute_values(":domain_limit", number(limit));
        }
        if let Some(limit) = wish.tenant_limit {
            parts
                .conditions
                .push("(attribute_not_exists(#tenant) OR #tenant < :tenant_limit)");
            update = update.expression_attribute_values(":tenant_limit", number(limit));
        }
        update = with_minute(update, &mut parts, wish, candidate, minute);
        let sent = update
            .update_expression(parts.update_expression())
            .condition_expression(parts.conditions.join(" AND "))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(answer) => Day::of(&answer.attributes.unwrap_or_default()).map(Taken::Yes),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    Day::of(&failed.item().cloned().unwrap_or_default()).map(Taken::No)
                }
                _ => Err(unavailable("capacity")(error)),
            },
        }
    }

    /// Takes one off every counter; `false` when there is nothing to give back.
    pub(super) async fn give_back(
        &self,
        wish: &Reservation,
        candidate: &Candidate,
    ) -> Result<bool, PortError> {
        let (update, parts) = self.counters(wish, candidate);
        let sent = update
            .expression_attribute_values(":one", number(-1))
            .expression_attribute_values(":zero", number(0))
            .update_expression(parts.update_expression())
            .condition_expression("#used > :zero")
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match sent {
            Ok(answer) => {
                let day = Day::of(&answer.attributes.unwrap_or_default())?;
                self.seen.put(
                    (wish.tenant.clone(), wish.date, wish.channel),
                    day,
                    self.seen.begin(),
                );
                Ok(true)
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(unavailable("capacity")(error)),
        }
    }

    /// An update that counts in the resource, in its domain and in the tenant.
    fn counters(
        &self,
        wish: &Reservation,
        candidate: &Candidate,
    ) -> (UpdateItemFluentBuilder, Parts) {
        let mut parts = Parts {
            adds: vec!["#used :one", "#tenant :one"],
            ..Parts::default()
        };
        let mut update = self
            .table
            .db()
            .update_item()
            .table_name(self.table.name())
            .set_key(Some(key_of(keys::usage(
                &wish.tenant,
                wish.date,
                wish.channel,
            ))))
            .expression_attribute_names("#used", used_name(&candidate.resource))
            .expression_attribute_names("#tenant", tenant_name(wish.channel));
        if let Some((domain, _)) = &candidate.domain {
            parts.adds.push("#domain :one");
            update = update.expression_attribute_names("#domain", used_name(domain));
        }
        (update, parts)
    }
}

/// The minute is a label and a count. Either the label is ours and the count goes up, or the label is older and both
/// begin anew; the condition says which, so that two writers never begin one minute twice (SEQ-4).
fn with_minute(
    update: UpdateItemFluentBuilder,
    parts: &mut Parts,
    wish: &Reservation,
    candidate: &Candidate,
    minute: MinuteWrite,
) -> UpdateItemFluentBuilder {
    let Some(limit) = wish.per_minute else {
        return update;
    };
    let update = match minute {
        MinuteWrite::Unlimited => return update,
        MinuteWrite::First => {
            parts.sets.extend(["#minute = :minute", "#count = :one"]);
            parts
                .conditions
                .push("(attribute_not_exists(#minute) OR #minute < :minute)");
            update
        }
        MinuteWrite::Next => {
            parts.adds.push("#count :one");
            parts
                .conditions
                .push("#minute = :minute AND #count < :per_minute");
            update.expression_attribute_values(":per_minute", number(limit))
        }
    };
    update
        .expression_attribute_names("#minute", minute_name(&candidate.resource))
        .expression_attribute_names("#count", minute_count_name(&candidate.resource))
        .expression_attribute_values(":minute", text(minute_label(wish.now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_sets_before_it_adds() {
        let parts = Parts {
            adds: vec!["#a :one", "#b :one"],
            sets: vec!["#m = :m"],
            conditions: Vec::new(),
        };
        assert_eq!(
            parts.update_expression(),
            "SET #m = :m ADD #a :one, #b :one"
        );
        let parts = Parts {
            adds: vec!["#a :one"],
            ..Parts::default()
        };
        assert_eq!(parts.update_expression(), "ADD #a :one");
    }
}
