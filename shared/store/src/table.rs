//! One DynamoDB table: reads by key, queries within a partition, and writes of whole items. There is no scan here, so
//! no caller can make one.

use std::{collections::HashMap, marker::PhantomData, sync::Arc};

use aws_sdk_dynamodb::{
    Client,
    error::{BuildError, SdkError},
    operation::{
        batch_get_item::builders::BatchGetItemFluentBuilder,
        batch_write_item::builders::BatchWriteItemFluentBuilder, put_item::PutItemError,
        query::builders::QueryFluentBuilder, transact_write_items::TransactWriteItemsError,
        update_item::builders::UpdateItemFluentBuilder,
    },
    types::{
        AttributeValue, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
        builders::{ConditionCheckBuilder, UpdateBuilder},
    },
};
use touchline_engine::ports::PortError;
use touchline_runtime::unique;

use crate::{
    error::{Incomplete, incomplete, unavailable},
    item::{Item, key_of, text},
    keys::{Key, PK, SK},
    names::{Given, not_given},
};

/// Tells our own write from another one when an answer was lost and the SDK tried again.
pub(crate) const WRITE_TOKEN: &str = "write_token";
/// The last write of the item was not this very one: after a lost answer, its repetition changes nothing.
pub(crate) const IF_NOT_OURS: &str = "(attribute_not_exists(write_token) OR write_token <> :token)";
/// Nothing is stored under the key yet.
pub(crate) const IF_NEW: &str = "attribute_not_exists(pk)";
/// A transaction that met another one is made again this often.
const TRANSACTION_TRIES: u32 = 6;
/// DynamoDB's word for a condition that did not hold.
const CONDITION_FAILED: &str = "ConditionalCheckFailed";

/// Whether a read has to see every write that was acknowledged before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// It decides a write, or whether somebody is contacted: one read unit for each 4 KB.
    Consistent,
    /// A moment of delay does no harm: half a unit.
    Eventual,
}

/// Which sort keys of a partition.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Range<'a> {
    /// All of them.
    All,
    /// Those that begin so.
    Prefix(&'a str),
    /// Those from one to another, both included.
    Between(&'a str, &'a str),
}

/// Some items of a partition, in order of sort key.
#[derive(Debug)]
pub(crate) struct Page {
    /// The items.
    pub items: Vec<Item>,
    /// The sort key behind which to go on, if there is more.
    pub next: Option<String>,
}

/// How a transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Transacted {
    /// Everything is written.
    Committed,
    /// Nothing is; the positions whose conditions did not hold.
    Refused(Vec<usize>),
}

/// How a conditional write of a whole item ended.
#[derive(Debug)]
pub(crate) enum PutIf {
    /// It is written.
    Written,
    /// The condition did not hold; what is there instead.
    Refused(Item),
}

impl PutIf {
    /// Whether it is written.
    pub(crate) fn is_written(&self) -> bool {
        matches!(self, Self::Written)
    }
}

/// A table, as a type: what a function does to which table can be read from its program, and is held against its rights.
pub(crate) trait Kind {
    /// The setting with the table's name.
    const SETTING: &'static str;
}

/// The tables.
pub(crate) mod of {
    use touchline_runtime::settings::name;

    use super::Kind;

    macro_rules! tables {
        ($($name:ident = $setting:ident),+) => {$(
            #[derive(Clone, Debug)]
            pub(crate) enum $name {}

            impl Kind for $name {
                const SETTING: &'static str = name::$setting;
            }
        )+};
    }

    tables!(
        Leads = LEADS_TABLE,
        Tenants = TENANTS_TABLE,
        Pool = POOL_TABLE,
        Register = REGISTER_TABLE,
        Inbox = INBOX_TABLE,
        Ledger = LEDGER_TABLE
    );
}

/// The indexes of the leads table.
pub(crate) mod index {
    /// An index by its name.
    pub(crate) trait Index {
        /// Its name.
        const NAME: &'static str;
    }

    /// What is due, by shard.
    pub(crate) enum Due {}

    impl Index for Due {
        const NAME: &'static str = "due";
    }

    /// The leads of a tenant.
    pub(crate) enum Listing {}

    impl Index for Listing {
        const NAME: &'static str = "listing";
    }
}

/// A table and the client to reach it. Whatever is done to a table goes through one of these functions.
#[derive(Debug)]
pub(crate) struct Table<K> {
    db: Client,
    name: Option<Arc<str>>,
    kind: PhantomData<fn() -> K>,
}

