//! The conditional writes behind a reservation. Both survive a client that tries again because an answer was lost: a
//! unit that is given back twice would let a limit be exceeded, one that is taken twice would waste it.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, Update},
};
use touchline_engine::ports::{Candidate, PortError, Reservation};
use touchline_runtime::unique;

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
    table::{IF_NOT_OURS, Transacted, WRITE_TOKEN},
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
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Parts {
    /// Counts `step` in the resource, in its domain and in the tenant.
    fn counting(wish: &Reservation, candidate: &Candidate, step: i64) -> Self {
        let mut parts = Self::default();
        parts.adds.extend(["#used :step", "#tenant :step"]);
        parts.value(":step", number(step));
        parts.name("#used", used_name(&candidate.resource));
        parts.name("#tenant", tenant_name(wish.channel));
        if let Some((domain, _)) = &candidate.domain {
            parts.adds.push("#domain :step");
            parts.name("#domain", used_name(domain));
        }
        parts
    }

    fn name(&mut self, placeholder: &str, name: String) {
        self.names.insert(placeholder.to_owned(), name);
    }

    fn value(&mut self, placeholder: &str, value: AttributeValue) {
        self.values.insert(placeholder.to_owned(), value);
    }

    /// Only below every limit that binds the unit.
    fn within_limits(&mut self, wish: &Reservation, candidate: &Candidate) {
        self.conditions
            .push("(attribute_not_exists(#used) OR #used < :limit)");
        self.value(":limit", number(candidate.limit));
        if let Some((_, limit)) = &candidate.domain {
            self.conditions
                .push("(attribute_not_exists(#domain) OR #domain < :domain_limit)");
            self.value(":domain_limit", number(limit));
        }
        if let Some(limit) = wish.tenant_limit {
            self.conditions
                .push("(attribute_not_exists(#tenant) OR #tenant < :tenant_limit)");
            self.value(":tenant_limit", number(limit));
        }
    }

    /// The minute is a label and a count. Either the label is ours and the count goes up, or the label is older and
    /// both begin anew; the condition says which, so that two writers never begin one minute twice (SEQ-4).
    fn in_minute(&mut self, wish: &Reservation, candidate: &Candidate, minute: MinuteWrite) {
        let Some(limit) = wish.per_minute else {
            return;
        };
        match minute {
            MinuteWrite::Unlimited => return,
            MinuteWrite::First => {
                self.sets.extend(["#minute = :minute", "#count = :step"]);
                self.conditions
                    .push("(attribute_not_exists(#minute) OR #minute < :minute)");
            }
            MinuteWrite::Next => {
                self.adds.push("#count :step");
                self.conditions
                    .push("#minute = :minute AND #count < :per_minute");
                self.value(":per_minute", number(limit));
            }
        }
        self.name("#minute", minute_name(&candidate.resource));
        self.name("#count", minute_count_name(&candidate.resource));
        self.value(":minute", text(minute_label(wish.now)));
    }

    /// Only if the last write was not this one already.
    fn once(&mut self, token: &AttributeValue) {
        self.sets.push("write_token = :token");
        self.conditions.push(IF_NOT_OURS);
        self.value(":token", token.clone());
    }

    fn update_expression(&self) -> String {
        let mut expression = format!("ADD {}", self.adds.join(", "));
        if !self.sets.is_empty() {
            expression = format!("SET {} {expression}", self.sets.join(", "));
        }
        expression
    }

    fn condition(&self) -> String {
        self.conditions.join(" AND ")
    }
}

impl Usage {
    /// Adds one to every counter that the unit counts in, if each is below its limit. A repetition after a lost answer
    /// finds its own token and takes nothing more; only if somebody else took a unit in between, one is wasted.
    pub(super) async fn take(
        &self,
        wish: &Reservation,
        candidate: &Candidate,
        minute: MinuteWrite,
    ) -> Result<Taken, PortError> {
        let token = text(unique::token());
        let mut parts = Parts::counting(wish, candidate, 1);
        parts.within_limits(wish, candidate);
        parts.in_minute(wish, candidate, minute);
        parts.once(&token);
        let key = keys::usage(&wish.tenant, wish.date, wish.channel);
        let sent = self
            .table
            .update()?
            .set_key(Some(key_of(key)))
            .update_expression(parts.update_expression())
            .condition_expression(parts.condition())
            .set_expression_attribute_names(Some(parts.names))
            .set_expression_attribute_values(Some(parts.values))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match sent {
            Ok(answer) => return Day::of(&answer.attributes.unwrap_or_default()).map(Taken::Yes),
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                let found = failed.item().cloned().unwrap_or_default();
                let day = Day::of(&found)?;
                Ok(if found.get(WRITE_TOKEN) == Some(&token) {
                    Taken::Yes(day)
                } else {
                    Taken::No(day)
                })
            }
            // Somebody gives a unit back at this moment.
            Some(UpdateItemError::TransactionConflictException(_)) => {
                self.read_day(wish).await.map(Taken::No)
            }
            _ => Err(unavailable("capacity")(error)),
        }
    }

    /// Takes one off every counter, and its price off what was spent; nothing when there is nothing to give back. One
    /// transaction, whose token lets it take effect once however often the client tries.
    pub(super) async fn give_back(
        &self,
        wish: &Reservation,
        candidate: &Candidate,
    ) -> Result<(), PortError> {
        let mut parts = Parts::counting(wish, candidate, -1);
        parts.conditions.push("#used > :zero");
        parts.value(":zero", number(0));
        let key = keys::usage(&wish.tenant, wish.date, wish.channel);
        let update = Update::builder()
            .set_key(Some(key_of(key)))
            .update_expression(parts.update_expression())
            .condition_expression(parts.condition())
            .set_expression_attribute_names(Some(parts.names))
            .set_expression_attribute_values(Some(parts.values));
        let mut writes = vec![self.table.transact_update(update)?];
        if let Some(campaign) = &wish.campaign {
            let unspent = self
                .tenants
                .unspend(&wish.tenant, campaign, wish.date, wish.price)?;
            writes.extend(unspent);
        }
        if self.table.transact("capacity", writes).await? == Transacted::Committed {
            let day = (wish.tenant.clone(), wish.date, wish.channel);
            self.seen.forget(&day);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_sets_before_it_adds() {
        let mut parts = Parts {
            adds: vec!["#a :step", "#b :step"],
            sets: vec!["#m = :m"],
            ..Parts::default()
        };
        assert_eq!(
            parts.update_expression(),
            "SET #m = :m ADD #a :step, #b :step"
        );
        parts.sets.clear();
        assert_eq!(parts.update_expression(), "ADD #a :step, #b :step");
    }
}
