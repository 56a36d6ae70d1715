//! Tables, a queue and a bucket of a test's own. The deployed ones are in `template.yaml`; these have the same keys and
//! indexes.

use std::{
    collections::{BTreeMap, HashMap},
    sync::atomic::{AtomicU32, Ordering},
};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_sdk_dynamodb::{
    Client,
    config::Credentials,
    types::{
        AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
        KeyType, Projection, ProjectionType, ScalarAttributeType,
    },
};
use touchline_domain::sending::tenant::Tenant;
use touchline_runtime::{aws::Aws, clock::Clock};
use touchline_store::{
    Names, Store, context::CampaignFacts, files::Files, inbox::Inbox, keys, leads::Leads,
    ledger::Ledger, pool::Pool, queues::Queue, register::Register, tenants::Tenants, usage::Usage,
};

use crate::engine::{Engine, REGION};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The tables of one test.
pub struct Stack {
    pub aws: Aws,
    pub db: Client,
    suffix: u32,
}

impl Stack {
    pub async fn new(engine: Engine) -> Self {
        let aws = Aws::at_endpoint(config(engine).await);
        let stack = Self {
            db: aws.dynamodb(),
            aws,
            suffix: COUNT.fetch_add(1, Ordering::Relaxed),
        };
        let tables =
            ["tenants", "pool", "register", "inbox", "ledger"].map(|table| stack.table(table));
        let plain = tables.iter().map(|table| create(&stack.db, table, &[]));
        futures::future::join_all(plain).await;
        create(
            &stack.db,
            &stack.table("leads"),
            &[
                ("due", "due_shard", "due_at"),
                ("listing", "list_pk", "list_sk"),
            ],
        )
        .await;
        stack
    }

    /// The store that the functions use, with these queues by setting.
    pub fn store(&self, queues: &[(&str, &str)]) -> Store {
        let tables = ["leads", "tenants", "pool", "register", "inbox", "ledger"]
            .map(|table| (format!("{}_TABLE", table.to_uppercase()), self.table(table)));
        let queues = queues
            .iter()
            .map(|(setting, url)| ((*setting).to_owned(), (*url).to_owned()));
        let names: BTreeMap<String, String> = tables.into_iter().chain(queues).collect();
        Store::new(&self.aws, Names::from(names))
    }

    pub fn table(&self, table: &str) -> String {
        format!("{table}-{}", self.suffix)
    }

    pub fn leads(&self) -> Leads {
        Leads::new(self.db.clone(), &self.table("leads"))
    }

    pub fn tenants(&self) -> Tenants {
        Tenants::new(self.db.clone(), &self.table("tenants"))
    }

    /// A tenant's item as builds before there were versions wrote it.
    pub async fn put_unversioned(&self, tenant: &Tenant) {
        let mut item: HashMap<String, AttributeValue> = serde_dynamo::to_item(tenant).unwrap();
        let key = keys::tenant(&tenant.id);
        item.insert(keys::PK.into(), AttributeValue::S(key.pk));
        item.insert(keys::SK.into(), AttributeValue::S(key.sk));
        let put = self.db.put_item().table_name(self.table("tenants"));
        put.set_item(Some(item)).send().await.unwrap();
    }

    pub fn usage(&self) -> Usage {
        Usage::new(self.db.clone(), &self.table("tenants"))
    }

    pub fn pool(&self) -> Pool {
        Pool::new(self.db.clone(), &self.table("pool"))
    }

    pub fn register(&self) -> Register {
        Register::new(self.db.clone(), &self.table("register"))
    }

    pub fn inbox(&self) -> Inbox {
        Inbox::new(self.db.clone(), &self.table("inbox"))
    }

    pub fn ledger(&self) -> Ledger {
        Ledger::new(self.db.clone(), &self.table("ledger"))
    }

    pub fn facts(&self) -> CampaignFacts {
        CampaignFacts::new(self.tenants(), self.pool(), self.register(), Clock::real())
    }

    pub async fn queue(&self, name: &str) -> (Queue, String) {
        let client = self.aws.sqs();
        let name = format!("{name}-{}", self.suffix);
        let url = client
            .create_queue()
            .queue_name(name)
            .send()
            .await
            .unwrap()
            .queue_url
            .unwrap();
        (Queue::new(client, &url), url)
    }

    pub async fn files(&self) -> Files {
        let bucket = format!("files-{}", self.suffix);
        let place = aws_sdk_s3::types::CreateBucketConfiguration::builder()
            .location_constraint(REGION.into())
            .build();
        let create = self
            .aws
            .s3()
            .create_bucket()
            .bucket(&bucket)
            .create_bucket_configuration(place);
        create.send().await.unwrap();
        Files::new(self.aws.s3(), &bucket)
    }
}

/// The SDK's configuration as a function has it, but for the endpoint.
pub async fn config(engine: Engine) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::v2026_01_12())
        .endpoint_url(engine.endpoint())
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .load()
        .await
}

async fn create(db: &Client, name: &str, indexes: &[(&str, &str, &str)]) {
    let mut table = db
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(keys("pk", "sk")));
    let mut attributes = vec!["pk", "sk"];
    for (index, pk, sk) in indexes {
        attributes.extend([pk, sk]);
        let projection = Projection::builder()
            .projection_type(ProjectionType::Include)
            .non_key_attributes(if *index == "due" {
                "due_channel"
            } else {
                "state"
            });
        let index = GlobalSecondaryIndex::builder()
            .index_name(*index)
            .set_key_schema(Some(keys(pk, sk)))
            .projection(projection.build());
        table = table.global_secondary_indexes(index.build().unwrap());
    }
    for attribute in attributes {
        let attribute = AttributeDefinition::builder()
            .attribute_name(attribute)
            .attribute_type(ScalarAttributeType::S);
        table = table.attribute_definitions(attribute.build().unwrap());
    }
    table.send().await.unwrap();
}

fn keys(pk: &str, sk: &str) -> Vec<KeySchemaElement> {
    [(pk, KeyType::Hash), (sk, KeyType::Range)]
        .map(|(name, kind)| {
            KeySchemaElement::builder()
                .attribute_name(name)
                .key_type(kind)
                .build()
                .unwrap()
        })
        .into()
}
