//! What each kind of question asks of the rules. Decodes, calls, encodes; decides nothing.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use touchline_domain::{
    calendar::{self, Recipient, Zone},
    channel::Channel,
    contact::{E164, phone as phones},
    country::Country,
    message::sms as texts,
    region::State,
    replies::{self, Reply},
    sending::gate::{self, GateInput},
};

use super::lines::{LineError, Question};

/// An answer's fields.
pub type Answer = Result<Map<String, Value>, LineError>;

/// `{id, raw, region}` -> `{id, valid, e164, country, kind}`.
pub fn phone(question: &Question) -> Answer {
    let raw = question.text("raw")?;
    let region: Option<Country> = question.parsed("region")?;
    Ok(fields(match phones::parse(raw, region) {
        Ok(phone) => json!({
            "valid": true,
            "e164": phone.e164.as_str(),
            "country": phone.country,
            "kind": phone.kind,
        }),
        Err(error) => json!({
            "valid": false,
            "e164": null,
            "country": null,
            "kind": null,
            "reason": error.code,
        }),
    }))
}

/// `{id, text}` -> `{id, encoding, units, segments}`.
pub fn sms(question: &Question) -> Answer {
    let size = texts::measure(question.text("text")?);
    Ok(fields(
        json!({ "encoding": size.encoding, "units": size.units, "segments": size.segments }),
    ))
}

/// `{id, channel, at, country, state, postcode, phone, timezone}` -> `{id, zones, open, reason, next_open}`.
pub fn window(question: &Question) -> Answer {
    let channel: Channel = required(question, "channel")?;
    let at: DateTime<Utc> = required(question, "at")?;
    let country: Option<Country> = question.parsed("country")?;
    let state = match question.optional_text("state")?.map(str::trim) {
        None | Some("") => None,
        Some(text) => {
            let known = State::parse(country, text);
            // The states of other countries are not modelled; a wrong one of a modelled country is an error.
            if known.is_none() && country.is_none_or(|c| c == Country::AU || c == Country::US) {
                return Err(LineError::wrong_value(
                    "state",
                    format!("'{text}' is no state of AU or US"),
                ));
            }
            known
        }
    };
    let phone: Option<E164> = match question.optional_text("phone")?.map(str::trim) {
        None | Some("") => None,
        Some(text) => Some(
            phones::parse(text, country)
                .map_err(|error| LineError::wrong_value("phone", error.to_string()))?
                .e164,
        ),
    };
    let recipient = Recipient {
        country,
        state,
        postcode: question.optional_text("postcode")?.map(ToOwned::to_owned),
        phone,
        timezone: question.parsed::<Zone>("timezone")?,
        tenant_zone: None,
    };
    let answer = calendar::explain(channel, at, &recipient);
    Ok(fields(json!({
        "zones": answer.zones,
        "open": answer.open,
        "reason": answer.reason,
        "next_open": answer.next_open.map(|t| t.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
    })))
}

/// `{id, channel, text}` -> `{id, intent, confidence, opt_out, evidence, extracted}`.
pub fn classify(question: &Question) -> Answer {
    let channel: Channel = required(question, "channel")?;
    let text = question.text("text")?;
    let subject = question.optional_text("subject")?;
    let read = replies::classify(&Reply {
        subject,
        ..Reply::new(channel, text)
    });
    match serde_json::to_value(&read) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Ok(fields(
            json!({ "intent": read.intent, "confidence": read.confidence, "opt_out": read.opt_out }),
        )),
    }
}

/// The gate's input as one document -> its decision, and the check that made it.
pub fn decide(input: &GateInput) -> Value {
    let (decision, check) = gate::explain(input);
    let mut document = serde_json::to_value(decision).unwrap_or_default();
    if let Value::Object(fields) = &mut document {
        fields.insert("check".into(), json!(check));
    }
    document
}

pub(super) fn required<T>(question: &Question, field: &str) -> Result<T, LineError>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    question.text(field)?;
    question
        .parsed(field)?
        .ok_or_else(|| LineError::wrong_value(field, format!("{field} is blank")))
}

pub(super) fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => Map::from_iter([("answer".to_owned(), other)]),
    }
}
