//! Amazon SES v2: sends mail as MIME. There is no idempotency key and the SDK's own retries are off, so a call
//! without an answer stays unknown until an event brings the touch's tags back.
//!
//! SES replaces `Message-ID` and `Date` with its own: a follow-up has to name
//! [`message_id_for`] the accepted id, not the one that was handed over.

mod mail;
mod outcome;

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_sesv2::{
    Client,
    config::{retry::RetryConfig, timeout::TimeoutConfig},
    primitives::Blob,
    types::{Destination, EmailContent, MessageTag, RawMessage},
};
use aws_smithy_types::error::operation::BuildError;
use touchline_domain::events::TouchRef;
use touchline_engine::provider::{Accepted, EmailMessage, Reconciled, Refusal, SendError, Sends};

use crate::http::Timeouts;

/// The SES API in one region.
#[derive(Clone, Debug)]
pub struct Ses {
    client: Client,
    configuration_set: Option<String>,
    /// Part of the `Message-ID`s that SES gives.
    region: String,
}

impl Ses {
    /// `endpoint` replaces the region's own, for the simulator; `configuration_set` names where events go.
    #[must_use]
    pub fn new(
        config: &SdkConfig,
        endpoint: Option<&str>,
        configuration_set: Option<String>,
        timeouts: Timeouts,
    ) -> Self {
        let mut builder = aws_sdk_sesv2::config::Builder::from(config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeout_config(timeouts.connect, timeouts.whole));
        if let Some(endpoint) = endpoint {
            builder = builder.endpoint_url(endpoint);
        }
        let region = config.region().map(ToString::to_string);
        Self {
            client: Client::from_conf(builder.build()),
            configuration_set,
            region: region.unwrap_or_default(),
        }
    }
}

fn timeout_config(connect: Duration, whole: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(connect)
        .operation_timeout(whole)
        .build()
}

/// The `Message-ID` that recipients see on the mail that SES accepted as `id`, in angle brackets (SEQ-6).
#[must_use]
pub fn message_id_for(id: &str, region: &str) -> String {
    // The oldest region keeps the name from before there were regions.
    let host = if region == "us-east-1" {
        "email"
    } else {
        region
    };
    format!("<{id}@{host}.amazonses.com>")
}

impl Sends<EmailMessage> for Ses {
    async fn send(&self, message: &EmailMessage) -> Result<Accepted, SendError> {
        let request = self
            .client
            .send_email()
            .from_email_address(message.from.as_str())
            .destination(
                Destination::builder()
                    .to_addresses(message.to.as_str())
                    .build(),
            )
            .content(content(message).map_err(|_| unbuilt())?)
            .set_email_tags(Some(tags(&message.reference).map_err(|_| unbuilt())?))
            .set_configuration_set_name(self.configuration_set.clone());
        let answer = request.send().await.map_err(|error| outcome::of(&error))?;
        match answer.message_id {
            Some(id) => Ok(Accepted {
                message_id: Some(message_id_for(&id, &self.region)),
                provider_message_id: id,
                cost: None,
            }),
            None => Err(SendError::Unknown {
                code: "answer_without_id".to_owned(),
            }),
        }
    }

    /// SES keeps no list of what it took; its events bring the tags back.
    async fn reconcile(&self, _: &TouchRef) -> Reconciled {
        Reconciled::Undecided
    }
}

fn content(message: &EmailMessage) -> Result<EmailContent, BuildError> {
    let raw = RawMessage::builder()
        .data(Blob::new(mail::write(message)))
        .build()?;
    Ok(EmailContent::builder().raw(raw).build())
}

fn tags(reference: &TouchRef) -> Result<Vec<MessageTag>, BuildError> {
    let pairs = [
        ("tenant", reference.tenant.as_str()),
        ("lead", reference.lead.as_str()),
        ("touch", reference.touch.as_str()),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| MessageTag::builder().name(name).value(value).build())
        .collect()
}

fn unbuilt() -> SendError {
    SendError::Rejected {
        refusal: Refusal::Content,
        code: "request".to_owned(),
        message: "the request cannot be built".to_owned(),
    }
}
