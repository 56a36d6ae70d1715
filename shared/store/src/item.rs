//! Between our types and DynamoDB items: serde both ways. A stored item that cannot be read is an error that names the
//! attribute at fault; nothing is guessed.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use touchline_engine::ports::PortError;

use crate::{
    error::corrupt,
    keys::{Key, PK, SK},
    table::IF_NEW,
};

/// The attribute that counts the writes of an item.
pub(crate) const VERSION: &str = "version";

/// The attributes of an item.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// A text attribute.
pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
pub(crate) fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The attributes of a key.
pub(crate) fn key_of(key: Key) -> Item {
    Item::from([(PK.to_owned(), text(key.pk)), (SK.to_owned(), text(key.sk))])
}

/// `value` as the attributes of an item, without a key.
pub(crate) fn attributes<T: Serialize>(what: &'static str, value: &T) -> Result<Item, PortError> {
    serde_dynamo::to_item(value).map_err(|error| corrupt(what, "-", "", error.to_string()))
}

/// `value` as one attribute.
pub(crate) fn attribute<T: Serialize>(
    what: &'static str,
    value: &T,
) -> Result<AttributeValue, PortError> {
    serde_dynamo::to_attribute_value(value)
        .map_err(|error| corrupt(what, "-", "", error.to_string()))
}

/// `value` as an item with its key.
pub(crate) fn encode<T: Serialize>(
    what: &'static str,
    key: Key,
    value: &T,
) -> Result<Item, PortError> {
    let mut item = attributes(what, value)?;
    item.extend(key_of(key));
    Ok(item)
}

/// An item as a value; attributes that the type does not know are left aside.
pub(crate) fn decode<T: DeserializeOwned>(what: &'static str, item: Item) -> Result<T, PortError> {
    serde_dynamo::from_item(item.clone()).map_err(|error| {
        let (attribute, shown) = culprit::<T>(&item, &error);
        corrupt(what, attribute, &shown, error.to_string())
    })
}

/// One attribute as a value.
pub(crate) fn decode_attribute<T: DeserializeOwned>(
    what: &'static str,
    name: &str,
    value: &AttributeValue,
) -> Result<T, PortError> {
    serde_dynamo::from_attribute_value(value.clone())
        .map_err(|error| corrupt(what, name, &shown(value), error.to_string()))
}

/// A text that has to be there.
pub(crate) fn required_text<'a>(
    what: &'static str,
    item: &'a Item,
    name: &str,
) -> Result<&'a str, PortError> {
    let value = item
        .get(name)
        .ok_or_else(|| corrupt(what, name, "", "missing"))?;
    value
        .as_s()
        .map(String::as_str)
        .map_err(|_| corrupt(what, name, &shown(value), "not a text"))
}

/// A whole number, zero when absent.
pub(crate) fn counter(what: &'static str, item: &Item, name: &str) -> Result<i64, PortError> {
    let Some(value) = item.get(name) else {
        return Ok(0);
    };
    let digits = value
        .as_n()
        .map_err(|_| corrupt(what, name, &shown(value), "not a number"))?;
    digits
        .parse()
        .map_err(|_| corrupt(what, name, digits, "not a whole number"))
}

/// The version of an item; 0 where it was written before there were versions.
pub(crate) fn version_of(what: &'static str, item: &Item) -> Result<u64, PortError> {
    let version = counter(what, item, VERSION)?;
    version
        .try_into()
        .map_err(|_| corrupt(what, VERSION, &version.to_string(), "below zero"))
}

/// The condition under which an item is written over the version `over`, with its values; without one nothing may be there.
pub(crate) fn if_version(over: Option<u64>) -> (&'static str, HashMap<String, AttributeValue>) {
    let condition = match over {
        None => return (IF_NEW, HashMap::new()),
        Some(0) => "attribute_exists(pk) AND (attribute_not_exists(version) OR version = :version)",
        Some(_) => "version = :version",
    };
    let values = over.map(|version| (":version".to_owned(), number(version)));
    (condition, values.into_iter().collect())
}

