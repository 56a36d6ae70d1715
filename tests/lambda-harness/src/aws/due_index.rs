//! The due index of a table with more leads than a query could look through: its entries alone, in order of time. It knows
//! what the store asks of it, a span of time in one shard, page by page.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound::{Excluded, Included, Unbounded},
};

use serde_json::{Value, json};

/// An entry, as the index projects a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueEntry {
    /// The shard's name.
    pub shard: String,
    /// The due time as it is stored.
    pub due_at: String,
    /// The partition key of the lead.
    pub pk: String,
    /// The tenant, which the index projects too.
    pub tenant: String,
    /// The channel.
    pub channel: &'static str,
}

/// Due time and partition key: the order within a shard.
type Place = (Box<str>, Box<str>);

/// The entries of a table by shard.
#[derive(Debug, Default)]
pub(super) struct DueIndex(HashMap<String, BTreeMap<Place, (Box<str>, &'static str)>>);

/// A query of the index.
pub(super) struct Span<'a> {
    pub(super) shard: &'a str,
    pub(super) first: &'a str,
    pub(super) last: &'a str,
    pub(super) after: Option<Place>,
    pub(super) limit: usize,
}

impl DueIndex {
    pub(super) fn put(&mut self, entry: DueEntry) {
        let shard = self.0.entry(entry.shard).or_default();
        let place = (entry.due_at.into(), entry.pk.into());
        shard.insert(place, (entry.tenant.into(), entry.channel));
    }

    /// The answer to a query: items, and where the next page begins.
    pub(super) fn query(&self, span: &Span<'_>) -> Value {
        let begin = match &span.after {
            Some(place) => Excluded(place.clone()),
            None => Included((Box::from(span.first), Box::from(""))),
        };
        let entries = self.0.get(span.shard);
        let mut found = entries
            .into_iter()
            .flat_map(|shard| shard.range((begin.clone(), Unbounded)))
            .take_while(|((due_at, _), _)| &**due_at <= span.last);
        let items: Vec<Value> = found
            .by_ref()
            .take(span.limit)
            .map(|((due_at, pk), (tenant, channel))| {
                let mut item = key(span.shard, due_at, pk);
                item["due_channel"] = json!({ "S": channel });
                item["tenant"] = json!({ "S": tenant });
                item
            })
            .collect();
        let mut answer = json!({ "Count": items.len(), "ScannedCount": items.len() });
        if let (Some(_), Some(last)) = (found.next(), items.last()) {
            let text = |name: &str| last[name]["S"].as_str().unwrap_or_default();
            answer["LastEvaluatedKey"] = key(span.shard, text("due_at"), text("pk"));
        }
        answer["Items"] = items.into();
        answer
    }
}

fn key(shard: &str, due_at: &str, pk: &str) -> Value {
    json!({
        "pk": { "S": pk },
        "sk": { "S": "JOURNEY" },
        "due_shard": { "S": shard },
        "due_at": { "S": due_at },
    })
}

/// The place that a page begins behind.
pub(super) fn place(start: &Value) -> Option<Place> {
    let text = |name: &str| start[name]["S"].as_str().map(Box::from);
    Some((text("due_at")?, text("pk")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_span_follow_each_other_and_end() {
        let mut index = DueIndex::default();
        for (due_at, pk) in [
            ("10", "c"),
            ("11", "a"),
            ("11", "b"),
            ("12", "a"),
            ("13", "a"),
        ] {
            index.put(DueEntry {
                shard: "07".into(),
                due_at: due_at.into(),
                pk: pk.into(),
                tenant: "acme".into(),
                channel: "email",
            });
        }
        let mut after = None;
        let mut seen = Vec::new();
        loop {
            let page = index.query(&Span {
                shard: "07",
                first: "11",
                last: "12",
                after,
                limit: 2,
            });
            for item in page["Items"].as_array().unwrap() {
                seen.push(format!("{}{}", item["due_at"]["S"], item["pk"]["S"]).replace('"', ""));
            }
            after = place(&page["LastEvaluatedKey"]);
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["11a", "11b", "12a"]);
    }
}
