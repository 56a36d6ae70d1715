//! How this machine talks to the local emulator: its address, its region, and credentials that mean nothing.
//! The AWS client runs with an environment of its own, so that no profile or proxy of the machine gets in.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use tokio::process::Command;

use super::state::StackState;
use super::venv::Venv;

/// Sydney, where the product is deployed first.
pub const REGION: &str = "ap-southeast-2";
/// The emulator takes these for the account's root and checks no secret.
pub const KEY: &str = "test";
/// A cold function of the local stack may take seconds under load; a hung emulator is noticed nevertheless.
const CALL_LIMIT: Duration = Duration::from_secs(120);

/// Clients made from this call the stack's emulator.
pub async fn connect(endpoint: &str, region: &str) -> SdkConfig {
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
