//! Touches and what providers tell about them. The record and its signals are one item that is written from two sides
//! in any order: the record never touches the signals, a signal never touches the record (HOOK-3).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue},
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use touchline_domain::{
    ids::{LeadId, TenantId, TouchId},
    sending::touch::{Outcome, Signal, Touch},
};
use touchline_engine::ports::PortError;

use super::{Leads, names};
use crate::{
    error::{corrupt, unavailable},
    item::{Item, attributes, decode, decode_attribute, key_of, text},
    keys::{self, Key, TOUCH_PREFIX},
    table::{Range, Read},
};

/// A touch with what providers told about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TouchRecord {
    /// The record.
    #[serde(flatten)]
    pub touch: Touch,
    /// What providers told.
    pub signals: BTreeSet<Signal>,
    /// When each of it happened for the first time.
    pub signalled_at: BTreeMap<Signal, DateTime<Utc>>,
}

impl Leads {
    /// A touch with its signals; `None` while there is no record, even if there are signals.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn touch_record(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        touch: &TouchId,
    ) -> Result<Option<TouchRecord>, PortError> {
        let item = self
            .table
            .get("touch", keys::touch(tenant, lead, touch), Read::Consistent)
            .await?;
        item.map_or(Ok(None), record)
    }

    /// All touches of a lead that have a record, in order of id.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn touches(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Vec<TouchRecord>, PortError> {
        let pk = keys::lead(tenant, lead);
        let items = self
            .table
            .all("touch", &pk, Range::Prefix(TOUCH_PREFIX), Read::Consistent)
            .await?;
        items
            .into_iter()
            .filter_map(|item| record(item).transpose())
            .collect()
    }

    /// Writes the record unless a stronger one is there, whoever wrote that: a sender that left the touch out on an
    /// older view, or a record that the SDK wrote again, may come last.
    pub(super) async fn write_touch(&self, touch: &Touch) -> Result<(), PortError> {
        let key = keys::touch(&touch.tenant, &touch.lead, &touch.id);
        let write = RecordWrite::of(touch)?;
        let answer = self
            .table
            .update()?
            .set_key(Some(key_of(key.clone())))
            .update_expression(write.expression)
            .condition_expression(write.condition)
            .set_expression_attribute_names(Some(write.names))
            .set_expression_attribute_values(Some(write.values))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        let answer = match answer {
            Err(error) if is_refused(&error) => return Ok(()),
            answered => answered.map_err(unavailable("touch"))?,
        };
        let signalled = answer
            .attributes
            .is_some_and(|item| item.contains_key(names::SIGNALS));
        // A webhook may have been faster than the record of the call whose outcome it proves.
        if touch.outcome == Outcome::Unknown && signalled {
            self.settle(key).await?;
        }
        Ok(())
    }

    /// Answers whether the signal was new.
    pub(super) async fn write_signal(
        &self,
        key: Key,
        signal: Signal,
        at: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        let answer = self
            .table
            .update()?
            .set_key(Some(key_of(key.clone())))
            .update_expression(names::ADD_SIGNAL)
            .expression_attribute_names("#at", time_name(signal))
            .expression_attribute_values(":signal", AttributeValue::Ss(vec![signal.to_string()]))
            .expression_attribute_values(":at", text(stamp(at)))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(unavailable("signal"))?;
        let before = answer.attributes.unwrap_or_default();
        if before.get(names::OUTCOME) == Some(&text(Outcome::Unknown.to_string())) {
            self.settle(key.clone()).await?;
        }
        let known = signals_of(&before)?.contains(&signal);
        let later = before
            .get(&time_name(signal))
            .and_then(|v| v.as_s().ok())
            .is_some_and(|v| *v > stamp(at));
        if known && later {
            self.set_earlier(key, signal, at).await?;
        }
        Ok(!known)
    }

    /// Every signal proves that the provider had the message, so the outcome is known: it was sent (SEND-2).
    async fn settle(&self, key: Key) -> Result<(), PortError> {
        let settled = self
            .table
            .update()?
            .set_key(Some(key_of(key)))
            .update_expression(names::SETTLE)
            .condition_expression(names::IF_UNKNOWN)
            .expression_attribute_values(":sent", text(Outcome::Sent.to_string()))
            .expression_attribute_values(":unknown", text(Outcome::Unknown.to_string()))
            .send()
            .await;
        unless_refused(settled.map(|_| ()), "outcome of a touch")
    }

    /// If a signal is reported twice, the earlier time wins, whichever came first.
    async fn set_earlier(
        &self,
        key: Key,
        signal: Signal,
        at: DateTime<Utc>,
    ) -> Result<(), PortError> {
        let moved = self
            .table
            .update()?
            .set_key(Some(key_of(key)))
            .update_expression(names::SET_EARLIER)
            .condition_expression(names::IF_LATER)
            .expression_attribute_names("#at", time_name(signal))
            .expression_attribute_values(":at", text(stamp(at)))
            .send()
            .await;
        unless_refused(moved.map(|_| ()), "time of a signal")
    }
}

type Updated<R> = Result<(), SdkError<UpdateItemError, R>>;

/// A condition that does not hold means that somebody else did it already.
fn unless_refused<R>(updated: Updated<R>, what: &'static str) -> Result<(), PortError>
where
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match updated {
        Err(error) if is_refused(&error) => Ok(()),
        other => other.map_err(unavailable(what)),
    }
}

