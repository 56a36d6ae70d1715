//! Deploys the template into the emulator as anywhere else: code and template into a bucket, then a stack from them.
//! Nothing is done when template, parameters and code are those of the last time.

use std::collections::BTreeMap;
use std::fs;

use aws_config::SdkConfig;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use sha2::{Digest as _, Sha256};
use touchline_runtime::meter;

use super::package::Archive;
use super::state::StackState;
use super::{LocalError, UpOptions, aws, cloudformation, dynamodb, secrets, template};

/// The simulator answers within a tenth of this, or, where it plays a provider that hangs, never.
const CALL_TIMEOUT_MS: &str = "1000";

/// Where code and template lie inside the emulator.
const ARTIFACTS: &str = "touchline-artifacts";
/// The template in there.
const TEMPLATE: &str = "template.yaml";
/// Archives that are in memory at once.
const AT_ONCE: usize = 2;
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
    pub parameters: Vec<(&'static str, String)>,
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
        for (name, value) in &self.parameters {
            part(name);
            part(value);
        }
        for (function, archive) in self.archives {
            part(function);
            part(&archive.stamp);
        }
        hex::encode(hash.finalize())
    }

    /// Deploys, sets what the emulator leaves out of a template, and fills the secrets.
    ///
    /// # Errors
    /// [`LocalError::Aws`] with the template's fault, or when another call is refused.
    pub async fn deploy(&self, state: &StackState) -> Result<(), LocalError> {
        let config = aws::connect_to(&state.endpoint, &state.region).await;
        make_bucket(&config).await?;
        self.upload(&config).await?;
        let template = format!("{}/{ARTIFACTS}/{TEMPLATE}", state.endpoint);
        cloudformation::deploy(&config, &state.name, &template, &self.parameters).await?;
        let resources = cloudformation::resources(&config, &state.name).await?;
        let served = aws::connect(state).await;
        if state.dynamodb_endpoint.is_some() {
            let tables = of_type(&resources, "AWS::DynamoDB::Table");
            dynamodb::make_tables(&config, &served, &tables).await?;
        }
        expire_ledger(&served, &resources).await?;
        secrets::seed(&config, &of_type(&resources, "AWS::SecretsManager::Secret")).await
    }

    /// Puts code and template where a stack is made from them.
    async fn upload(&self, config: &SdkConfig) -> Result<(), LocalError> {
        let client = aws_sdk_s3::Client::new(config);
        let put = async |key: String, body: Vec<u8>| {
            let put = client.put_object().bucket(ARTIFACTS).key(&key);
            let put = put.body(body.into()).send().await;
            put.map(drop)
                .map_err(LocalError::aws(format!("uploading {key}")))
        };
        stream::iter(self.archives)
            .map(async |(function, archive)| {
                let code = fs::read(&archive.path).map_err(LocalError::io(&archive.path))?;
                put(key(function, archive), code).await
            })
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        let copy = template::with_code(self.template, |function| {
            let archive = self.archives.get(function);
            let key = archive.map(|archive| key(function, archive));
            format!("s3://{ARTIFACTS}/{}", key.unwrap_or_default())
        });
        put(TEMPLATE.to_owned(), copy.into_bytes()).await
    }
}

/// Other code has another place, so that `CloudFormation` sees that it is other code.
fn key(function: &str, archive: &Archive) -> String {
    format!("{function}/{}.zip", archive.stamp)
}

/// The template's parameters for a local stack.
#[must_use]
pub fn parameters(state: &StackState, options: &UpOptions) -> Vec<(&'static str, String)> {
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
        ("Env", "local".to_owned()),
        ("Architecture", architecture.to_owned()),
        ("ProviderBaseUrl", providers.to_owned()),
        ("PublicUrl", state.api_url.clone()),
        ("ClockFile", state.clock_file.display().to_string()),
        ("Schedules", schedules.to_owned()),
        ("CostMeter", meter.to_owned()),
        ("CallTimeoutMs", CALL_TIMEOUT_MS.to_owned()),
    ]
}

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

fn of_type(resources: &[cloudformation::Resource], wanted: &str) -> Vec<String> {
    let matching = resources.iter().filter(|resource| resource.kind == wanted);
    matching
        .map(|resource| resource.physical_id.clone())
        .collect()
}

// The emulator drops the template's time to live.
async fn expire_ledger(
    config: &SdkConfig,
    resources: &[cloudformation::Resource],
) -> Result<(), LocalError> {
    use aws_sdk_dynamodb::types::TimeToLiveSpecification;
    let ledger = resources.iter().find(|one| one.logical_id == "LedgerTable");
    let Some(ledger) = ledger.map(|ledger| &ledger.physical_id) else {
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
            parameters: vec![("Env", parameter.to_owned())],
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
