//! Listens to the SDK: what did the calls of a client cost in write units, by DynamoDB's own count? It can also make a
//! client believe that an answer was lost.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{
            AfterDeserializationInterceptorContextRef, BeforeDeserializationInterceptorContextMut,
            BeforeSerializationInterceptorContextMut,
        },
    },
    error::BoxError,
    operation::{
        put_item::{PutItemInput, PutItemOutput},
        update_item::{UpdateItemInput, UpdateItemOutput},
    },
    types::ReturnConsumedCapacity,
};

/// Counts write units.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    units: Arc<Mutex<Vec<f64>>>,
}

impl Meter {
    /// The units since the last call, one entry a write.
    pub fn taken(&self) -> Vec<f64> {
        std::mem::take(&mut self.units.lock().unwrap())
    }
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let wanted = Some(ReturnConsumedCapacity::Total);
        if let Some(put) = context.input_mut().downcast_mut::<PutItemInput>() {
            put.return_consumed_capacity = wanted;
        } else if let Some(update) = context.input_mut().downcast_mut::<UpdateItemInput>() {
            update.return_consumed_capacity = wanted;
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Ok(output) = context.output_or_error() else {
            return Ok(());
        };
        let capacity = match (
            output.downcast_ref::<PutItemOutput>(),
            output.downcast_ref::<UpdateItemOutput>(),
        ) {
            (Some(put), _) => put.consumed_capacity.as_ref(),
            (_, Some(update)) => update.consumed_capacity.as_ref(),
            _ => None,
        };
        self.units
            .lock()
            .unwrap()
            .extend(capacity.and_then(|capacity| capacity.capacity_units));
        Ok(())
    }
}

/// Turns the first answer into a server error, after the call was carried out.
#[derive(Clone, Debug, Default)]
pub struct LosesFirstAnswer {
    lost: Arc<Mutex<bool>>,
}

impl Intercept for LosesFirstAnswer {
    fn name(&self) -> &'static str {
        "LosesFirstAnswer"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut lost = self.lost.lock().unwrap();
        if !*lost {
            *lost = true;
            *context.response_mut().status_mut() = 500.try_into()?;
        }
        Ok(())
    }
}
