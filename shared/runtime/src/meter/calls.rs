//! What one call cost, by table or queue: what was asked is kept when the call begins and weighed when its answer is there.
//! Writes count as DynamoDB reports them; reads by the sizes of what came back.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::{
    config::interceptors::{
        AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
    },
    operation::{
        batch_get_item::BatchGetItemOutput,
        batch_write_item::BatchWriteItemOutput,
        delete_item::{DeleteItemInput, DeleteItemOutput},
        get_item::{GetItemInput, GetItemOutput},
        put_item::{PutItemError, PutItemInput, PutItemOutput},
        query::{QueryInput, QueryOutput},
        transact_write_items::{TransactWriteItemsInput, TransactWriteItemsOutput},
        update_item::{UpdateItemError, UpdateItemInput, UpdateItemOutput},
    },
    types::{AttributeValue, ConsumedCapacity},
};
use aws_sdk_eventbridge::operation::put_events::PutEventsInput;
use aws_sdk_sqs::operation::{
    send_message::SendMessageInput, send_message_batch::SendMessageBatchInput,
};

use super::{
    Units,
    size::{item_bytes, read_units, write_units},
};

type Context<'a> = AfterDeserializationInterceptorContextRef<'a>;
/// A call before it is written down.
type Begun<'a> = BeforeSerializationInterceptorContextMut<'a>;
type Item = HashMap<String, AttributeValue>;
/// Units by table or queue.
pub(super) type Parts = Vec<(String, Units)>;

/// SQS and EventBridge bill a request or an event by pieces of this size.
const PIECE_BYTES: usize = 64 * 1_024;
/// A write in a transaction costs double.
const TRANSACTION_FACTOR: f64 = 2.0;

/// What a call asks for, as far as its cost depends on it.
#[derive(Debug)]
pub(super) enum Asked {
    /// Items of a table or an index, by one call.
    Read { on: String, consistent: bool },
    /// Items of several tables: table, how many, and whether consistently.
    Batch(Vec<(String, usize, bool)>),
    /// A write of one item.
    Write { on: String },
    /// A transaction, with what it costs if it is called off.
    Transaction(Parts),
    /// Messages or events, by what is billed.
    Messages { on: String, billed: u64 },
    /// Anything else; the answer may tell more.
    Other,
}

impl Asked {
    /// Of a call that begins.
    pub(super) fn of(call: &Begun<'_>) -> Self {
        Self::reading(call)
            .or_else(|| Self::writing(call))
            .or_else(|| Self::sending(call))
            .unwrap_or(Self::Other)
    }

    fn reading(call: &Begun<'_>) -> Option<Self> {
        if let Some(get) = call.input().downcast_ref::<GetItemInput>() {
            return Some(Self::Read {
                on: owned(get.table_name()),
                consistent: get.consistent_read().unwrap_or_default(),
            });
        }
        if let Some(query) = call.input().downcast_ref::<QueryInput>() {
            let on = [query.table_name(), query.index_name()];
            let on: Vec<&str> = on.into_iter().flatten().collect();
            return Some(Self::Read {
                on: on.join("/"),
                consistent: query.consistent_read().unwrap_or_default(),
            });
        }
        None
    }

    /// Of the body of a `BatchGetItem`.
    pub(super) fn batch(body: &[u8]) -> Option<Self> {
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        let tables = body["RequestItems"].as_object()?.iter();
        let tables = tables.map(|(table, asked)| {
            let keys = asked["Keys"].as_array().map_or(0, Vec::len);
            let consistent = asked["ConsistentRead"].as_bool().unwrap_or_default();
            (table.clone(), keys, consistent)
        });
        Some(Self::Batch(tables.collect()))
    }

    fn writing(call: &Begun<'_>) -> Option<Self> {
        if let Some(transaction) = call.input().downcast_ref::<TransactWriteItemsInput>() {
            return Some(Self::Transaction(cancelled(transaction)));
        }
        let put = call.input().downcast_ref::<PutItemInput>();
        let update = call.input().downcast_ref::<UpdateItemInput>();
        let delete = call.input().downcast_ref::<DeleteItemInput>();
        let table = put
            .map(PutItemInput::table_name)
            .or_else(|| update.map(UpdateItemInput::table_name))
            .or_else(|| delete.map(DeleteItemInput::table_name))?;
        Some(Self::Write { on: owned(table) })
    }

