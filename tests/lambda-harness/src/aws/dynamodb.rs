//! DynamoDB over items in memory. Puts are kept until [`Tables::freeze`]; from then on every write is acknowledged and
//! dropped, so that each invocation meets the same state. Conditions always hold, and an update changes nothing.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use super::{
    Refusal,
    due_index::{DueEntry, DueIndex, Span, place},
    key_condition::{KeyCondition, Sort},
};

/// Items of one table by partition key and sort key, joined by a character that no key has.
type Items = HashMap<Box<str>, Box<RawValue>>;

/// All tables. One exists as soon as it is named.
#[derive(Default)]
pub struct Tables {
    items: RwLock<HashMap<String, Items>>,
    due: RwLock<HashMap<String, DueIndex>>,
    frozen: AtomicBool,
    puts: AtomicU64,
}

/// A text attribute; keys are nothing else.
#[derive(Deserialize)]
struct Text<'a> {
    #[serde(rename = "S", borrow)]
    text: Cow<'a, str>,
}

/// The key of an item, or the key in it.
#[derive(Deserialize)]
struct ItemKey<'a> {
    #[serde(borrow)]
    pk: Text<'a>,
    #[serde(borrow)]
    sk: Option<Text<'a>>,
}

impl ItemKey<'_> {
    fn joined(&self) -> Box<str> {
        let sk = self.sk.as_ref().map_or("", |sk| &sk.text);
        [&self.pk.text, "\u{0}", sk].concat().into()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Get<'a> {
    table_name: String,
    #[serde(borrow)]
    key: ItemKey<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put<'a> {
    table_name: String,
    #[serde(borrow)]
    item: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Update<'a> {
    table_name: String,
    #[serde(borrow)]
    key: ItemKey<'a>,
    return_values: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Query {
    table_name: String,
    key_condition_expression: String,
    expression_attribute_values: HashMap<String, Value>,
    exclusive_start_key: Option<Value>,
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchGet<'a> {
    #[serde(borrow)]
    request_items: HashMap<String, Keys<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Keys<'a> {
    #[serde(borrow)]
    keys: Vec<ItemKey<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchWrite<'a> {
    #[serde(borrow)]
    request_items: HashMap<String, Vec<WriteRequest<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WriteRequest<'a> {
    #[serde(borrow)]
    put_request: Option<PutRequest<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutRequest<'a> {
    #[serde(borrow)]
    item: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Transaction<'a> {
    #[serde(borrow)]
    transact_items: Vec<TransactItem<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TransactItem<'a> {
    #[serde(borrow)]
    put: Option<Put<'a>>,
}

impl Tables {
    /// Drops every write from now on.
    pub fn freeze(&self) {
        self.frozen.store(true, Ordering::Relaxed);
    }

    /// Puts entries into the due index of a table. From then on queries by shard are answered from these alone.
    pub fn put_due(&self, table: &str, entries: impl IntoIterator<Item = DueEntry>) {
        let mut due = self.due.write().unwrap_or_else(PoisonError::into_inner);
        let index = due.entry(table.to_owned()).or_default();
        entries.into_iter().for_each(|entry| index.put(entry));
    }

    /// Items that were put so far, each as often as it was put.
    #[must_use]
    pub fn puts(&self) -> u64 {
        self.puts.load(Ordering::Relaxed)
    }

    /// Shows every item of a table: partition key, sort key, and the item as DynamoDB writes it.
    pub fn each(&self, table: &str, mut show: impl FnMut(&str, &str, &str)) {
        let tables = self.items.read().unwrap_or_else(PoisonError::into_inner);
        for (key, item) in tables.get(table).into_iter().flatten() {
            let (pk, sk) = key.split_once('\u{0}').unwrap_or((key, ""));
            show(pk, sk, item.get());
        }
    }

    pub(super) fn call(&self, operation: &str, body: &[u8]) -> Result<String, Refusal> {
        let text =
            std::str::from_utf8(body).map_err(|error| Refusal::because(error.to_string()))?;
        match operation {
            "GetItem" => self.get(&serde_json::from_str(text)?),
            "BatchGetItem" => self.batch_get(&serde_json::from_str(text)?),
            "Query" => self.query(&serde_json::from_str(text)?),
            "PutItem" => {
                let put: Put<'_> = serde_json::from_str(text)?;
                self.keep(&put.table_name, &[put.item])?;
                Ok("{}".to_owned())
            }
            "BatchWriteItem" => self.batch_write(serde_json::from_str(text)?),
            "TransactWriteItems" => self.transact(serde_json::from_str(text)?),
            "UpdateItem" => self.update(&serde_json::from_str(text)?),
            "DeleteItem" => Ok("{}".to_owned()),
            other => Err(Refusal::because(format!("DynamoDB.{other} is not played"))),
        }
    }

    fn found(&self, table: &str, key: &ItemKey<'_>) -> Option<Box<RawValue>> {
        let tables = self.items.read().unwrap_or_else(PoisonError::into_inner);
        tables.get(table)?.get(&key.joined()).cloned()
    }

    fn get(&self, get: &Get<'_>) -> Result<String, Refusal> {
        Ok(match self.found(&get.table_name, &get.key) {
            Some(item) => format!("{{\"Item\":{item}}}"),
            None => "{}".to_owned(),
        })
    }

    fn batch_get(&self, get: &BatchGet<'_>) -> Result<String, Refusal> {
        let mut responses: BTreeMap<&str, Vec<Box<RawValue>>> = BTreeMap::new();
        for (table, wanted) in &get.request_items {
            let found = wanted.keys.iter().filter_map(|key| self.found(table, key));
            responses.insert(table, found.collect());
        }
        let responses = serde_json::to_string(&responses)?;
        Ok(format!(
            "{{\"Responses\":{responses},\"UnprocessedKeys\":{{}}}}"
        ))
    }

    /// What an update would leave, as far as it is known: what was there before.
    fn update(&self, update: &Update<'_>) -> Result<String, Refusal> {
        let wanted = update
            .return_values
            .as_deref()
            .is_some_and(|kind| kind != "NONE");
        Ok(
            match self
                .found(&update.table_name, &update.key)
                .filter(|_| wanted)
            {
                Some(item) => format!("{{\"Attributes\":{item}}}"),
                None => "{}".to_owned(),
            },
        )
    }

    fn batch_write(&self, write: BatchWrite<'_>) -> Result<String, Refusal> {
        for (table, requests) in write.request_items {
            let items = requests
                .into_iter()
                .filter_map(|request| request.put_request);
            let items: Vec<&RawValue> = items.map(|put| put.item).collect();
            self.keep(&table, &items)?;
        }
        Ok("{\"UnprocessedItems\":{}}".to_owned())
    }

    fn transact(&self, transaction: Transaction<'_>) -> Result<String, Refusal> {
        for put in transaction.transact_items.into_iter().filter_map(|t| t.put) {
            self.keep(&put.table_name, &[put.item])?;
        }
        Ok("{}".to_owned())
    }

    fn keep(&self, table: &str, items: &[&RawValue]) -> Result<(), Refusal> {
        self.puts.fetch_add(items.len() as u64, Ordering::Relaxed);
        if self.frozen.load(Ordering::Relaxed) {
            return Ok(());
        }
        let keyed: Vec<(Box<str>, Box<RawValue>)> = items
            .iter()
            .map(|item| {
                let key: ItemKey<'_> = serde_json::from_str(item.get())?;
                Ok((key.joined(), (*item).to_owned()))
            })
            .collect::<Result<_, Refusal>>()?;
        let mut tables = self.items.write().unwrap_or_else(PoisonError::into_inner);
        tables.entry(table.to_owned()).or_default().extend(keyed);
        Ok(())
    }

    /// Looks at every item of the table: the tables that are queried hold a handful.
    fn query(&self, query: &Query) -> Result<String, Refusal> {
        let condition = KeyCondition::parse(&query.key_condition_expression)?;
        let value = |name: &str| query.expression_attribute_values.get(name);
        let text = |name: &str| {
            value(name)
                .and_then(|v| v["S"].as_str())
                .unwrap_or_default()
        };
        if let Sort::Between("due_at", first, last) = condition.sort {
            let due = self.due.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(index) = due.get(&query.table_name) {
                let span = Span {
                    shard: text(condition.value),
                    first: text(first),
                    last: text(last),
                    after: query.exclusive_start_key.as_ref().and_then(place),
                    limit: query.limit.unwrap_or(usize::MAX),
                };
                return Ok(index.query(&span).to_string());
            }
        }
        let mut found: Vec<(String, Value)> = Vec::new();
        let tables = self.items.read().unwrap_or_else(PoisonError::into_inner);
        for item in tables
            .get(&query.table_name)
            .into_iter()
            .flat_map(HashMap::values)
        {
            let item: Value = serde_json::from_str(item.get())?;
            let has = |name: &str| item[name]["S"].as_str();
            let in_range = match condition.sort {
                Sort::Any => true,
                Sort::Prefix(name, prefix) => {
                    has(name).is_some_and(|text_of| text_of.starts_with(text(prefix)))
                }
                Sort::Between(name, first, last) => {
                    has(name).is_some_and(|it| text(first) <= it && it <= text(last))
                }
            };
            if in_range && Some(&item[condition.attribute]) == value(condition.value) {
                let order = match condition.sort {
                    Sort::Between(name, ..) => has(name),
                    Sort::Any | Sort::Prefix(..) => has("sk"),
                };
                found.push((order.unwrap_or_default().to_owned(), item));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let items: Vec<Value> = found.into_iter().map(|(_, item)| item).collect();
        Ok(
            json!({ "Count": items.len(), "ScannedCount": items.len(), "Items": items })
                .to_string(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(tables: &Tables, operation: &str, request: Value) -> Value {
        let answer = tables
            .call(operation, request.to_string().as_bytes())
            .unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    fn lead(sk: &str, due: &str) -> Value {
        json!({ "pk": { "S": "T#acme" }, "sk": { "S": sk }, "due_at": { "S": due } })
    }

    fn put(tables: &Tables, item: Value) {
        call(
            tables,
            "PutItem",
            json!({ "TableName": "leads", "Item": item }),
        );
    }

    #[test]
    fn what_was_put_is_got_back_until_the_tables_are_frozen() {
        let tables = Tables::default();
        put(&tables, lead("L#1", "2026"));
        tables.freeze();
        put(&tables, lead("L#2", "2026"));
        let get = |sk: &str| {
            let key = json!({ "pk": { "S": "T#acme" }, "sk": { "S": sk } });
            call(
                &tables,
                "GetItem",
                json!({ "TableName": "leads", "Key": key }),
            )
        };
        assert_eq!(get("L#1")["Item"], lead("L#1", "2026"));
        assert_eq!(get("L#2"), json!({}));
        assert_eq!(tables.puts(), 2);
    }

    #[test]
    fn a_query_answers_its_range_in_order() {
        let tables = Tables::default();
        for (sk, due) in [
            ("L#2", "2026-11-20"),
            ("L#1", "2026-11-21"),
            ("M#1", "2026-12-01"),
        ] {
            put(&tables, lead(sk, due));
        }
        let query = |condition: &str, values: Value| {
            let request = json!({
                "TableName": "leads",
                "KeyConditionExpression": condition,
                "ExpressionAttributeValues": values,
            });
            let found = call(&tables, "Query", request);
            let items = found["Items"].as_array().unwrap().clone();
            items
                .iter()
                .map(|item| item["sk"]["S"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let prefix = json!({ ":pk": { "S": "T#acme" }, ":prefix": { "S": "L#" } });
        assert_eq!(
            query("pk = :pk AND begins_with(sk, :prefix)", prefix),
            ["L#1", "L#2"]
        );
        let due = json!({
            ":pk": { "S": "T#acme" }, ":first": { "S": "2026-11" }, ":last": { "S": "2026-11-30" },
        });
        assert_eq!(
            query("pk = :pk AND due_at BETWEEN :first AND :last", due),
            ["L#2", "L#1"]
        );
        assert!(query("pk = :pk", json!({ ":pk": { "S": "T#other" } })).is_empty());
    }

    #[test]
    fn a_call_that_is_not_played_is_refused() {
        assert!(Tables::default().call("Scan", b"{}").is_err());
    }
}
