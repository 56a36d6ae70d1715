//! Deploys the template into the emulator with the same two commands as anywhere else: package, then deploy.
//! Nothing is done when template, parameters and code are those of the last time.

use std::collections::BTreeMap;
use std::fs;

use aws_config::SdkConfig;
use sha2::{Digest as _, Sha256};
use touchline_runtime::meter;

use super::package::Archive;
use super::paths::StackPaths;
use super::run::run;
use super::state::StackState;
use super::venv::Venv;
use super::{LocalError, UpOptions, aws, dynamodb, secrets, template};

/// Where packaged code lies inside the emulator.
const ARTIFACTS: &str = "touchline-artifacts";
/// The one attribute by which an item of the ledger expires.
const TTL_ATTRIBUTE: &str = "ttl";

/// What is to be deployed.
#[derive(Debug)]
pub struct Deployment<'a> {
    /// The template as it stands in the checkout.
    pub template: &'a str,
    /// Each function's code.
    pub archives: &'a BTreeMap<String, Archive>,
    /// The template's parameters.
    pub parameters: Vec<String>,
}

impl Deployment<'_> {
    /// Differs when anything that is deployed differs.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        };
        part(self.template);
        self.parameters.iter().for_each(|parameter| part(parameter));
        for (function, archive) in self.archives {
            part(function);
            part(&archive.stamp);
        }
        hex::encode(hash.finalize())
    }

    /// Deploys, sets what the emulator leaves out of a template, and fills the secrets.
    ///
    /// # Errors
    /// [`LocalError::Step`] with the template's fault, [`LocalError::Aws`] when a later call is refused.
    pub async fn deploy(
        &self,
        paths: &StackPaths,
        venv: &Venv,
        state: &StackState,
    ) -> Result<(), LocalError> {
        let config = aws::connect_to(&state.endpoint, &state.region).await;
        make_bucket(&config).await?;
        clear_failed(&config, &state.name).await?;
        self.package(paths, venv, state).await?;
        let deployed = self.apply(paths, venv, state).await;
        if deployed.is_err() {
            explain(&config, &state.name, deployed).await?;
        }
        let resources = resources(&config, &state.name).await?;
        let served = aws::connect(state).await;
        if state.dynamodb_endpoint.is_some() {
            let tables = of_type(&resources, "AWS::DynamoDB::Table");
            dynamodb::make_tables(&config, &served, &tables).await?;
        }
        expire_ledger(&served, &resources).await?;
        secrets::seed(&config, &of_type(&resources, "AWS::SecretsManager::Secret")).await
    }

    async fn package(
        &self,
        paths: &StackPaths,
        venv: &Venv,
        state: &StackState,
    ) -> Result<(), LocalError> {
        let copy = template::with_code(self.template, |function| {
            let archive = self.archives.get(function);
            archive.map_or_else(String::new, |a| a.path.display().to_string())
        });
        let built = paths.file("built.yaml");
        fs::write(&built, copy).map_err(LocalError::io(&built))?;
        let mut package = aws::client(venv, state);
        package
            .args(["cloudformation", "package", "--s3-bucket", ARTIFACTS])
            .arg("--template-file")
            .arg(built)
            .arg("--output-template-file")
            .arg(paths.file("packaged.yaml"));
        run("packaging the functions", package, &paths.log("package")).await
    }

    async fn apply(
        &self,
        paths: &StackPaths,
        venv: &Venv,
        state: &StackState,
    ) -> Result<(), LocalError> {
        let mut deploy = aws::client(venv, state);
        deploy
            .args(["cloudformation", "deploy", "--stack-name", &state.name])
            .args(["--s3-bucket", ARTIFACTS, "--no-fail-on-empty-changeset"])
            .args(["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
            .arg("--template-file")
            .arg(paths.file("packaged.yaml"))
            .arg("--parameter-overrides")
            .args(&self.parameters);
        run("deploying the template", deploy, &paths.log("deploy")).await
    }
}

/// The template's parameters for a local stack.
#[must_use]
pub fn parameters(state: &StackState, options: &UpOptions) -> Vec<String> {
    let architecture = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        other => other,
    };
    let schedules = if options.schedules {
        "ENABLED"
    } else {
        "DISABLED"
    };
    let providers = state.simulator_url.as_deref().unwrap_or_default();
    let meter = if options.cost_meter { meter::ON } else { "" };
    vec![
        "Env=local".to_owned(),
        format!("Architecture={architecture}"),
        format!("ProviderBaseUrl={providers}"),
        format!("PublicUrl={}", state.api_url),
        format!("ClockFile={}", state.clock_file.display()),
        format!("Schedules={schedules}"),
        // Always named: a deployment keeps what it is not told.
        format!("CostMeter={meter}"),
    ]
}

type Resource = (String, String, String);

