//! Files in S3. Every key is built here and begins with the tenant's prefix (TEN-2); only raw webhooks whose tenant is
//! not known yet stand elsewhere. A key from outside is parsed, never used as it came.

use std::{fmt, sync::Arc};

use aws_sdk_s3::{Client, error::ProvideErrorMetadata, primitives::ByteStream};
use chrono::NaiveDate;
use percent_encoding::percent_decode_str;
use touchline_domain::{
    events::Provider,
    ids::{TenantId, UploadId, fingerprint},
};
use touchline_engine::{
    desk::uploads::{List, Lists},
    ports::PortError,
};
use touchline_runtime::settings::name;

use crate::{
    error::{corrupt, unavailable},
    names::{Given, not_given},
};

/// How the key of a list ends.
const CSV: &str = ".csv";
/// S3's codes for a write that found something there already.
const EXISTS: [&str; 2] = ["PreconditionFailed", "ConditionalRequestConflict"];

/// The key of a file, known to be one of ours.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FileKey(Box<str>);

impl FileKey {
    /// The key as S3 has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where people see what became of the rows that were rejected (HUB-3). Not beside the upload itself: a CSV there
    /// would be imported.
    #[must_use]
    pub fn rejects(tenant: &TenantId, upload: &UploadId, part: u32) -> Self {
        Self(format!("team_{tenant}/reports/{upload}/rejects-{part}.csv").into())
    }

    /// Where a raw webhook is kept: under its tenant, once that is known. The same event has the same key.
    #[must_use]
    pub fn webhook(
        tenant: Option<&TenantId>,
        provider: Provider,
        received_on: NaiveDate,
        event: &str,
    ) -> Self {
        let owner = tenant
            .map(|tenant| format!("team_{tenant}/"))
            .unwrap_or_default();
        Self(
            format!(
                "{owner}webhooks/{provider}/{received_on}/{}",
                fingerprint(&[event])
            )
            .into(),
        )
    }

    /// Where an upload is put: `team_{tenant}/imports/{upload}/{name}` (HUB-1). Characters of the name that a key
    /// should not have become `-`, and `.CSV` becomes `.csv`: S3 tells of keys that end so, and of no others.
    #[must_use]
    pub fn import(tenant: &TenantId, upload: &UploadId, name: &str) -> Self {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || ".-_".contains(c) {
                c
            } else {
                '-'
            }
        };
        let mut name: String = name.chars().map(plain).collect();
        if let Some(stem) = name.len().checked_sub(CSV.len())
            && name[stem..].eq_ignore_ascii_case(CSV)
        {
            name.replace_range(stem.., CSV);
        }
        Self(format!("team_{tenant}/imports/{upload}/{name}").into())
    }
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An uploaded file as its key names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFile {
    /// Whose.
    pub tenant: TenantId,
    /// Which upload.
    pub upload: UploadId,
    /// The whole key.
    pub key: FileKey,
}

impl ImportFile {
    /// Reads a key as S3 writes it into its events, with `+` for a space and `%XX` escapes; nothing when the object is
    /// no lead list of a tenant.
    #[must_use]
    pub fn of_event(encoded_key: &str) -> Option<Self> {
        let spaced = encoded_key.replace('+', " ");
        let key = percent_decode_str(&spaced).decode_utf8().ok()?;
        Self::parse(&key).ok()
    }

    /// Reads the key of a file that S3 tells of, already decoded.
    ///
    /// # Errors
    /// [`PortError::Corrupt`] for anything but `team_{tenant}/imports/{upload}/{name}.csv`.
    pub fn parse(key: &str) -> Result<Self, PortError> {
        let parsed = || {
            let (owner, rest) = key.strip_prefix("team_")?.split_once("/imports/")?;
            let (upload, name) = rest.split_once('/')?;
            let name = name.to_ascii_lowercase();
            let valid = name.ends_with(".csv") && !name.contains('/');
            Some(Self {
                tenant: owner.parse().ok()?,
                upload: upload.parse().ok()?,
                key: FileKey(key.into()),
            })
            .filter(|_| valid)
        };
        parsed().ok_or_else(|| {
            corrupt(
                "file",
                "key",
                key,
                "not team_{tenant}/imports/{upload}/{name}.csv",
            )
        })
    }
}

/// An open file.
#[derive(Debug)]
pub struct Opened {
    /// Its bytes, from where it was opened.
    pub body: ByteStream,
    /// The size of the whole file in bytes.
    pub size_bytes: u64,
    /// Names this content: give it back to go on reading the same.
    pub etag: String,
}

/// The answer to opening a file.
#[derive(Debug)]
pub enum Open {
    /// Here it is.
    File(Opened),
    /// There is no such file.
    Missing,
    /// Somebody has put another file in its place.
    Replaced,
    /// It ends before the byte that was asked for: everything is read.
    AtEnd,
}

/// The bucket.
#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
    bucket: Option<Arc<str>>,
}

impl Files {
    /// The bucket called `bucket`; a function that was not given it has none.
    #[must_use]
    pub fn new(client: Client, bucket: impl Into<Given>) -> Self {
        Self {
            client,
            bucket: bucket.into().0,
        }
    }

