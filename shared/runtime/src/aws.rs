//! AWS clients, built once in `main`: one configuration, one connection pool, one retry policy for all of them.
//! Nothing else in the workspace retries an AWS call.

use std::{env, time::Duration};

use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};

/// Connecting takes milliseconds inside a region.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// One attempt; SQS and DynamoDB answer in tens of milliseconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// All attempts together; well below the shortest function timeout.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);
/// The first attempt and two more; what fails then goes back to its queue.
const MAX_ATTEMPTS: u32 = 3;
/// What moves the SDK to another endpoint; the SDK reads it by itself.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// The AWS configuration of this process, from which clients are made.
#[derive(Clone, Debug)]
pub struct Aws {
    config: SdkConfig,
    path_style: bool,
}

impl Aws {
    /// Loads region, credentials and endpoint from the environment.
    pub async fn load() -> Self {
        let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .retry_config(RetryConfig::standard().with_max_attempts(MAX_ATTEMPTS))
            .timeout_config(timeouts())
            .load()
            .await;
        Self {
            config,
            path_style: env::var(ENDPOINT).is_ok_and(|endpoint| !endpoint.is_empty()),
        }
    }

    /// A configuration that was made elsewhere, with bucket names in the path: for another endpoint.
    #[must_use]
    pub fn at_endpoint(config: SdkConfig) -> Self {
        Self {
            config,
            path_style: true,
        }
    }

    /// The configuration, for clients that only one function needs.
    #[must_use]
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// DynamoDB.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    /// EventBridge.
    #[must_use]
    pub fn eventbridge(&self) -> aws_sdk_eventbridge::Client {
        aws_sdk_eventbridge::Client::new(&self.config)
    }

    /// S3. At another endpoint a bucket has no host name of its own, so its name goes into the path.
    #[must_use]
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.config)
            .force_path_style(self.path_style)
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// Secrets Manager.
    #[must_use]
    pub fn secrets(&self) -> aws_sdk_secretsmanager::Client {
        aws_sdk_secretsmanager::Client::new(&self.config)
    }

    /// SQS.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build()
}