async fn make_bucket(config: &SdkConfig) -> Result<(), LocalError> {
    use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
    let client = aws_sdk_s3::Client::new(config);
    if client.head_bucket().bucket(ARTIFACTS).send().await.is_ok() {
        return Ok(());
    }
    let here = CreateBucketConfiguration::builder()
        .location_constraint(BucketLocationConstraint::from(aws::REGION))
        .build();
    client
        .create_bucket()
        .bucket(ARTIFACTS)
        .create_bucket_configuration(here)
        .send()
        .await
        .map(drop)
        .map_err(LocalError::aws("making the bucket for code"))
}

// A stack whose first deployment failed can only be deleted.
async fn clear_failed(config: &SdkConfig, stack: &str) -> Result<(), LocalError> {
    let client = aws_sdk_cloudformation::Client::new(config);
    let Ok(found) = client.describe_stacks().stack_name(stack).send().await else {
        return Ok(());
    };
    let failed = found.stacks().iter().any(|found| {
        let status = found.stack_status().map_or("", |status| status.as_str());
        status == "ROLLBACK_COMPLETE" || status.ends_with("FAILED")
    });
    if failed {
        let deleted = client.delete_stack().stack_name(stack).send().await;
        deleted.map_err(LocalError::aws("deleting the failed stack"))?;
    }
    Ok(())
}

// The client only says that it failed; the first resource that did is in the stack's events.
async fn explain(
    config: &SdkConfig,
    stack: &str,
    deployed: Result<(), LocalError>,
) -> Result<(), LocalError> {
    let client = aws_sdk_cloudformation::Client::new(config);
    let events = client
        .describe_stack_events()
        .stack_name(stack)
        .send()
        .await;
    let first = events.ok().and_then(|events| {
        events.stack_events().iter().rev().find_map(|event| {
            let status = event.resource_status().map_or("", |status| status.as_str());
            let reason = event.resource_status_reason()?;
            status.ends_with("FAILED").then(|| {
                format!(
                    "{}: {reason}",
                    event.logical_resource_id().unwrap_or_default()
                )
            })
        })
    });
    match (deployed, first) {
        (Err(LocalError::Step { what, log, .. }), Some(reason)) => {
            Err(LocalError::Step { what, reason, log })
        }
        (deployed, _) => deployed,
    }
}

async fn resources(config: &SdkConfig, stack: &str) -> Result<Vec<Resource>, LocalError> {
    let client = aws_sdk_cloudformation::Client::new(config);
    let mut pages = client
        .list_stack_resources()
        .stack_name(stack)
        .into_paginator()
        .send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(LocalError::aws("listing the stack's resources"))?;
        found.extend(page.stack_resource_summaries().iter().map(|resource| {
            let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
            (
                text(resource.resource_type()),
                text(resource.logical_resource_id()),
                text(resource.physical_resource_id()),
            )
        }));
    }
    Ok(found)
}

fn of_type(resources: &[Resource], wanted: &str) -> Vec<String> {
    let matching = resources.iter().filter(|(kind, ..)| kind == wanted);
    matching.map(|(.., physical)| physical.clone()).collect()
}

// The emulator drops the template's time to live.
async fn expire_ledger(config: &SdkConfig, resources: &[Resource]) -> Result<(), LocalError> {
    use aws_sdk_dynamodb::types::TimeToLiveSpecification;
    let Some((.., ledger)) = resources.iter().find(|(_, id, _)| id == "LedgerTable") else {
        return Ok(());
    };
    let client = aws_sdk_dynamodb::Client::new(config);
    let what = || LocalError::aws(format!("expiring items of {ledger}"));
    let now = client
        .describe_time_to_live()
        .table_name(ledger)
        .send()
        .await;
    let now = now.map_err(|error| what()(error.into_service_error()))?;
    let set = now
        .time_to_live_description()
        .and_then(|ttl| ttl.attribute_name());
    if set == Some(TTL_ATTRIBUTE) {
        return Ok(());
    }
    let wanted = TimeToLiveSpecification::builder()
        .attribute_name(TTL_ATTRIBUTE)
        .enabled(true);
    let wanted = wanted
        .build()
        .map_err(LocalError::aws("describing the time to live"))?;
    client
        .update_time_to_live()
        .table_name(ledger)
        .time_to_live_specification(wanted)
        .send()
        .await
        .map(drop)
        .map_err(LocalError::aws("setting the time to live"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(template: &str, parameter: &str, stamp: &str) -> String {
        let archive = Archive {
            path: "/build/enqueue.zip".into(),
            stamp: stamp.into(),
        };
        Deployment {
            template,
            archives: &BTreeMap::from([("enqueue".to_owned(), archive)]),
            parameters: vec![parameter.to_owned()],
        }
        .digest()
    }

    #[test]
    fn the_digest_changes_with_template_parameters_and_code_alone() {
        let first = digest("a", "b", "c");
        assert_eq!(digest("a", "b", "c"), first);
        assert_ne!(digest("A", "b", "c"), first);
        assert_ne!(digest("a", "B", "c"), first);
        assert_ne!(digest("a", "b", "C"), first);
        assert_ne!(digest("ab", "", "c"), first);
    }
}
