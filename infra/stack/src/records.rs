//! The records of a stack: its tables, queues and bucket behind the same store that the functions use.

use std::collections::BTreeMap;

use touchline_domain::{
    contact::{Address, phone},
    ids::{LeadId, TenantId},
    sending::tenant::Tenant,
};
use touchline_engine::{ports::Tenants as _, reply::Inbox as _};
use touchline_runtime::aws::Aws;
use touchline_store::{Names, Store};

use crate::{error::CliError, target::Target};

/// Which output of the template names which of the store's settings.
const OUTPUTS: [(&str, &str); 17] = [
    ("LEADS_TABLE", "LeadsTableName"),
    ("TENANTS_TABLE", "TenantsTableName"),
    ("POOL_TABLE", "PoolTableName"),
    ("REGISTER_TABLE", "RegisterTableName"),
    ("INBOX_TABLE", "InboxTableName"),
    ("LEDGER_TABLE", "LedgerTableName"),
    ("BUCKET", "BucketName"),
    ("EVENT_BUS", "EventBusName"),
    ("QUEUE_EMAIL", "EmailQueueUrl"),
    ("QUEUE_SMS", "SmsQueueUrl"),
    ("QUEUE_VOICE", "VoiceQueueUrl"),
    ("QUEUE_LINKEDIN", "LinkedinQueueUrl"),
    ("QUEUE_MAIL", "MailQueueUrl"),
    ("QUEUE_ENRICH", "EnrichQueueUrl"),
    ("QUEUE_DELIVERY", "DeliveryQueueUrl"),
    ("QUEUE_REPLIES", "RepliesQueueUrl"),
    ("QUEUE_WASH", "WashQueueUrl"),
];

/// A stack's records.
pub struct Records {
    /// The store.
    pub store: Store,
    /// The addresses of all queues, by setting.
    pub queues: BTreeMap<&'static str, String>,
    /// The bucket.
    pub bucket: String,
    /// The table of leads.
    pub leads_table: String,
}

impl Records {
    /// Opens the records of a stack.
    ///
    /// # Errors
    /// The stack can not be described.
    pub async fn open(target: &Target) -> Result<Self, CliError> {
        let outputs = target.outputs().await?;
        let name = |setting: &str| {
            let (_, output) = OUTPUTS.iter().find(|(known, _)| *known == setting)?;
            outputs.get(*output).cloned()
        };
        let queues = OUTPUTS
            .iter()
            .filter(|(setting, _)| setting.starts_with("QUEUE_"))
            .filter_map(|(setting, output)| Some((*setting, outputs.get(*output)?.clone())))
            .collect();
        Ok(Self {
            store: Store::new(&aws(target), Names::from_lookup(name)),
            queues,
            bucket: outputs.get("BucketName").cloned().unwrap_or_default(),
            leads_table: name("LEADS_TABLE").unwrap_or_default(),
        })
    }

    /// A tenant that has to be there.
    ///
    /// # Errors
    /// A usage error if there is none; the stack does not answer.
    pub async fn tenant(&self, tenant: &TenantId) -> Result<Tenant, CliError> {
        let found = self.store.tenant(tenant).await;
        found
            .map_err(anyhow::Error::new)?
            .ok_or_else(|| CliError::usage(format!("there is no tenant {tenant}")))
    }

    /// A lead by its id, e-mail address or phone number.
    ///
    /// # Errors
    /// The text is none of them, or the tenant has no such lead.
    pub async fn find_lead(&self, tenant: &TenantId, text: &str) -> Result<LeadId, CliError> {
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        let number = || phone::parse(text, None).ok().map(|found| found.e164);
        let address = text
            .parse()
            .map(Address::Email)
            .ok()
            .or_else(|| number().map(Address::Phone))
            .ok_or_else(|| {
                CliError::usage(format!(
                    "'{text}' is no lead id, e-mail address or +phone number"
                ))
            })?;
        let found = self
            .store
            .lead_at(tenant, &address)
            .await
            .map_err(anyhow::Error::new)?;
        found.ok_or_else(|| CliError::usage(format!("tenant {tenant} has no lead at {text}")))
    }

    /// S3 of the stack.
    #[must_use]
    pub fn s3(&self, target: &Target) -> aws_sdk_s3::Client {
        aws(target).s3()
    }
}

fn aws(target: &Target) -> Aws {
    // At an endpoint of our own a bucket has no host name; in AWS both forms work.
    Aws::at_endpoint(target.config().clone())
}
