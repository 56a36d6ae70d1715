//! Webhook registrations at Unipile: compares what is registered with what is needed, and registers what is missing
//! (LA-018). Registrations of others are left alone.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{Unipile, text};
use crate::{
    http::{CallError, Replay, call},
    webhook::unipile::AUTH,
};

/// The webhooks we need, in Unipile's terms: source and events.
const NEEDED: [(&str, &[&str]); 3] = [
    ("messaging", &["message_received"]),
    ("users", &["new_relation"]),
    ("account_status", &[]),
];
/// Registrations on a page.
const PAGE: &str = "250";
/// A workspace with more pages of registrations is not ours to repair.
const PAGES: usize = 10;

impl Unipile {
    /// Registers the webhooks that are missing at `url`, with `secret` as header. Returns how many those were.
    ///
    /// # Errors
    /// [`CallError`]. A registration that was made all the same is found the next time; a duplicate event is harmless.
    pub async fn repair_webhooks(
        &self,
        url: &str,
        secret: &SecretString,
    ) -> Result<usize, CallError> {
        let registered = self.registered().await?;
        let missing = NEEDED.iter().filter(|(source, _)| {
            let tells = |hook: &Value| tells(hook, source, url, secret.expose_secret());
            !registered.iter().any(tells)
        });
        let mut made = 0;
        for (source, events) in missing {
            self.register(source, events, url, secret).await?;
            made += 1;
        }
        Ok(made)
    }

    /// All registrations. A part of them proves nothing.
    async fn registered(&self) -> Result<Vec<Value>, CallError> {
        let mut all = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES {
            let mut request = self.get("/webhooks").query(&[("limit", PAGE)]);
            if let Some(cursor) = &cursor {
                request = request.query(&[("cursor", cursor)]);
            }
            let body = answered(call(request).await?, &[200])?;
            let Some(items) = body["items"].as_array() else {
                return Err(CallError::Unreadable("no list of webhooks".to_owned()));
            };
            all.extend(items.iter().cloned());
            cursor = text(&body, "cursor");
            if cursor.is_none() {
                return Ok(all);
            }
        }
        Err(CallError::Unreadable("too many webhooks".to_owned()))
    }

    async fn register(
        &self,
        source: &str,
        events: &[&str],
        url: &str,
        secret: &SecretString,
    ) -> Result<(), CallError> {
        let mut body = json!({
            "request_url": url,
            "source": source,
            "name": format!("touchline {source}"),
            "format": "json",
            "enabled": true,
            // Without the first one Unipile does not say that its body is JSON.
            "headers": [
                {"key": "Content-Type", "value": "application/json"},
                {"key": AUTH, "value": secret.expose_secret()},
            ],
        });
        if !events.is_empty() {
            body["events"] = json!(events);
        }
        let request = self
            .client
            .post(format!("{}/webhooks", self.base))
            .header("X-API-KEY", self.key.expose_secret())
            .json(&body);
        answered(call(request).await?, &[200, 201]).map(|_| ())
    }
}

/// Whether a registration covers `source`. A listing need not show headers; one that shows another secret than ours
/// does not count, since we refuse its requests.
fn tells(hook: &Value, source: &str, url: &str, secret: &str) -> bool {
    let headers = hook["headers"].as_array().into_iter().flatten();
    let mut shown = headers.filter(|header| {
        let key = header["key"].as_str();
        key.is_some_and(|key| key.eq_ignore_ascii_case(AUTH))
    });
    hook["source"] == source
        && hook["request_url"] == url
        && hook["enabled"] != false
        && shown.all(|header| header["value"] == secret)
}

fn answered(answer: crate::http::Answer, good: &[u16]) -> Result<Value, CallError> {
    if let Some(error) = answer.transient(Replay::Recognised) {
        return Err(error);
    }
    let body = answer.json();
    let status = answer.status.as_u16();
    if good.contains(&status) {
        return Ok(body);
    }
    Err(CallError::Refused {
        code: text(&body, "type").unwrap_or_else(|| status.to_string()),
        message: text(&body, "title").unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://t.example/hooks/unipile";

    #[test]
    fn la_018_a_registration_counts_if_it_is_ours_on_and_under_our_secret() {
        let hook = json!({"source": "users", "request_url": URL, "enabled": true});
        let with = |name: &str, value: Value| {
            let mut changed = hook.clone();
            changed[name] = value;
            tells(&changed, "users", URL, "s3cret")
        };
        assert!(tells(&hook, "users", URL, "s3cret"));
        assert!(!tells(&hook, "messaging", URL, "s3cret"));
        assert!(!with("enabled", json!(false)));
        assert!(!with("request_url", json!("https://other.example/")));
        let header = |value: &str| json!([{"key": "unipile-auth", "value": value}]);
        assert!(with("headers", header("s3cret")));
        assert!(!with("headers", header("old")));
    }
}
