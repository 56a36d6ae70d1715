//! A stack of `CloudFormation` from a template in a bucket. The AWS client does the same, but looks only each half minute
//! whether it is there.

use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::error::ProvideErrorMetadata as _;
use aws_sdk_cloudformation::types::{Capability, Parameter};

use super::LocalError;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);
/// A stack is there within seconds.
const PATIENCE: Duration = Duration::from_secs(180);
const DEPLOYING: &str = "deploying the template";

/// What a stack consists of.
#[derive(Debug)]
pub struct Resource {
    /// Its type, such as `AWS::DynamoDB::Table`.
    pub kind: String,
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in AWS.
    pub physical_id: String,
}

/// Makes the stack, or changes it to what the template says now.
///
/// # Errors
/// [`LocalError::Aws`] with the template's fault: the reason of the first resource that failed.
pub async fn deploy(
    config: &SdkConfig,
    stack: &str,
    template_url: &str,
    parameters: &[(&'static str, String)],
) -> Result<(), LocalError> {
    let client = Client::new(config);
    let parameters = parameters.iter().map(|(name, value)| {
        let parameter = Parameter::builder().parameter_key(*name);
        parameter.parameter_value(value).build()
    });
    let parameters = Some(parameters.collect());
    let capabilities = Some(vec![
        Capability::CapabilityIam,
        Capability::CapabilityAutoExpand,
    ]);
    match status(&client, stack).await? {
        Some(status) if !can_only_be_deleted(&status) => {
            let update = client.update_stack().stack_name(stack);
            let update = update
                .template_url(template_url)
                .set_parameters(parameters)
                .set_capabilities(capabilities);
            match update.send().await {
                Err(error) if is_unchanged(error.message()) => return Ok(()),
                updated => updated.map_err(LocalError::aws(DEPLOYING))?,
            };
        }
        failed => {
            if failed.is_some() {
                let deleted = client.delete_stack().stack_name(stack).send().await;
                deleted.map_err(LocalError::aws("deleting the failed stack"))?;
                settled(&client, stack).await?;
            }
            let create = client.create_stack().stack_name(stack);
            let create = create
                .template_url(template_url)
                .set_parameters(parameters)
                .set_capabilities(capabilities);
            create.send().await.map_err(LocalError::aws(DEPLOYING))?;
        }
    }
    match settled(&client, stack).await?.as_deref() {
        Some("CREATE_COMPLETE" | "UPDATE_COMPLETE") => Ok(()),
        other => Err(LocalError::Aws {
            what: DEPLOYING.to_owned(),
            reason: match first_failure(&client, stack).await {
                Some(reason) => reason,
                None => format!("the stack is {}", other.unwrap_or("gone")),
            },
        }),
    }
}

/// Everything that a stack consists of.
///
/// # Errors
/// [`LocalError::Aws`].
pub async fn resources(config: &SdkConfig, stack: &str) -> Result<Vec<Resource>, LocalError> {
    let listed = Client::new(config).list_stack_resources().stack_name(stack);
    let mut pages = listed.into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(LocalError::aws("listing the stack's resources"))?;
        found.extend(page.stack_resource_summaries().iter().map(|resource| {
            let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
            Resource {
                kind: text(resource.resource_type()),
                logical_id: text(resource.logical_resource_id()),
                physical_id: text(resource.physical_resource_id()),
            }
        }));
    }
    Ok(found)
}

/// The status of a stack that is there.
async fn status(client: &Client, stack: &str) -> Result<Option<String>, LocalError> {
    let found = match client.describe_stacks().stack_name(stack).send().await {
        Err(error)
            if error
                .message()
                .is_some_and(|m| m.contains("does not exist")) =>
        {
            return Ok(None);
        }
        found => found.map_err(LocalError::aws("describing the stack"))?,
    };
    let status = found
        .stacks()
        .first()
        .and_then(|found| found.stack_status());
    let status = status.map(|status| status.as_str().to_owned());
    Ok(status.filter(|status| status != "DELETE_COMPLETE"))
}

/// Waits until nothing is done to the stack any more; its status then, if it is there.
async fn settled(client: &Client, stack: &str) -> Result<Option<String>, LocalError> {
    let began = Instant::now();
    loop {
        let status = status(client, stack).await?;
        let busy = status.as_ref().is_some_and(|s| s.ends_with("IN_PROGRESS"));
        if !busy || began.elapsed() > PATIENCE {
            return Ok(status);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A stack whose first deployment failed can be neither changed nor made again.
fn can_only_be_deleted(status: &str) -> bool {
    status == "ROLLBACK_COMPLETE" || status.ends_with("FAILED")
}

fn is_unchanged(message: Option<&str>) -> bool {
    message.is_some_and(|message| message.contains("No updates are to be performed"))
}

/// The stack only says that it failed; the first resource that did is in its events.
async fn first_failure(client: &Client, stack: &str) -> Option<String> {
    let events = client.describe_stack_events().stack_name(stack);
    let events = events.send().await.ok()?;
    events.stack_events().iter().rev().find_map(|event| {
        let status = event.resource_status().map_or("", |status| status.as_str());
        let reason = event.resource_status_reason()?;
        let id = event.logical_resource_id().unwrap_or_default();
        status
            .ends_with("FAILED")
            .then(|| format!("{id}: {reason}"))
    })
}
