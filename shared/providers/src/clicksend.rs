//! ClickSend: sends text messages. An answer of 200 is no acceptance; each message has its own status. The touch
//! travels as `custom_string`, and the history can be searched for it.

use reqwest::RequestBuilder;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use touchline_domain::events::TouchRef;
use touchline_engine::provider::{Accepted, Reconciled, Refusal, SendError, Sends, SmsMessage};

use crate::{
    http::{CallError, HttpClient, Replay, call, trimmed},
    price::price,
    redact::redact,
};

/// ClickSend's code for too many requests.
const RATE: &str = "TOO_MANY_REQUESTS";

/// The ClickSend API of one account, whose currency must be the platform's: prices are taken as they come.
#[derive(Clone, Debug)]
pub struct Clicksend {
    client: HttpClient,
    base: String,
    user: String,
    key: SecretString,
}

impl Clicksend {
    /// `base` is the address of the API: `https://rest.clicksend.com`, or the simulator's.
    #[must_use]
    pub fn new(
        client: HttpClient,
        base: impl Into<String>,
        user: impl Into<String>,
        key: SecretString,
    ) -> Self {
        Self {
            client,
            base: trimmed(base),
            user: user.into(),
            key,
        }
    }

    /// A request for something of the account.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client
            .get(format!("{}{path}", self.base))
            .basic_auth(&self.user, Some(self.key.expose_secret()))
    }

    async fn history(&self, token: &str) -> Result<Value, CallError> {
        let request = self.get("/v3/sms/history").query(&[
            ("q", format!("custom_string:{token}")),
            ("limit", "100".to_owned()),
        ]);
        Ok(call(request).await?.json())
    }
}

impl Sends<SmsMessage> for Clicksend {
    async fn send(&self, message: &SmsMessage) -> Result<Accepted, SendError> {
        let body = json!({"messages": [{
            "source": "touchline",
            "from": message.from.as_str(),
            "to": message.to.as_str(),
            "body": message.body,
            "custom_string": message.reference.to_token(),
        }]});
        let request = self
            .client
            .post(format!("{}/v3/sms/send", self.base))
            .basic_auth(&self.user, Some(self.key.expose_secret()))
            .json(&body);
        let answer = call(request)
            .await
            .map_err(|error| error.into_send_error(RATE))?;
        if let Some(error) = answer.transient(Replay::Taken) {
            return Err(error.into_send_error(RATE));
        }
        let body = answer.json();
        if !answer.status.is_success() {
            let status = answer.status.as_u16().to_string();
            let code = body["response_code"].as_str().unwrap_or(&status);
            return Err(refused(code, &body["response_msg"]));
        }
        accepted(&body["data"]["messages"][0], &body["response_msg"])
    }

    /// Looks for the touch in the history. A message that is not there yet may still appear, so only a find decides.
    async fn reconcile(&self, reference: &TouchRef) -> Reconciled {
        let token = reference.to_token();
        let Ok(history) = self.history(&token).await else {
            return Reconciled::Undecided;
        };
        let rows = history["data"]["data"].as_array().into_iter().flatten();
        rows.filter(|row| row["custom_string"] == token.as_str())
            .find_map(|row| {
                Some(Reconciled::Accepted(Accepted {
                    provider_message_id: row["message_id"].as_str()?.to_owned(),
                    message_id: None,
                    cost: price(&row["message_price"]),
                }))
            })
            .unwrap_or(Reconciled::Undecided)
    }
}

fn accepted(message: &Value, reason: &Value) -> Result<Accepted, SendError> {
    match (message["status"].as_str(), message["message_id"].as_str()) {
        (Some("SUCCESS"), Some(id)) => Ok(Accepted {
            provider_message_id: id.to_owned(),
            message_id: None,
            cost: price(&message["message_price"]),
        }),
        (Some("SUCCESS"), None) | (None, _) => Err(SendError::Unknown {
            code: "answer_without_status".to_owned(),
        }),
        (Some(code), _) => Err(refused(code, reason)),
    }
}

fn refused(code: &str, message: &Value) -> SendError {
    let refusal = match code {
        "INTERNAL_ERROR" | "SOMETHING_IS_WRONG" => {
            return SendError::Unavailable {
                code: code.to_owned(),
            };
        }
        // The same text has just gone to the same recipient. Whether it was this touch is not known.
        "THROTTLED" | "ALREADY_EXISTS" => {
            return SendError::Unknown {
                code: code.to_owned(),
            };
        }
        "INVALID_RECIPIENT" => Refusal::InvalidAddress,
        "MISSING_CREDENTIALS"
        | "INVALID_CREDENTIALS"
        | "ACCOUNT_NOT_ACTIVATED"
        | "INVALID_SENDER_ID"
        | "INSUFFICIENT_CREDIT"
        | "UNAUTHORIZED"
        | "FORBIDDEN" => Refusal::Sender,
        _ => Refusal::Content,
    };
    SendError::Rejected {
        refusal,
        code: code.to_owned(),
        message: redact(message.as_str().unwrap_or_default()),
    }
}
