//! Resend: sends mail under an idempotency key, so a replayed call is recognised for 24 hours; fetches inbound
//! mail, whose webhook carries no body.

use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use touchline_domain::{
    channel::Channel,
    events::{InboundMessage, TouchRef},
};
use touchline_engine::provider::{Accepted, EmailMessage, Reconciled, Refusal, SendError, Sends};

use crate::{
    http::{Answer, CallError, HttpClient, Replay, call, trimmed},
    redact::redact,
};

/// The Resend API of one account.
#[derive(Clone, Debug)]
pub struct Resend {
    client: HttpClient,
    base: String,
    key: SecretString,
}

impl Resend {
    /// `base` is the address of the API: `https://api.resend.com`, or the simulator's.
    #[must_use]
    pub fn new(client: HttpClient, base: impl Into<String>, key: SecretString) -> Self {
        Self {
            client,
            base: trimmed(base),
            key,
        }
    }

    /// A request for something of the account.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client
            .get(format!("{}{path}", self.base))
            .bearer_auth(self.key.expose_secret())
    }

    /// Fetches the inbound mail that an `email.received` webhook announced.
    ///
    /// # Errors
    /// [`CallError`]; fetching again is harmless.
    pub async fn received(&self, id: &str) -> Result<InboundMessage, CallError> {
        let answer = call(self.get(&format!("/emails/receiving/{id}"))).await?;
        if let Some(error) = answer.transient(Replay::Recognised) {
            return Err(error);
        }
        let body = answer.json();
        if answer.status != StatusCode::OK {
            let (code, message) = reason(&answer, &body);
            return Err(CallError::Refused { code, message });
        }
        inbound(&body).ok_or_else(|| CallError::Unreadable("inbound mail without from".to_owned()))
    }
}

impl Sends<EmailMessage> for Resend {
    async fn send(&self, message: &EmailMessage) -> Result<Accepted, SendError> {
        const RATE: &str = "rate_limit_exceeded";
        let request = self
            .client
            .post(format!("{}/emails", self.base))
            .bearer_auth(self.key.expose_secret())
            .header("Idempotency-Key", message.reference.touch.as_str())
            .json(&body(message));
        let answer = call(request)
            .await
            .map_err(|error| error.into_send_error(RATE))?;
        let body = answer.json();
        if let Some(error) = answer.transient(Replay::Recognised) {
            let code = body["name"].as_str().unwrap_or(RATE);
            return Err(error.into_send_error(code));
        }
        if !answer.status.is_success() {
            return Err(refused(&answer, &body));
        }
        match body["id"].as_str() {
            Some(id) => Ok(Accepted {
                provider_message_id: id.to_owned(),
                message_id: None,
                cost: None,
            }),
            None => Err(SendError::Unknown {
                code: "answer_without_id".to_owned(),
            }),
        }
    }

    /// Resend has no search by tag; the webhook brings the tags back and settles it.
    async fn reconcile(&self, _: &TouchRef) -> Reconciled {
        Reconciled::Undecided
    }
}

fn body(message: &EmailMessage) -> Value {
    let mut headers: Map<String, Value> = message
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    headers.insert("Message-ID".to_owned(), message.message_id.clone().into());
    let reference = &message.reference;
    let mut body = json!({
        "from": mailbox(&message.from_name, message.from.as_str()),
        "to": [message.to.as_str()],
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "headers": headers,
        "tags": [
            {"name": "tenant", "value": reference.tenant.as_str()},
            {"name": "lead", "value": reference.lead.as_str()},
            {"name": "touch", "value": reference.touch.as_str()},
        ],
    });
    if let Some(reply_to) = &message.reply_to {
        body["reply_to"] = json!([reply_to.as_str()]);
    }
    body
}

/// `"Name" <address>`, the name quoted so that no character of it is read as part of the address.
fn mailbox(name: &str, address: &str) -> String {
    let quoted: String = name
        .chars()
        .filter(|c| !c.is_control())
        .flat_map(|c| {
            matches!(c, '"' | '\\')
                .then_some('\\')
                .into_iter()
                .chain([c])
        })
        .collect();
    format!("\"{quoted}\" <{address}>")
}

fn reason(answer: &Answer, body: &Value) -> (String, String) {
    let code = body["name"]
        .as_str()
        .map_or_else(|| answer.status.as_u16().to_string(), str::to_owned);
    (code, redact(body["message"].as_str().unwrap_or_default()))
}

fn refused(answer: &Answer, body: &Value) -> SendError {
    let (code, message) = reason(answer, body);
    let refusal = match (code.as_str(), answer.status.as_u16()) {
        // The first request with this key is still under way, or has just ended: ask again.
        ("concurrent_idempotent_requests", _) => return SendError::Unavailable { code },
        // The key was accepted earlier with another body: that message is out, this one must not follow.
        ("invalid_idempotent_request", _) => return SendError::Unknown { code },
        ("validation_error", _) if message.contains("`to`") => Refusal::InvalidAddress,
        (
            "invalid_from_address" | "invalid_api_key" | "missing_api_key" | "restricted_api_key",
            _,
        )
        | (_, 401 | 403) => Refusal::Sender,
        _ => Refusal::Content,
    };
    SendError::Rejected {
        refusal,
        code,
        message,
    }
}

fn inbound(body: &Value) -> Option<InboundMessage> {
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let first = |name: &str| body[name][0].as_str().map(str::to_owned);
    let headers = body["headers"].as_object().into_iter().flatten();
    let mut headers: Vec<(String, String)> = headers
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect();
    let has_id = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("message-id"));
    if let (false, Some(id)) = (has_id, text("message_id")) {
        headers.push(("Message-ID".to_owned(), id));
    }
    Some(InboundMessage {
        channel: Some(Channel::Email),
        from: text("from")?,
        to: first("received_for").or_else(|| first("to"))?,
        text: text("text").unwrap_or_default(),
        subject: text("subject"),
        headers,
        fetch_id: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_name_cannot_break_out_of_its_quotes() {
        assert_eq!(
            mailbox("Ann \"A\" from X, Y\r\n", "a@b.co"),
            "\"Ann \\\"A\\\" from X, Y\" <a@b.co>"
        );
    }
}
