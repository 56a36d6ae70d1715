//! What providers accepted, seen from their side: the proof that no touch reached one twice (SEND-1).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::wire::Wire;

/// One accepted call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 1.
    pub seq: u64,
    /// When, in virtual time.
    pub virtual_time: DateTime<Utc>,
    /// At which provider.
    pub provider: Wire,
    /// `email`, `sms`, `enrich` or `wash`.
    pub channel: String,
    /// Sender's address, if it has one.
    pub from: String,
    /// Recipient's address; for a wash, its reference.
    pub to: String,
    /// The touch, as `tenant.lead.touch`.
    pub token: Option<String>,
    /// The idempotency key that came with it.
    pub idempotency_key: Option<String>,
    /// The provider's id for it.
    pub provider_message_id: String,
    /// SHA-256 of the request's body.
    pub body_hash: String,
    /// How many people or numbers it was for.
    pub count: u32,
    /// The first call for the same touch, person or batch, if this is not it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duplicate_of: Option<u64>,
}

/// A call before it has a number.
pub(crate) struct Accepted {
    pub provider: Wire,
    pub from: String,
    pub to: String,
    pub token: Option<String>,
    pub idempotency_key: Option<String>,
    pub provider_message_id: String,
    pub body_hash: String,
    pub count: u32,
}

/// All accepted calls, in order.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ledger {
    pub entries: Vec<Entry>,
    #[serde(skip)]
    first: HashMap<String, u64>,
}

impl Ledger {
    /// Enters a call.
    pub fn enter(&mut self, at: DateTime<Utc>, call: Accepted) {
        self.index();
        let seq = self.entries.len() as u64 + 1;
        let key = same_key(call.provider, call.token.as_deref(), &call.body_hash);
        let first = *self.first.entry(key).or_insert(seq);
        self.entries.push(Entry {
            seq,
            virtual_time: at,
            provider: call.provider,
            channel: call.provider.channel().to_owned(),
            from: call.from,
            to: call.to,
            token: call.token,
            idempotency_key: call.idempotency_key,
            provider_message_id: call.provider_message_id,
            body_hash: call.body_hash,
            count: call.count,
            duplicate_of: (first != seq).then_some(first),
        });
    }

    /// A ledger read from a file has entries and no index yet.
    fn index(&mut self) {
        if self.first.is_empty() {
            for entry in &self.entries {
                let key = same_key(entry.provider, entry.token.as_deref(), &entry.body_hash);
                self.first.entry(key).or_insert(entry.seq);
            }
        }
    }

    /// Entries after number `since`.
    pub fn since(&self, since: u64) -> &[Entry] {
        let skip = usize::try_from(since).unwrap_or(usize::MAX);
        self.entries.get(skip..).unwrap_or_default()
    }
}

/// What makes two calls one and the same: the touch, whichever provider it went to, else the whole request.
fn same_key(wire: Wire, token: Option<&str>, body_hash: &str) -> String {
    match token {
        Some(token) => token.to_owned(),
        None => format!("{} {body_hash}", wire.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touch_sent_again_is_a_duplicate_even_at_another_provider_and_after_a_restart() {
        let call = |provider, token: &str| Accepted {
            provider,
            from: String::new(),
            to: "+61400000000".to_owned(),
            token: Some(token.to_owned()),
            idempotency_key: None,
            provider_message_id: "m".to_owned(),
            body_hash: "h".to_owned(),
            count: 1,
        };
        let mut ledger = Ledger::default();
        ledger.enter(DateTime::UNIX_EPOCH, call(Wire::Twilio, "a.b.c"));
        let text = serde_json::to_string(&ledger).unwrap();
        let mut ledger: Ledger = serde_json::from_str(&text).unwrap();
        ledger.enter(DateTime::UNIX_EPOCH, call(Wire::Twilio, "a.b.d"));
        ledger.enter(DateTime::UNIX_EPOCH, call(Wire::Clicksend, "a.b.c"));
        let duplicates: Vec<_> = ledger.entries.iter().map(|e| e.duplicate_of).collect();
        assert_eq!(duplicates, [None, None, Some(1)]);
        assert_eq!(ledger.since(2).len(), 1);
    }
}
