//! AWS clients, built once in `main`: one configuration, one connection pool, one retry policy for all of them.
//! Nothing else in the workspace retries an AWS call.

use std::{env, time::Duration};

use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};

use crate::meter;

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
        meter::start();
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
        let mut config = aws_sdk_dynamodb::config::Builder::from(&self.config);
        if let Some(meter) = meter::active() {
            config = config.interceptor(meter.of("dynamodb"));
        }
        aws_sdk_dynamodb::Client::from_conf(config.build())
    }

    /// EventBridge.
    #[must_use]
    pub fn eventbridge(&self) -> aws_sdk_eventbridge::Client {
        let mut config = aws_sdk_eventbridge::config::Builder::from(&self.config);
        if let Some(meter) = meter::active() {
            config = config.interceptor(meter.of("events"));
        }
        aws_sdk_eventbridge::Client::from_conf(config.build())
    }

    /// S3. At another endpoint a bucket has no host name of its own, so its name goes into the path.
    #[must_use]
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let mut config =
            aws_sdk_s3::config::Builder::from(&self.config).force_path_style(self.path_style);
        if let Some(meter) = meter::active() {
            config = config.interceptor(meter.of("s3"));
        }
        aws_sdk_s3::Client::from_conf(config.build())
    }

    /// Secrets Manager.
    #[must_use]
    pub fn secrets(&self) -> aws_sdk_secretsmanager::Client {
        let mut config = aws_sdk_secretsmanager::config::Builder::from(&self.config);
        if let Some(meter) = meter::active() {
            config = config.interceptor(meter.of("secretsmanager"));
        }
        aws_sdk_secretsmanager::Client::from_conf(config.build())
    }

    /// SQS.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        let mut config = aws_sdk_sqs::config::Builder::from(&self.config);
        if let Some(meter) = meter::active() {
            config = config.interceptor(meter.of("sqs"));
        }
        aws_sdk_sqs::Client::from_conf(config.build())
    }
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build()
}