impl<K> Clone for Table<K> {
    fn clone(&self) -> Self {
        Self {
            db: self.db.clone(),
            name: self.name.clone(),
            kind: PhantomData,
        }
    }
}

impl<K: Kind> Table<K> {
    pub(crate) fn new(db: Client, name: impl Into<Given>) -> Self {
        Self {
            db,
            name: name.into().0,
            kind: PhantomData,
        }
    }

    /// The table's name; an error that names the setting when this function was not given it.
    pub(crate) fn name(&self) -> Result<&str, PortError> {
        self.name.as_deref().ok_or_else(|| not_given(K::SETTING))
    }

    /// An update of one item, to be completed by the caller.
    pub(crate) fn update(&self) -> Result<UpdateItemFluentBuilder, PortError> {
        Ok(self.db.update_item().table_name(self.name()?))
    }

    /// A query of an index, to be completed by the caller.
    pub(crate) fn query_index<I: index::Index>(&self) -> Result<QueryFluentBuilder, PortError> {
        let query = self.db.query().table_name(self.name()?);
        Ok(query.index_name(I::NAME))
    }

    /// A read of several items, to be completed by the caller.
    pub(crate) fn batch_get_item(&self) -> BatchGetItemFluentBuilder {
        self.db.batch_get_item()
    }

    /// A write of several items, to be completed by the caller.
    pub(crate) fn batch_write_item(&self) -> BatchWriteItemFluentBuilder {
        self.db.batch_write_item()
    }

    /// One item.
    pub(crate) async fn get(
        &self,
        what: &'static str,
        key: Key,
        read: Read,
    ) -> Result<Option<Item>, PortError> {
        let got = self
            .db
            .get_item()
            .table_name(self.name()?)
            .set_key(Some(key_of(key)))
            .consistent_read(read == Read::Consistent)
            .send()
            .await
            .map_err(unavailable(what))?;
        Ok(got.item)
    }

    /// Writes a whole item over whatever is there.
    pub(crate) async fn put(&self, what: &'static str, item: Item) -> Result<(), PortError> {
        let put = self
            .db
            .put_item()
            .table_name(self.name()?)
            .set_item(Some(item));
        put.send().await.map(|_| ()).map_err(unavailable(what))
    }

    /// Writes a whole item under a condition. A write of ours whose answer was lost, and that was tried again, is known
    /// by its token.
    pub(crate) async fn put_if(
        &self,
        what: &'static str,
        mut item: Item,
        condition: &str,
        values: HashMap<String, AttributeValue>,
    ) -> Result<PutIf, PortError> {
        let token = unique::token();
        item.insert(WRITE_TOKEN.to_owned(), text(&token));
        let put = self
            .db
            .put_item()
            .table_name(self.name()?)
            .set_item(Some(item))
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values).filter(|values| !values.is_empty()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match put.send().await {
            Ok(_) => Ok(PutIf::Written),
            Err(error) => match refused(&error) {
                Some(found) if found.get(WRITE_TOKEN) == Some(&text(token)) => Ok(PutIf::Written),
                Some(found) => Ok(PutIf::Refused(found)),
                None => Err(unavailable(what)(error)),
            },
        }
    }

    /// Writes an item unless there is one; `false` when there is.
    pub(crate) async fn put_if_new(
        &self,
        what: &'static str,
        item: Item,
    ) -> Result<bool, PortError> {
        Ok(self
            .put_if(what, item, IF_NEW, HashMap::new())
            .await?
            .is_written())
    }

