//! Kill switches: one item, one attribute for each switch that is on, so that two people turn different switches at
//! once without losing one (GATE-1, SEQ-5).

use aws_sdk_dynamodb::{
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use touchline_domain::sending::switch::{SwitchRecord, SwitchScope, Switches};
use touchline_engine::{desk::switches::SwitchBoard, ports::PortError};

use super::Tenants;
use crate::{
    error::{corrupt, unavailable},
    item::{Item, attribute, decode_attribute, key_of},
    keys::{self, PK, SK},
    table::Read,
};

impl Tenants {
    /// The switches that are on.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn switches(&self) -> Result<Switches, PortError> {
        let item = self
            .table
            .get("switches", keys::switches(), Read::Consistent)
            .await?;
        decoded(item.unwrap_or_default())
    }
}

impl SwitchBoard for Tenants {
    async fn turn_on(
        &self,
        scope: &SwitchScope,
        record: &SwitchRecord,
    ) -> Result<Option<SwitchRecord>, PortError> {
        let update = self
            .update(scope)?
            .update_expression("SET #scope = :record")
            .condition_expression("attribute_not_exists(#scope)")
            .expression_attribute_values(":record", attribute("switches", record)?)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let error = match update.send().await {
            Ok(_) => return Ok(None),
            Err(error) => error,
        };
        let before = match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                record_in(failed.item(), scope)?
            }
            _ => return Err(unavailable("switches")(error)),
        };
        // A repetition of ours, whose first answer was lost, finds our own record.
        Ok(before.filter(|before| before != record))
    }

    async fn turn_off(&self, scope: &SwitchScope) -> Result<Option<SwitchRecord>, PortError> {
        let update = self
            .update(scope)?
            .update_expression("REMOVE #scope")
            .return_values(ReturnValue::UpdatedOld);
        let updated = update.send().await.map_err(unavailable("switches"))?;
        record_in(updated.attributes(), scope)
    }
}

impl Tenants {
    fn update(&self, scope: &SwitchScope) -> Result<UpdateItemFluentBuilder, PortError> {
        let update = self.table.update()?;
        Ok(update
            .set_key(Some(key_of(keys::switches())))
            .expression_attribute_names("#scope", scope.to_string()))
    }
}

fn record_in(item: Option<&Item>, scope: &SwitchScope) -> Result<Option<SwitchRecord>, PortError> {
    let name = scope.to_string();
    item.and_then(|item| item.get(&name))
        .map(|value| decode_attribute("switches", &name, value))
        .transpose()
}

fn decoded(mut item: Item) -> Result<Switches, PortError> {
    item.remove(PK);
    item.remove(SK);
    let switches = item.into_iter().map(|(name, value)| {
        let record = decode_attribute("switches", &name, &value)?;
        let scope = SwitchScope::try_from(name.clone())
            .map_err(|error| corrupt("switches", name.clone(), &name, error.to_string()))?;
        Ok((scope, record))
    });
    switches.collect::<Result<_, PortError>>().map(Switches)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> SwitchRecord {
        SwitchRecord {
            at: crate::samples::now(),
            actor: "ops".into(),
            reason: "test".into(),
        }
    }

    #[test]
    fn every_attribute_is_a_switch() {
        let mut item = key_of(keys::switches());
        item.insert(
            "tenant/acme/channel/sms".into(),
            attribute("switches", &record()).unwrap(),
        );
        item.insert("platform".into(), attribute("switches", &record()).unwrap());
        let switches = decoded(item).unwrap();
        assert_eq!(switches.0.len(), 2);
        assert_eq!(switches.0[&SwitchScope::Platform], record());
    }

    #[test]
    fn an_attribute_that_names_no_switch_is_an_error_and_not_a_switch_less() {
        let mut item = key_of(keys::switches());
        item.insert(
            "everything".into(),
            attribute("switches", &record()).unwrap(),
        );
        assert!(
            decoded(item)
                .unwrap_err()
                .to_string()
                .starts_with("switches holds eve...")
        );
    }
}
