//! Files. Every key of a tenant lies under `team_{tenant}/` (TEN-2) and is made here; a key elsewhere is refused.

use aws_sdk_s3::{Client, error::ProvideErrorMetadata as _, primitives::ByteStream};
use touchline_domain::{
    events::Provider,
    ids::{TenantId, UploadId},
};
use touchline_engine::{import::run::Chunks, ports::PortError};

use crate::error::{corrupt, unavailable};

/// The bucket.
#[derive(Clone, Debug)]
pub struct Objects {
    client: Client,
    bucket: String,
}

/// The prefix of everything that belongs to a tenant.
#[must_use]
pub fn prefix(tenant: &TenantId) -> String {
    format!("team_{tenant}/")
}

/// Where a raw webhook is kept: with its tenant, or with the platform while the tenant is not known.
#[must_use]
pub fn raw_key(tenant: Option<&TenantId>, provider: Provider, name: &str) -> String {
    let place = tenant.map_or_else(String::new, prefix);
    format!("{place}webhooks/{provider}/{name}")
}

/// Where a part of the rejects of an upload lies; not under `imports/`, so that it starts no import.
#[must_use]
pub fn rejects_key(tenant: &TenantId, upload: &UploadId, part: u32) -> String {
    format!("{}rejects/{upload}/rejects-{part}.csv", prefix(tenant))
}

impl Objects {
    /// The bucket called `bucket`.
    #[must_use]
    pub fn new(client: Client, bucket: &str) -> Self {
        Self { client, bucket: bucket.to_owned() }
    }

    /// Writes an object.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<(), PortError> {
        let put = self.client.put_object().bucket(&self.bucket).key(key).body(ByteStream::from(bytes));
        put.send().await.map(|_| ()).map_err(unavailable("file"))
    }

    /// Writes an object unless there is one; `false` when there is.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn put_new(&self, key: &str, bytes: Vec<u8>) -> Result<bool, PortError> {
        let put = self.client.put_object().bucket(&self.bucket).key(key).if_none_match("*");
        match put.body(ByteStream::from(bytes)).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().and_then(|e| e.code()) == Some("PreconditionFailed") => Ok(false),
            Err(error) => Err(unavailable("file")(error)),
        }
    }

    /// Opens a file of a tenant from an offset on.
    ///
    /// # Errors
    /// [`PortError::Corrupt`] for a key outside the tenant's prefix.
    pub async fn open(&self, tenant: &TenantId, key: &str, offset: u64) -> Result<File, PortError> {
        if !key.starts_with(&prefix(tenant)) {
            return Err(corrupt("file", "key", key, "it is not the tenant's"));
        }
        let get = self.client.get_object().bucket(&self.bucket).key(key);
        let get = if offset > 0 { get.range(format!("bytes={offset}-")) } else { get };
        match get.send().await {
            Ok(answer) => Ok(File { body: Some(answer.body) }),
            // Nothing lies behind the offset: the file was read to its end.
            Err(error) if error.as_service_error().and_then(|e| e.code()) == Some("InvalidRange") => {
                Ok(File { body: None })
            }
            Err(error) => Err(unavailable("file")(error)),
        }
    }
}

/// A file that is being read.
#[derive(Debug)]
pub struct File {
    body: Option<ByteStream>,
}

impl Chunks for File {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, PortError> {
        let Some(body) = &mut self.body else { return Ok(None) };
        let chunk = body.try_next().await;
        let chunk = chunk.map_err(|error| PortError::Unavailable { what: "file", cause: Box::new(error) })?;
        Ok(chunk.map(|bytes| bytes.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_2_every_key_of_a_tenant_lies_under_its_prefix() {
        let tenant: TenantId = "acme".parse().unwrap();
        assert_eq!(raw_key(Some(&tenant), Provider::Twilio, "x"), "team_acme/webhooks/twilio/x");
        assert_eq!(raw_key(None, Provider::Twilio, "x"), "webhooks/twilio/x");
        let rejects = rejects_key(&tenant, &"u1".parse().unwrap(), 2);
        assert_eq!(rejects, "team_acme/rejects/u1/rejects-2.csv");
    }
}
