//! DynamoDB in Rust: a process on loopback that the functions and the tools call in place of the emulator's own, which takes tens
//! of times as long. It enforces no rights, so a stack that enforces IAM goes without.

use std::path::Path;
use std::process::Command;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::types::{
    BillingMode, GlobalSecondaryIndex, GlobalSecondaryIndexDescription, TableDescription,
};

use super::emulator::{HEALTH_LIMIT, endpoint};
use super::paths::StackPaths;
use super::ports::Wanted;
use super::process::Spawned;
use super::state::{StackState, port_of};
use super::{LocalError, wait};

/// The program.
pub const BINARY: &str = "touchline-dynamodb";

/// Starts it without tables, and notes in `state` where it is.
///
/// # Errors
/// [`LocalError::Step`] when it does not come up.
pub async fn start(
    program: &Path,
    paths: &StackPaths,
    state: &mut StackState,
) -> Result<Spawned, LocalError> {
    let before = state.dynamodb_endpoint.as_deref().and_then(port_of);
    let port = before.map_or(Wanted::Any, Wanted::Rather).find()?;
    let log = paths.log("dynamodb");
    let mut command = Command::new(program);
    command
        .env_clear()
        .args(["--port", &port.to_string()])
        .arg("--clock-file")
        .arg(paths.clock());
    let started = Spawned::start(command, &log, &log).map_err(LocalError::io(&log))?;
    let url = endpoint(port);
    state.dynamodb = Some(started.id().clone());
    state.dynamodb_endpoint = Some(url.clone());
    state.save(&paths.state())?;
    wait::until("starting DynamoDB", &started, &log, || async {
        answers(&url).await.then_some(())
    })
    .await?;
    Ok(started)
}

/// Whether a DynamoDB answers there.
pub async fn answers(url: &str) -> bool {
    let client = reqwest::Client::builder().no_proxy().timeout(HEALTH_LIMIT);
    let Ok(client) = client.build() else {
        return false;
    };
    let health = client.get(url).send().await;
    health.is_ok_and(|answer| answer.status().is_success())
}

/// Makes the tables as the emulator describes what it deployed. One that is there already stays as it is.
///
/// # Errors
/// [`LocalError::Aws`] when a table cannot be described or made, [`LocalError::TableChanged`] when the template has other
/// keys or indexes for one that holds data.
pub async fn make_tables(
    deployed: &SdkConfig,
    served: &SdkConfig,
    tables: &[String],
) -> Result<(), LocalError> {
    let (from, to) = (
        aws_sdk_dynamodb::Client::new(deployed),
        aws_sdk_dynamodb::Client::new(served),
    );
    let made = tables.iter().map(|table| make_table(&from, &to, table));
    futures::future::try_join_all(made).await.map(drop)
}

async fn make_table(
    from: &aws_sdk_dynamodb::Client,
    to: &aws_sdk_dynamodb::Client,
    name: &str,
) -> Result<(), LocalError> {
    let wanted = from.describe_table().table_name(name).send().await;
    let wanted = wanted.map_err(LocalError::aws(format!("describing table {name}")))?;
    let wanted = wanted.table.ok_or_else(|| LocalError::Aws {
        what: format!("describing table {name}"),
        reason: "the answer is empty".to_owned(),
    })?;
    let found = to.describe_table().table_name(name).send().await;
    if let Some(found) = found.ok().and_then(|found| found.table) {
        if shape(&found) == shape(&wanted) {
            return Ok(());
        }
        return Err(LocalError::TableChanged(name.to_owned()));
    }
    let indexes = wanted.global_secondary_indexes().iter().map(index);
    let indexes = indexes.collect::<Result<Vec<_>, _>>()?;
    to.create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(wanted.key_schema.clone())
        .set_attribute_definitions(wanted.attribute_definitions.clone())
        .set_global_secondary_indexes((!indexes.is_empty()).then_some(indexes))
        .send()
        .await
        .map(drop)
        .map_err(LocalError::aws(format!("making table {name}")))
}

