//! Listens to a client of the SDK. It asks DynamoDB to say what a write cost, and for whole items where a query wants parts
//! of them: what is left out is charged all the same and has to be weighed.

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{
            AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
            BeforeTransmitInterceptorContextRef,
        },
    },
    error::BoxError,
    operation::{
        batch_write_item::BatchWriteItemInput, delete_item::DeleteItemInput,
        put_item::PutItemInput, query::QueryInput, transact_write_items::TransactWriteItemsInput,
        update_item::UpdateItemInput,
    },
    types::ReturnConsumedCapacity,
};

use aws_smithy_types::config_bag::{Storable, StoreReplace};

use super::{Kind, Meter, Units, calls::Asked};

/// Counts the calls of one client.
#[derive(Debug)]
pub struct Counting {
    service: &'static str,
    meter: Meter,
}

impl Counting {
    pub(super) fn new(service: &'static str, meter: Meter) -> Self {
        Self { service, meter }
    }
}

impl Storable for Asked {
    type Storer = StoreReplace<Self>;
}

/// The operation of a call under way.
#[derive(Debug)]
struct Operation(String);

impl Storable for Operation {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Counting {
    fn name(&self) -> &'static str {
        "CostMeter"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input_mut();
        let wanted = Some(ReturnConsumedCapacity::Total);
        if let Some(put) = input.downcast_mut::<PutItemInput>() {
            put.return_consumed_capacity = wanted;
        } else if let Some(update) = input.downcast_mut::<UpdateItemInput>() {
            update.return_consumed_capacity = wanted;
        } else if let Some(delete) = input.downcast_mut::<DeleteItemInput>() {
            delete.return_consumed_capacity = wanted;
        } else if let Some(batch) = input.downcast_mut::<BatchWriteItemInput>() {
            batch.return_consumed_capacity = wanted;
        } else if let Some(transaction) = input.downcast_mut::<TransactWriteItemsInput>() {
            transaction.return_consumed_capacity = wanted;
        } else if let Some(query) = input.downcast_mut::<QueryInput>() {
            query.projection_expression = None;
        }
        let asked = Asked::of(context);
        config.interceptor_state().store_put(asked);
        Ok(())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        // The JSON protocols name the operation in a header; S3 is told by its method.
        let operation = match request.headers().get("x-amz-target") {
            Some(target) => target.rsplit('.').next().unwrap_or(target),
            None => request.method(),
        };
        // Whoever writes the keys into the body by itself leaves none in the input.
        if operation == "BatchGetItem"
            && let Some(asked) = Asked::batch(request.body().bytes().unwrap_or_default())
        {
            config.interceptor_state().store_put(asked);
        }
        let operation = Operation(operation.to_owned());
        config.interceptor_state().store_put(operation);
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = config.load::<Operation>();
        let operation = operation.map_or("", |operation| &operation.0);
        let asked = config.load::<Asked>();
        let mut parts = asked.map_or_else(Vec::new, |asked| asked.costs(context));
        if parts.is_empty() {
            let billed = 1;
            let units = Units {
                billed,
                ..Units::default()
            };
            parts.push((String::new(), units));
        }
        // The request itself is counted once, with the first table that it names.
        if let Some((_, units)) = parts.first_mut() {
            units.calls = 1;
        }
        for (on, units) in parts {
            let kind = Kind::new(self.service, operation, &on);
            self.meter.count(kind, units);
        }
        Ok(())
    }
}
