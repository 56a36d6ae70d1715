//! Twilio: sends text messages. There is no idempotency key, so a call without an answer stays unknown; the
//! status callback carries the touch in its URL and settles it.

pub(crate) mod error_code;

use reqwest::RequestBuilder;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use touchline_domain::events::TouchRef;
use touchline_engine::provider::{Accepted, Reconciled, SendError, Sends, SmsMessage};

use crate::{
    http::{HttpClient, Replay, call, trimmed},
    price::price,
    redact::redact,
};

/// Twilio's code for too many requests.
const RATE: &str = "20429";

/// The Twilio API of one account.
#[derive(Clone, Debug)]
pub struct Twilio {
    client: HttpClient,
    base: String,
    account: String,
    token: SecretString,
    public_url: String,
}

impl Twilio {
    /// `base` is `https://api.twilio.com` or the simulator's address; `public_url` is where our webhooks are reached from outside,
    /// without `/hooks`; it is part of what Twilio signs.
    #[must_use]
    pub fn new(
        client: HttpClient,
        base: impl Into<String>,
        account: impl Into<String>,
        token: SecretString,
        public_url: impl Into<String>,
    ) -> Self {
        Self {
            client,
            base: trimmed(base),
            account: account.into(),
            token,
            public_url: trimmed(public_url),
        }
    }

    /// A request for something below the account.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client
            .get(format!("{}{path}", self.base))
            .basic_auth(&self.account, Some(self.token.expose_secret()))
    }

    /// Where messages are created and listed.
    pub(crate) fn messages_path(&self) -> String {
        format!("/2010-04-01/Accounts/{}/Messages.json", self.account)
    }

    fn callback(&self, reference: &TouchRef) -> String {
        format!(
            "{}/hooks/twilio?ref={}",
            self.public_url,
            reference.to_token()
        )
    }
}

impl Sends<SmsMessage> for Twilio {
    async fn send(&self, message: &SmsMessage) -> Result<Accepted, SendError> {
        let callback = self.callback(&message.reference);
        let form = [
            ("To", message.to.as_str()),
            ("From", message.from.as_str()),
            ("Body", &message.body),
            ("StatusCallback", &callback),
        ];
        let url = format!("{}{}", self.base, self.messages_path());
        let request = self
            .client
            .post(url)
            .basic_auth(&self.account, Some(self.token.expose_secret()))
            .form(&form);
        let answer = call(request)
            .await
            .map_err(|error| error.into_send_error(RATE))?;
        if let Some(error) = answer.transient(Replay::Taken) {
            return Err(error.into_send_error(RATE));
        }
        let body = answer.json();
        if answer.status.is_success() {
            accepted(&body)
        } else {
            Err(refused(answer.status.as_u16(), &body))
        }
    }

    /// Twilio keeps no reference of ours; the status callback does.
    async fn reconcile(&self, _: &TouchRef) -> Reconciled {
        Reconciled::Undecided
    }
}

fn accepted(body: &Value) -> Result<Accepted, SendError> {
    let Some(sid) = body["sid"].as_str() else {
        return Err(SendError::Unknown {
            code: "answer_without_sid".to_owned(),
        });
    };
    // A message may be created and be refused in the same answer.
    if matches!(body["status"].as_str(), Some("failed" | "undelivered")) {
        return Err(refused(
            201,
            &serde_json::json!({
                "code": body["error_code"],
                "message": body["error_message"],
            }),
        ));
    }
    Ok(Accepted {
        provider_message_id: sid.to_owned(),
        message_id: None,
        cost: price(&body["price"]),
    })
}

fn refused(status: u16, body: &Value) -> SendError {
    let code = match &body["code"] {
        Value::Number(code) => code.to_string(),
        Value::String(code) => code.clone(),
        _ => status.to_string(),
    };
    SendError::Rejected {
        refusal: error_code::refusal(&code, status),
        code,
        message: redact(body["message"].as_str().unwrap_or_default()),
    }
}