    fn sending(call: &Begun<'_>) -> Option<Self> {
        if let Some(batch) = call.input().downcast_ref::<SendMessageBatchInput>() {
            let bodies = batch.entries().iter();
            return Some(Self::Messages {
                on: owned(queue(batch.queue_url())),
                billed: pieces(bodies.map(|entry| entry.message_body().len()).sum()),
            });
        }
        if let Some(message) = call.input().downcast_ref::<SendMessageInput>() {
            return Some(Self::Messages {
                on: owned(queue(message.queue_url())),
                billed: pieces(message.message_body().map_or(0, str::len)),
            });
        }
        let events = call.input().downcast_ref::<PutEventsInput>()?.entries();
        let sizes = events
            .iter()
            .map(|event| pieces(event.detail().map_or(0, str::len)));
        Some(Self::Messages {
            on: String::new(),
            billed: sizes.sum(),
        })
    }

    /// What the call cost, by its answer; nothing for one that is billed by the request alone.
    pub(super) fn costs(&self, context: &Context<'_>) -> Parts {
        match self {
            Self::Read { on, consistent } => {
                vec![(on.clone(), read(weight(context, *consistent)))]
            }
            Self::Batch(tables) => batch_costs(tables, output(context)),
            Self::Write { on } => {
                let units = units(reported(context), refused(context));
                vec![(on.clone(), written(units))]
            }
            Self::Transaction(called_off) => {
                let committed = output::<TransactWriteItemsOutput>(context);
                committed.map_or_else(
                    || called_off.clone(),
                    |committed| by_table(committed.consumed_capacity()),
                )
            }
            Self::Messages { on, billed } => {
                let billed = *billed;
                let units = Units {
                    billed,
                    ..Units::default()
                };
                vec![(on.clone(), units)]
            }
            Self::Other => {
                let batch = output::<BatchWriteItemOutput>(context);
                batch.map_or_else(Parts::new, |batch| by_table(batch.consumed_capacity()))
            }
        }
    }
}

fn owned(name: Option<&str>) -> String {
    name.unwrap_or_default().to_owned()
}

fn output<'a, T: std::fmt::Debug + Send + Sync + 'static>(
    context: &'a Context<'_>,
) -> Option<&'a T> {
    context.output_or_error().ok()?.downcast_ref::<T>()
}

fn error<'a, T: std::error::Error + Send + Sync + 'static>(
    context: &'a Context<'_>,
) -> Option<&'a T> {
    context
        .output_or_error()
        .err()?
        .as_operation_error()?
        .downcast_ref::<T>()
}

fn read(units: f64) -> Units {
    Units {
        read: units,
        ..Units::default()
    }
}

fn written(units: f64) -> Units {
    Units {
        write: units,
        ..Units::default()
    }
}

/// The units of a read by key or of a query; a call that failed costs nothing.
fn weight(context: &Context<'_>, consistent: bool) -> f64 {
    let got = output::<GetItemOutput>(context).map(|got| got.item().map_or(0, item_bytes));
    let found = || {
        let found = output::<QueryOutput>(context)?;
        Some(found.items().iter().map(item_bytes).sum())
    };
    got.or_else(found)
        .map_or(0.0, |bytes| read_units(bytes, consistent))
}

fn batch_costs(tables: &[(String, usize, bool)], answer: Option<&BatchGetItemOutput>) -> Parts {
    let one = |(table, asked, consistent): &(String, usize, bool)| {
        let units = answer.map_or(0.0, |answer| {
            let waiting = answer
                .unprocessed_keys()
                .and_then(|keys| keys.get(table))
                .map_or(0, |left| left.keys().len());
            let found = answer.responses().and_then(|found| found.get(table));
            let found = found.map(Vec::as_slice).unwrap_or_default();
            batch_units(asked.saturating_sub(waiting), found, *consistent)
        });
        (table.clone(), read(units))
    };
    tables.iter().map(one).collect()
}

/// Each item of a batch is rounded up by itself; one that is not there costs a piece.
fn batch_units(asked: usize, found: &[Item], consistent: bool) -> f64 {
    let there: f64 = found
        .iter()
        .map(|item| read_units(item_bytes(item), consistent))
        .sum();
    let missing = (found.len()..asked).map(|_| read_units(0, consistent));
    there + missing.sum::<f64>()
}

fn reported<'a>(context: &'a Context<'_>) -> Option<&'a ConsumedCapacity> {
    let put = output::<PutItemOutput>(context).map(PutItemOutput::consumed_capacity);
    let update = || output::<UpdateItemOutput>(context).map(UpdateItemOutput::consumed_capacity);
    let delete = || output::<DeleteItemOutput>(context).map(DeleteItemOutput::consumed_capacity);
    put.or_else(update).or_else(delete).flatten()
}

/// What stood in the way of a conditional write, if anything did.
fn refused<'a>(context: &'a Context<'_>) -> Option<Option<&'a Item>> {
    if let Some(PutItemError::ConditionalCheckFailedException(failed)) = error(context) {
        return Some(failed.item());
    }
    match error(context) {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => Some(failed.item()),
        _ => None,
    }
}

