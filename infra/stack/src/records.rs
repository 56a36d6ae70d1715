//! The records of a stack: its tables, queues and bucket behind the same store that the functions use.

use touchline_domain::{
    contact::{Address, phone},
    ids::{LeadId, TenantId},
    sending::tenant::Tenant,
};
use touchline_engine::{ports::Tenants as _, reply::Inbox as _};
use touchline_runtime::aws::Aws;
use touchline_store::{Names, Store};

use crate::{error::CliError, outputs::Queue, target::Target};

/// A stack's records.
pub struct Records {
    /// The store.
    pub store: Store,
    /// The queues that functions consume.
    pub queues: Vec<Queue>,
    /// The table of leads.
    pub leads_table: String,
    /// The bucket.
    pub bucket: String,
    /// S3 of the stack.
    pub s3: aws_sdk_s3::Client,
}

impl Records {
    /// Opens the records of a stack.
    ///
    /// # Errors
    /// The stack cannot be described.
    pub async fn open(target: &Target) -> Result<Self, CliError> {
        let outputs = target.outputs().await?;
        // At an endpoint of our own a bucket has no host name; in AWS both forms work.
        let aws = Aws::at_endpoint(target.config().clone());
        let known = outputs.clone();
        let names = Names::from_lookup(move |setting| known.setting(setting));
        Ok(Self {
            store: Store::new(&aws, names),
            queues: outputs.queues(),
            leads_table: outputs.setting("LEADS_TABLE").unwrap_or_default(),
            s3: aws.s3(),
            bucket: outputs.setting("BUCKET").unwrap_or_default(),
        })
    }

    /// A tenant that has to be there.
    ///
    /// # Errors
    /// A usage error if there is none; the stack does not answer.
    pub async fn tenant(&self, tenant: &TenantId) -> Result<Tenant, CliError> {
        let found = self.store.tenant(tenant).await?;
        found.ok_or_else(|| CliError::usage(format!("there is no tenant {tenant}")))
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
        let found = self.store.lead_at(tenant, &address).await?;
        found.ok_or_else(|| CliError::usage(format!("tenant {tenant} has no lead at {text}")))
    }
}