/// A time, if the attribute is there.
pub(crate) fn optional_time(
    what: &'static str,
    item: &Item,
    name: &str,
) -> Result<Option<DateTime<Utc>>, PortError> {
    item.get(name)
        .map(|value| decode_attribute(what, name, value))
        .transpose()
}

/// serde does not say in which attribute it failed. The one without which the complaint changes is it; a missing one
/// is named in the complaint itself.
fn culprit<T: DeserializeOwned>(item: &Item, complaint: &serde_dynamo::Error) -> (String, String) {
    let complaint = complaint.to_string();
    let mut names: Vec<&String> = item.keys().collect();
    names.sort();
    for name in names {
        let mut without = item.clone();
        let Some(value) = without.remove(name) else {
            continue;
        };
        let changed = serde_dynamo::from_item::<_, T>(without)
            .err()
            .is_none_or(|e| e.to_string() != complaint);
        if changed {
            return (name.clone(), shown(&value));
        }
    }
    let named = complaint.split('`').nth(1).unwrap_or("-");
    (named.to_owned(), String::new())
}

fn shown(value: &AttributeValue) -> String {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.clone(),
        AttributeValue::Bool(value) => value.to_string(),
        AttributeValue::M(_) => "{..}".to_owned(),
        AttributeValue::L(_) => "[..]".to_owned(),
        _ => "..".to_owned(),
    }
}

/// The size of an item in bytes by DynamoDB's rules: names and values in UTF-8, a number about half its digits, three
/// bytes for a list or map and one for each element.
#[cfg(test)]
pub(crate) fn size_bytes(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_bytes(value))
        .sum()
}

#[cfg(test)]
fn value_bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::L(list) => {
            3 + list
                .iter()
                .map(|value| 1 + value_bytes(value))
                .sum::<usize>()
        }
        AttributeValue::M(map) => 3 + map.len() + size_bytes(map),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    struct Sample {
        name: String,
        age: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<DateTime<Utc>>,
    }

    fn item() -> Item {
        let key = Key {
            pk: "acme#x".into(),
            sk: "X".into(),
        };
        encode(
            "sample",
            key,
            &Sample {
                name: "Ana".into(),
                age: 40,
                since: None,
            },
        )
        .unwrap()
    }

    fn complaint(change: impl Fn(&mut Item)) -> String {
        let mut item = item();
        change(&mut item);
        decode::<Sample>("sample", item).unwrap_err().to_string()
    }

    #[test]
    fn an_item_that_can_not_be_read_names_its_attribute() {
        let wrong = complaint(|item| {
            item.insert("age".into(), text("forty"));
        });
        assert!(wrong.starts_with("sample holds for... in age: "), "{wrong}");
        let time = complaint(|item| {
            item.insert("since".into(), text("yesterday"));
        });
        assert!(time.starts_with("sample holds yes... in since: "), "{time}");
        let missing = complaint(|item| {
            item.remove("name");
        });
        assert!(
            missing.starts_with("sample holds nothing in name: missing field"),
            "{missing}"
        );
    }

    #[test]
    fn an_absent_option_is_no_attribute() {
        assert!(!item().contains_key("since"));
        assert_eq!(decode::<Sample>("sample", item()).unwrap().age, 40);
    }

    #[test]
    fn an_item_from_before_there_were_versions_is_version_zero() {
        let mut item = item();
        assert_eq!(version_of("sample", &item).unwrap(), 0);
        item.insert(VERSION.into(), number(7));
        assert_eq!(version_of("sample", &item).unwrap(), 7);
        item.insert(VERSION.into(), number(-1));
        assert!(version_of("sample", &item).is_err());
    }

    #[test]
    fn a_counter_that_was_never_counted_is_zero() {
        assert_eq!(counter("sample", &item(), "n_x").unwrap(), 0);
        assert_eq!(counter("sample", &item(), "age").unwrap(), 40);
        assert!(counter("sample", &item(), "name").is_err());
    }
}
