//! When a message that failed is seen again: by the queue's own timeout, or earlier or later on request.

use aws_sdk_sqs::Client;

/// A queue holds a message back for at most this long.
pub const MAX_DELAY_SECS: u32 = 43_200;

/// Changes when a failed message is seen again.
pub trait Visibility: Sync {
    /// Shows the message again after `secs`. Best effort: without it the queue's own timeout applies.
    fn show_after(
        &self,
        queue_arn: &str,
        receipt: &str,
        secs: u32,
    ) -> impl Future<Output = Result<(), VisibilityError>> + Send;
}

/// The time could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum VisibilityError {
    /// The event names no SQS queue.
    #[error("'{0}' is not the ARN of a queue")]
    NotAQueue(String),
    /// SQS refused or did not answer.
    #[error("the visibility timeout could not be changed: {0}")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The real one, over SQS.
#[derive(Clone, Debug)]
pub struct SqsVisibility {
    client: Client,
}

impl SqsVisibility {
    /// Over this client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}

impl Visibility for SqsVisibility {
    async fn show_after(
        &self,
        queue_arn: &str,
        receipt: &str,
        secs: u32,
    ) -> Result<(), VisibilityError> {
        let url =
            queue_url(queue_arn).ok_or_else(|| VisibilityError::NotAQueue(queue_arn.to_owned()))?;
        let secs = i32::try_from(secs.min(MAX_DELAY_SECS)).unwrap_or(i32::MAX);
        let changed = self
            .client
            .change_message_visibility()
            .queue_url(url)
            .receipt_handle(receipt)
            .visibility_timeout(secs)
            .send()
            .await;
        changed
            .map(|_| ())
            .map_err(|error| VisibilityError::Refused(Box::new(error.into_service_error())))
    }
}

/// The queue's address. The SDK sends to its own endpoint; only account and name of the address matter there.
fn queue_url(arn: &str) -> Option<String> {
    let parts: Vec<&str> = arn.split(':').collect();
    let ["arn", partition, "sqs", region, account, name] = parts.as_slice() else {
        return None;
    };
    let suffix = if *partition == "aws-cn" {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    Some(format!("https://sqs.{region}.{suffix}/{account}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_found_by_its_arn() {
        assert_eq!(
            queue_url("arn:aws:sqs:ap-southeast-2:123456789012:touchline-email").unwrap(),
            "https://sqs.ap-southeast-2.amazonaws.com/123456789012/touchline-email"
        );
        for wrong in ["", "arn:aws:sns:x:1:y", "arn:aws:sqs:x:1:y:z"] {
            assert_eq!(queue_url(wrong), None, "{wrong}");
        }
    }
}