fn is_refused<R>(error: &SdkError<UpdateItemError, R>) -> bool {
    error
        .as_service_error()
        .is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}

/// The outcomes that a record of `outcome` may be written over: the weaker ones and its own. An outcome is the
/// stronger, the more certain it is that the provider had the message.
fn replaceable(outcome: Outcome) -> &'static [Outcome] {
    const WEAKEST_FIRST: [Outcome; 5] = [
        Outcome::Skipped,
        Outcome::Stopped,
        Outcome::Failed,
        Outcome::Unknown,
        Outcome::Sent,
    ];
    let place = WEAKEST_FIRST.iter().position(|known| *known == outcome);
    place
        .and_then(|place| WEAKEST_FIRST.get(..=place))
        .unwrap_or(&[])
}

/// The attribute with the time of a signal.
fn time_name(signal: Signal) -> String {
    format!("at_{signal}")
}

/// A time that sorts as text.
fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The update that writes a record and takes out what an earlier version of it had and this one has not.
struct RecordWrite {
    expression: String,
    condition: String,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl RecordWrite {
    fn of(touch: &Touch) -> Result<Self, PortError> {
        let mut item: Vec<(String, AttributeValue)> =
            attributes("touch", touch)?.into_iter().collect();
        item.sort_by(|a, b| a.0.cmp(&b.0));
        let gone = names::TOUCH_OPTIONS
            .iter()
            .filter(|name| !item.iter().any(|(set, _)| set == *name));
        let gone: Vec<&str> = gone.copied().collect();
        let (mut names, mut values, mut sets) = (HashMap::new(), HashMap::new(), Vec::new());
        for (name, value) in item {
            sets.push(format!("#{name} = :{name}"));
            values.insert(format!(":{name}"), value);
            names.insert(format!("#{name}"), name);
        }
        names.extend(
            gone.iter()
                .map(|name| (format!("#{name}"), (*name).to_owned())),
        );
        let mut expression = format!("SET {}", sets.join(", "));
        if !gone.is_empty() {
            let removals: Vec<String> = gone.iter().map(|name| format!("#{name}")).collect();
            expression = format!("{expression} REMOVE {}", removals.join(", "));
        }
        let weaker: Vec<String> = replaceable(touch.outcome)
            .iter()
            .map(|outcome| {
                let name = format!(":over_{outcome}");
                values.insert(name.clone(), text(outcome.to_string()));
                name
            })
            .collect();
        let condition = format!(
            "attribute_not_exists(#outcome) OR #outcome IN ({})",
            weaker.join(", ")
        );
        Ok(Self {
            expression,
            condition,
            names,
            values,
        })
    }
}

fn signals_of(item: &Item) -> Result<BTreeSet<Signal>, PortError> {
    let Some(value) = item.get(names::SIGNALS) else {
        return Ok(BTreeSet::new());
    };
    let set = value
        .as_ss()
        .map_err(|_| corrupt("touch", names::SIGNALS, "..", "not a set of texts"))?;
    set.iter()
        .map(|word| {
            word.parse()
                .map_err(|_| corrupt("touch", names::SIGNALS, word, "not a signal"))
        })
        .collect()
}

fn record(item: Item) -> Result<Option<TouchRecord>, PortError> {
    if !item.contains_key(names::TOUCH_ID) {
        return Ok(None);
    }
    let signals = signals_of(&item)?;
    let mut signalled_at = BTreeMap::new();
    for signal in &signals {
        let name = time_name(*signal);
        if let Some(value) = item.get(&name) {
            signalled_at.insert(*signal, decode_attribute("touch", &name, value)?);
        }
    }
    Ok(Some(TouchRecord {
        touch: decode("touch", item)?,
        signals,
        signalled_at,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_record_with_everything_removes_nothing_and_a_plain_one_removes_the_rest() {
        let full = RecordWrite::of(&samples::full_touch()).unwrap();
        assert!(!full.expression.contains("REMOVE"), "{}", full.expression);
        assert!(!full.expression.contains(names::SIGNALS));
        let plain = RecordWrite::of(&samples::plain_touch()).unwrap();
        let (_, removed) = plain.expression.split_once(" REMOVE ").unwrap();
        assert_eq!(removed.split(", ").count(), names::TOUCH_OPTIONS.len());
    }

    #[test]
    fn a_touch_comes_back_with_its_signals() {
        let touch = samples::full_touch();
        let mut item = attributes("touch", &touch).unwrap();
        item.insert(
            names::SIGNALS.into(),
            AttributeValue::Ss(vec!["delivered".into(), "sent".into()]),
        );
        item.insert("at_delivered".into(), text("2026-11-20T22:14:00.000000Z"));
        let record = record(item).unwrap().unwrap();
        assert_eq!(record.touch, touch);
        assert_eq!(record.signals, [Signal::Sent, Signal::Delivered].into());
        assert_eq!(record.signalled_at.len(), 1);
    }

    #[test]
    fn signals_without_a_record_are_no_touch() {
        let item = Item::from([(
            names::SIGNALS.to_owned(),
            AttributeValue::Ss(vec!["sent".into()]),
        )]);
        assert_eq!(record(item).unwrap(), None);
    }

    #[test]
    fn an_unknown_signal_is_named() {
        let item = Item::from([(
            names::SIGNALS.to_owned(),
            AttributeValue::Ss(vec!["vanished".into()]),
        )]);
        assert_eq!(
            signals_of(&item).unwrap_err().to_string(),
            "touch holds van... in signals: not a signal"
        );
    }
}
