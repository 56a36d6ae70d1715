//! Listens to the SDK: what did the calls of a client cost in write units, by DynamoDB's own count? It can also make a
//! client believe that answers were lost.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use aws_sdk_dynamodb::{
    Client,
    config::{
        Builder, ConfigBag, Intercept, RuntimeComponents,
        interceptors::{
            AfterDeserializationInterceptorContextRef, BeforeDeserializationInterceptorContextMut,
            BeforeSerializationInterceptorContextMut, BeforeTransmitInterceptorContextRef,
        },
    },
    error::BoxError,
    operation::{
        put_item::{PutItemInput, PutItemOutput},
        update_item::{UpdateItemInput, UpdateItemOutput},
    },
    types::ReturnConsumedCapacity,
};
use aws_smithy_types::config_bag::{Storable, StoreReplace};

use crate::schema::Stack;

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

/// Turns the first answer to each write into a server error, after the write was carried out, so that the client tries
/// it again.
#[derive(Clone, Debug, Default)]
pub struct LosesFirstAnswers {
    lost: Arc<Mutex<HashSet<Vec<u8>>>>,
}

impl Intercept for LosesFirstAnswers {
    fn name(&self) -> &'static str {
        "LosesFirstAnswers"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        let operation = request.headers().get("x-amz-target").unwrap_or_default();
        // A repetition is the same to the byte, token included; another write is not.
        let body = request.body().bytes().unwrap_or_default().to_vec();
        let is_lost = !operation.ends_with("GetItem") && self.lost.lock().unwrap().insert(body);
        config.interceptor_state().store_put(IsLost(is_lost));
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if config.load::<IsLost>().is_some_and(|answer| answer.0) {
            *context.response_mut().status_mut() = 500.try_into()?;
        }
        Ok(())
    }
}

/// Whether the answer to the present try will be lost.
#[derive(Debug)]
struct IsLost(bool);

impl Storable for IsLost {
    type Storer = StoreReplace<Self>;
}

/// A client of a stack that loses answers.
pub fn losing_client(stack: &Stack) -> Client {
    let config = Builder::from(stack.aws.config()).interceptor(LosesFirstAnswers::default());
    Client::from_conf(config.build())
}