    fn bucket(&self) -> Result<&str, PortError> {
        self.bucket
            .as_deref()
            .ok_or_else(|| not_given(name::BUCKET))
    }

    /// Opens a file at a byte, of the content named by `etag` if there is one (HUB-1).
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn open(
        &self,
        key: &FileKey,
        from_byte: u64,
        etag: Option<&str>,
    ) -> Result<Open, PortError> {
        let mut get = self
            .client
            .get_object()
            .bucket(self.bucket()?)
            .key(key.as_str());
        get = get.set_if_match(etag.map(str::to_owned));
        if from_byte > 0 {
            get = get.range(format!("bytes={from_byte}-"));
        }
        match get.send().await {
            Ok(answer) => {
                let rest = answer
                    .content_length()
                    .and_then(|n| u64::try_from(n).ok())
                    .unwrap_or(0);
                let etag = answer.e_tag().unwrap_or_default().to_owned();
                Ok(Open::File(Opened {
                    body: answer.body,
                    size_bytes: from_byte + rest,
                    etag,
                }))
            }
            Err(error) => match error.code() {
                Some("NoSuchKey") => Ok(Open::Missing),
                Some("PreconditionFailed") => Ok(Open::Replaced),
                Some("InvalidRange") => Ok(Open::AtEnd),
                _ => Err(unavailable("file")(error)),
            },
        }
    }

    /// Writes a file over whatever is there.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn put(
        &self,
        key: &FileKey,
        content_type: &str,
        body: Vec<u8>,
    ) -> Result<(), PortError> {
        let put = self
            .client
            .put_object()
            .bucket(self.bucket()?)
            .key(key.as_str())
            .content_type(content_type);
        put.body(ByteStream::from(body))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable("file"))
    }

    /// Keeps a raw webhook; `false` if it was kept before (HOOK-3).
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn keep(&self, key: &FileKey, body: Vec<u8>) -> Result<bool, PortError> {
        let put = self
            .client
            .put_object()
            .bucket(self.bucket()?)
            .key(key.as_str())
            .if_none_match("*");
        match put.body(ByteStream::from(body)).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.code().is_some_and(|code| EXISTS.contains(&code)) => Ok(false),
            Err(error) => Err(unavailable("raw webhook")(error)),
        }
    }
}

impl Lists for Files {
    type Body = ByteStream;

    async fn put_list(&self, list: &List, body: ByteStream) -> Result<(), PortError> {
        let key = FileKey::import(&list.tenant, &list.upload, &list.name);
        let put = self
            .client
            .put_object()
            .bucket(self.bucket()?)
            .key(key.as_str());
        put.body(body)
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable("file"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_2_only_an_upload_under_a_tenants_prefix_is_one() {
        let file = ImportFile::parse("team_acme/imports/u1/My leads.CSV").unwrap();
        assert_eq!((file.tenant.as_str(), file.upload.as_str()), ("acme", "u1"));
        for wrong in [
            "imports/u1/a.csv",
            "team_acme/imports/u1/a.txt",
            "team_acme/imports/a.csv",
            "team_acme/imports/u1/x/a.csv",
            "team_Acme/imports/u1/a.csv",
            "team_acme/x/imports/u1/a.csv",
            "team_../imports/u1/a.csv",
            "team_acme/reports/u1/rejects-1.csv",
        ] {
            assert!(ImportFile::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hub_1_an_upload_is_known_by_the_key_in_an_event() {
        let encoded = "team_acme/imports/spring-1/Leads+%28final%29.csv";
        let file = ImportFile::of_event(encoded).unwrap();
        assert_eq!(file.upload.as_str(), "spring-1");
        assert_eq!(
            file.key.as_str(),
            "team_acme/imports/spring-1/Leads (final).csv"
        );
        for other in [
            "team_acme/webhooks/twilio/x.json",
            "team_acme/imports/u1/%ff.csv",
            "team_acme/imports/u1/.txt",
        ] {
            assert_eq!(ImportFile::of_event(other), None, "{other}");
        }
    }

    #[test]
    fn every_key_begins_with_its_tenant() {
        let (tenant, upload) = ("acme".parse().unwrap(), "u1".parse().unwrap());
        let day = "2026-11-20".parse().unwrap();
        let keys = [
            FileKey::rejects(&tenant, &upload, 1),
            FileKey::webhook(Some(&tenant), Provider::Resend, day, "../../team_other/x"),
            FileKey::import(&tenant, &upload, "../../team_other/leads.csv"),
        ];
        for key in &keys {
            assert!(
                key.as_str().starts_with("team_acme/") && !key.as_str().contains("/team_other"),
                "{key}"
            );
        }
        assert!(ImportFile::parse(keys[2].as_str()).is_ok());
        assert!(ImportFile::parse(keys[0].as_str()).is_err());
        let shouted = FileKey::import(&tenant, &upload, "LEADS.CSV");
        assert_eq!(shouted.as_str(), "team_acme/imports/u1/LEADS.csv");
        let unknown = FileKey::webhook(None, Provider::Resend, day, "evt");
        assert!(unknown.as_str().starts_with("webhooks/resend/2026-11-20/"));
    }
}