fn index(described: &GlobalSecondaryIndexDescription) -> Result<GlobalSecondaryIndex, LocalError> {
    let index = GlobalSecondaryIndex::builder()
        .set_index_name(described.index_name.clone())
        .set_key_schema(described.key_schema.clone())
        .set_projection(described.projection.clone());
    let built = index.build();
    built.map_err(LocalError::aws("describing an index"))
}

/// What cannot be changed in a table that holds data.
fn shape(table: &TableDescription) -> String {
    let mut indexes: Vec<String> = table
        .global_secondary_indexes()
        .iter()
        .map(|index| {
            let projection = index.projection();
            let mut attributes = projection.map_or(Vec::new(), |p| p.non_key_attributes().to_vec());
            attributes.sort();
            format!(
                "{:?} {:?} {:?} {attributes:?}",
                index.index_name(),
                index.key_schema(),
                projection.and_then(|p| p.projection_type()),
            )
        })
        .collect();
    indexes.sort();
    format!("{:?} {indexes:?}", table.key_schema())
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, KeySchemaElement, KeyType, Projection, ProjectionType,
        ScalarAttributeType,
    };
    use touchline_runtime::clock::Clock;

    use super::super::aws;
    use super::*;

    /// A database without tables that lasts as long as the test.
    async fn database() -> SdkConfig {
        let listener = touchline_dynamodb::listen(0).unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = touchline_dynamodb::serve(listener, Clock::real(), std::future::pending());
        tokio::spawn(served);
        aws::connect_to(&endpoint(port), aws::REGION).await
    }

    fn key(name: &str, kind: KeyType) -> KeySchemaElement {
        let key = KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind);
        key.build().unwrap()
    }

    async fn deploy(config: &SdkConfig, index: Option<&str>) {
        let attribute = |name| {
            let attribute = AttributeDefinition::builder().attribute_name(name);
            let attribute = attribute.attribute_type(ScalarAttributeType::S);
            attribute.build().unwrap()
        };
        let index = index.map(|name| {
            let projection = Projection::builder()
                .projection_type(ProjectionType::Include)
                .non_key_attributes("state");
            let index = GlobalSecondaryIndex::builder()
                .index_name(name)
                .key_schema(key("list_pk", KeyType::Hash))
                .key_schema(key("sk", KeyType::Range))
                .projection(projection.build());
            index.build().unwrap()
        });
        let names = ["pk", "sk"].into_iter();
        let indexed = index.iter().map(|_| "list_pk");
        let made = aws_sdk_dynamodb::Client::new(config)
            .create_table()
            .table_name("leads")
            .billing_mode(BillingMode::PayPerRequest)
            .key_schema(key("pk", KeyType::Hash))
            .key_schema(key("sk", KeyType::Range))
            .set_attribute_definitions(Some(names.chain(indexed).map(attribute).collect()))
            .set_global_secondary_indexes(index.map(|index| vec![index]));
        made.send().await.unwrap();
    }

    #[tokio::test]
    async fn tables_are_made_once_as_they_were_deployed_and_other_keys_are_refused() {
        let (deployed, served, changed) = (database().await, database().await, database().await);
        deploy(&deployed, Some("listing")).await;
        deploy(&changed, None).await;
        let tables = ["leads".to_owned()];
        for _ in 0..2 {
            make_tables(&deployed, &served, &tables).await.unwrap();
        }
        let client = aws_sdk_dynamodb::Client::new(&served);
        let made = client.describe_table().table_name("leads").send().await;
        let made = made.unwrap().table.unwrap();
        assert_eq!(
            made.global_secondary_indexes()[0].index_name(),
            Some("listing")
        );
        assert_eq!(made.key_schema()[1].attribute_name(), "sk");

        let error = make_tables(&changed, &served, &tables).await.unwrap_err();
        assert!(matches!(error, LocalError::TableChanged(name) if name == "leads"));
    }
}
