//! How this machine talks to the local emulator: its address, its region, and credentials that mean nothing.
//! The AWS client runs with an environment of its own, so that no profile or proxy of the machine gets in.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_types::origin::Origin;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use tokio::process::Command;

use super::state::StackState;
use super::venv::Venv;

/// Sydney, where the product is deployed first.
pub const REGION: &str = "ap-southeast-2";
/// The emulator takes these for the account's root and checks no secret.
pub const KEY: &str = "test";
/// A cold function of the local stack may take seconds under load; a hung emulator is noticed nevertheless.
const CALL_LIMIT: Duration = Duration::from_secs(120);

/// What moves the SDK to another endpoint, for one service or for all.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";
/// The one service that may be elsewhere than in the emulator, as the SDK names it.
const DYNAMODB: &str = "DynamoDB";

/// Clients made from this call the stack: DynamoDB where it is, everything else at the emulator.
pub async fn connect(state: &StackState) -> SdkConfig {
    let config = connect_to(&state.endpoint, &state.region).await;
    let mut config = config.into_builder();
    // As the environment sets both: the endpoint of a service goes before that of all. One that a program sets would not.
    config.insert_origin("endpoint_url", Origin::shared_environment_variable());
    let elsewhere = Elsewhere {
        dynamodb: state.dynamodb_endpoint.clone(),
    };
    config.service_config(elsewhere).build()
}

/// Where DynamoDB is, if it is not in the emulator.
#[derive(Debug)]
struct Elsewhere {
    dynamodb: Option<String>,
}

impl LoadServiceConfig for Elsewhere {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let asked = key.service_id() == DYNAMODB && key.env() == ENDPOINT;
        self.dynamodb.clone().filter(|_| asked)
    }
}

/// Clients made from this call that endpoint.
pub async fn connect_to(endpoint: &str, region: &str) -> SdkConfig {
    let credentials = Credentials::new(KEY, KEY, None, None, "local stack");
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new(region.to_owned()))
        .credentials_provider(credentials)
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .operation_timeout(CALL_LIMIT)
                .build(),
        )
        .load()
        .await
}

/// The AWS client, aimed at the stack's emulator.
#[must_use]
pub fn client(venv: &Venv, state: &StackState) -> Command {
    let mut command = Command::new(venv.aws());
    command.env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        command.env(name, "/dev/null");
    }
    command.envs(credentials(&state.endpoint, &state.region));
    command.env("AWS_PAGER", "");
    command
}

/// The variables that AWS clients read to find the emulator.
#[must_use]
pub fn credentials<'a>(endpoint: &'a str, region: &'a str) -> [(&'static str, &'a str); 6] {
    [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_REGION", region),
        ("AWS_DEFAULT_REGION", region),
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_SECRET_ACCESS_KEY", KEY),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]
}

#[cfg(test)]
mod tests {
    use touchline_runtime::clock::Clock;

    use super::*;

    fn state(endpoint: &str, dynamodb: Option<&str>) -> StackState {
        let state = serde_json::json!({
            "name": "s",
            "workspace": "/src",
            "endpoint": endpoint,
            "dynamodb_endpoint": dynamodb,
            "region": REGION,
            "auth": false,
            "api_url": "",
            "seed": 1,
            "schedules": false,
            "clock_file": "/none",
        });
        serde_json::from_value(state).unwrap()
    }

    #[tokio::test]
    async fn dynamodb_is_called_where_it_is_and_the_emulator_where_it_is_not() {
        let listener = touchline_dynamodb::listen(0).unwrap();
        let tables = format!("http://{}", listener.local_addr().unwrap());
        let served = touchline_dynamodb::serve(listener, Clock::real(), std::future::pending());
        tokio::spawn(served);
        let nowhere = "http://127.0.0.1:9";
        let lists = async |state: StackState| {
            let client = aws_sdk_dynamodb::Client::new(&connect(&state).await);
            client.list_tables().send().await.is_ok()
        };
        assert!(lists(state(nowhere, Some(&tables))).await);
        assert!(lists(state(&tables, None)).await);
        assert!(!lists(state(&tables, Some(nowhere))).await);
        let elsewhere = connect(&state(nowhere, Some(&tables))).await;
        let queues = aws_sdk_sqs::Client::new(&elsewhere).list_queues().send();
        assert!(queues.await.is_err(), "queues are the emulator's");
    }
}