/// A refused conditional write costs the size of what is there.
fn units(reported: Option<&ConsumedCapacity>, refused: Option<Option<&Item>>) -> f64 {
    let reported = reported.and_then(|capacity| capacity.capacity_units());
    reported
        .or_else(|| refused.map(|there| write_units(there.map_or(0, item_bytes))))
        .unwrap_or_default()
}

fn by_table(capacities: &[ConsumedCapacity]) -> Parts {
    let one = |capacity: &ConsumedCapacity| {
        let units = capacity.capacity_units().unwrap_or_default();
        (owned(capacity.table_name()), written(units))
    };
    capacities.iter().map(one).collect()
}

/// A transaction that was called off costs what it would have written; of items whose size is not told, one piece each.
fn cancelled(transaction: &TransactWriteItemsInput) -> Parts {
    let mut tables: BTreeMap<String, Units> = BTreeMap::new();
    for item in transaction.transact_items() {
        let put = item.put();
        let table = put
            .map(|put| put.table_name())
            .or_else(|| item.update().map(|update| update.table_name()))
            .or_else(|| item.delete().map(|delete| delete.table_name()))
            .or_else(|| item.condition_check().map(|check| check.table_name()));
        let bytes = put.map_or(0, |put| item_bytes(put.item()));
        *tables.entry(owned(table)).or_default() +=
            written(TRANSACTION_FACTOR * write_units(bytes));
    }
    tables.into_iter().collect()
}

/// The queue's name, without the account that stands before it.
fn queue(url: Option<&str>) -> Option<&str> {
    url.and_then(|url| url.rsplit('/').next())
}

fn pieces(bytes: usize) -> u64 {
    bytes.div_ceil(PIECE_BYTES).max(1) as u64
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
    use proptest::prelude::*;

    use super::*;

    fn item(bytes: usize) -> Item {
        let text = "x".repeat(bytes.saturating_sub(1));
        HashMap::from([("a".to_owned(), AttributeValue::S(text))])
    }

    #[test]
    fn a_batch_rounds_each_item_up_and_pays_for_what_is_not_there() {
        let found = [item(100), item(4_097)];
        assert_eq!(batch_units(4, &found, true), 1.0 + 2.0 + 1.0 + 1.0);
        assert_eq!(batch_units(4, &found, false), 2.5);
    }

    #[test]
    fn a_refused_write_costs_what_is_there() {
        let there = item(1_500);
        assert_eq!(units(None, Some(Some(&there))), 2.0);
        assert_eq!(units(None, Some(None)), 1.0);
        assert_eq!(units(None, None), 0.0);
        let reported = ConsumedCapacity::builder().capacity_units(3.0).build();
        assert_eq!(units(Some(&reported), None), 3.0);
    }

    #[test]
    fn a_transaction_that_was_called_off_is_paid_for_by_table() {
        let put = Put::builder()
            .table_name("leads")
            .set_item(Some(item(1_500)))
            .build()
            .unwrap();
        let update = Update::builder()
            .table_name("tenants")
            .key("pk", AttributeValue::S("a".into()))
            .update_expression("ADD n :n")
            .build()
            .unwrap();
        let transaction = TransactWriteItemsInput::builder()
            .transact_items(TransactWriteItem::builder().put(put).build())
            .transact_items(TransactWriteItem::builder().update(update).build())
            .build()
            .unwrap();
        let parts = cancelled(&transaction);
        let named: Vec<(&str, f64)> = parts
            .iter()
            .map(|(table, units)| (table.as_str(), units.write))
            .collect();
        assert_eq!(named, [("leads", 4.0), ("tenants", 2.0)]);
    }

    #[test]
    fn a_message_is_billed_by_pieces_of_64_kilobytes() {
        assert_eq!((pieces(0), pieces(65_536), pieces(65_537)), (1, 1, 2));
        assert_eq!(
            queue(Some("http://127.0.0.1/000000000000/s-email")),
            Some("s-email")
        );
    }

    proptest! {
        #[test]
        fn a_batch_costs_the_sum_of_its_items(
            sizes in proptest::collection::vec(1_usize..9_000, 0..20),
            missing in 0_usize..5,
            consistent in any::<bool>(),
        ) {
            let found: Vec<Item> = sizes.iter().map(|size| item(*size)).collect();
            let alone: f64 = sizes.iter().map(|size| read_units(*size, consistent)).sum();
            let none = (0..missing).map(|_| read_units(0, consistent)).sum::<f64>();
            let units = batch_units(found.len() + missing, &found, consistent);
            prop_assert!((units - alone - none).abs() < 1e-9);
        }
    }
}