    /// One page of a partition: at most `limit` items, behind the sort key `from`.
    pub(crate) async fn page(
        &self,
        what: &'static str,
        pk: &str,
        range: Range<'_>,
        read: Read,
        limit: Option<u32>,
        from: Option<String>,
    ) -> Result<Page, PortError> {
        let mut query = self
            .db
            .query()
            .table_name(self.name()?)
            .consistent_read(read == Read::Consistent)
            .expression_attribute_values(":pk", text(pk))
            .set_limit(limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX)));
        query = match range {
            Range::All => query.key_condition_expression("pk = :pk"),
            Range::Prefix(prefix) => query
                .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                .expression_attribute_values(":prefix", text(prefix)),
            Range::Between(first, last) => query
                .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
                .expression_attribute_values(":first", text(first))
                .expression_attribute_values(":last", text(last)),
        };
        if let Some(from) = from {
            query = query
                .exclusive_start_key(PK, text(pk))
                .exclusive_start_key(SK, text(from));
        }
        let answer = query.send().await.map_err(unavailable(what))?;
        let next = answer
            .last_evaluated_key
            .as_ref()
            .and_then(|key| key.get(SK)?.as_s().ok().cloned());
        Ok(Page {
            items: answer.items.unwrap_or_default(),
            next,
        })
    }

    /// All of a partition, or of a range of it.
    pub(crate) async fn all(
        &self,
        what: &'static str,
        pk: &str,
        range: Range<'_>,
        read: Read,
    ) -> Result<Vec<Item>, PortError> {
        let mut items = Vec::new();
        let mut from = None;
        loop {
            let page = self.page(what, pk, range, read, None, from).await?;
            items.extend(page.items);
            from = page.next;
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    /// A whole-item write for a transaction.
    pub(crate) fn transact_put(
        &self,
        item: Item,
        condition: Option<&str>,
    ) -> Result<TransactWriteItem, PortError> {
        self.transact_put_if(item, condition, HashMap::new())
    }

    /// A whole-item write for a transaction, under a condition with values.
    pub(crate) fn transact_put_if(
        &self,
        item: Item,
        condition: Option<&str>,
        values: HashMap<String, AttributeValue>,
    ) -> Result<TransactWriteItem, PortError> {
        let put = Put::builder()
            .table_name(self.name()?)
            .set_item(Some(item))
            .set_condition_expression(condition.map(str::to_owned))
            .set_expression_attribute_values(Some(values).filter(|values| !values.is_empty()))
            .build();
        let put = put.map_err(incomplete_write)?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// An update for a transaction.
    pub(crate) fn transact_update(
        &self,
        update: UpdateBuilder,
    ) -> Result<TransactWriteItem, PortError> {
        let update = update.table_name(self.name()?).build();
        let update = update.map_err(incomplete_write)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// A condition on an item that the transaction leaves as it is.
    pub(crate) fn transact_check(
        &self,
        check: ConditionCheckBuilder,
    ) -> Result<TransactWriteItem, PortError> {
        let check = check.table_name(self.name()?).build();
        let check = check.map_err(incomplete_write)?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    /// A deletion for a transaction.
    pub(crate) fn transact_delete(&self, key: Key) -> Result<TransactWriteItem, PortError> {
        let delete = Delete::builder()
            .table_name(self.name()?)
            .set_key(Some(key_of(key)))
            .build();
        let delete = delete.map_err(incomplete_write)?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    /// Writes all or nothing. Others at the same items make it try again; a condition that fails ends it.
    pub(crate) async fn transact(
        &self,
        what: &'static str,
        items: Vec<TransactWriteItem>,
    ) -> Result<Transacted, PortError> {
        // The token makes a repetition after a lost answer the same transaction.
        for _ in 0..TRANSACTION_TRIES {
            let sent = self
                .db
                .transact_write_items()
                .client_request_token(unique::token())
                .set_transact_items(Some(items.clone()))
                .send()
                .await;
            let error = match sent {
                Ok(_) => return Ok(Transacted::Committed),
                Err(error) => error,
            };
            match cancelled(&error) {
                None => return Err(unavailable(what)(error)),
                Some(refused) if !refused.is_empty() => return Ok(Transacted::Refused(refused)),
                Some(_) => tokio::task::yield_now().await,
            }
        }
        Err(incomplete(what, Incomplete::Contended))
    }
}

/// A write that lacks a part.
fn incomplete_write(error: BuildError) -> PortError {
    PortError::Unavailable {
        what: "transaction",
        cause: Box::new(error),
    }
}

/// `Some` when the condition of a put failed, with the item that is there.
fn refused<R>(error: &SdkError<PutItemError, R>) -> Option<Item> {
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(failed)) => {
            Some(failed.item().cloned().unwrap_or_default())
        }
        _ => None,
    }
}

/// `Some` when a transaction was cancelled, with the positions whose conditions failed: none of them means that it met
/// another transaction.
fn cancelled<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<Vec<usize>> {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        error.as_service_error()
    else {
        return None;
    };
    let reasons = cancelled.cancellation_reasons().iter().enumerate();
    Some(
        reasons
            .filter(|(_, reason)| reason.code() == Some(CONDITION_FAILED))
            .map(|(at, _)| at)
            .collect(),
    )
}
