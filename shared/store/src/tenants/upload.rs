//! The progress and the counts of one uploaded file, for people to see (HUB-3). Where the import goes on is kept in the
//! ledger; this is written after it and may lag, never lead.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};
use touchline_domain::ids::{CampaignId, TenantId, UploadId};
use touchline_engine::{audit::UploadCount, ports::PortError};

use super::Tenants;
use crate::{
    item::{attributes, key_of, text},
    keys,
};

/// How far an upload is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum UploadStatus {
    /// Rows are being read.
    Running,
    /// Every row has ended.
    Done,
    /// The file cannot be read at all.
    Failed,
}

/// One uploaded file of leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Whose.
    pub tenant: TenantId,
    /// The file's key in the bucket.
    pub key: String,
    /// How far it is.
    pub status: UploadStatus,
    /// The campaign that its leads are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// Rows read.
    #[serde(default)]
    pub rows: u64,
    /// Leads created.
    #[serde(default)]
    pub created: u64,
    /// Rows merged into a lead.
    #[serde(default)]
    pub merged: u64,
    /// Rows rejected.
    #[serde(default)]
    pub rejected: u64,
    /// Why it failed: a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// When the import began.
    pub started_at: DateTime<Utc>,
    /// When its last row ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
}

impl From<Upload> for UploadCount {
    fn from(upload: Upload) -> Self {
        Self {
            upload: upload.id,
            rows: upload.rows,
            created: upload.created,
            merged: upload.merged,
            rejected: upload.rejected,
        }
    }
}

impl Tenants {
    /// Writes an upload's progress, attribute by attribute: the campaign that somebody chose meanwhile stays when this
    /// writer does not know it.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn put_upload(&self, upload: &Upload) -> Result<(), PortError> {
        let mut update = self
            .table
            .update()?
            .set_key(Some(key_of(keys::upload(&upload.tenant, &upload.id))));
        let mut sets = Vec::new();
        for (name, value) in attributes("upload", upload)? {
            sets.push(format!("#{name} = :{name}"));
            update = update
                .expression_attribute_values(format!(":{name}"), value)
                .expression_attribute_names(format!("#{name}"), name);
        }
        sets.sort();
        let update = update.update_expression(format!("SET {}", sets.join(", ")));
        update
            .send()
            .await
            .map(|_| ())
            .map_err(crate::error::unavailable("upload"))
    }

    /// Chooses the campaign that an upload's leads are for, before or while the file is imported.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn choose_campaign(
        &self,
        tenant: &TenantId,
        upload: &UploadId,
        campaign: &CampaignId,
    ) -> Result<(), PortError> {
        let update = self
            .table
            .update()?
            .set_key(Some(key_of(keys::upload(tenant, upload))))
            .update_expression("SET campaign = :campaign")
            .expression_attribute_values(":campaign", text(campaign.as_str()));
        update
            .send()
            .await
            .map(|_| ())
            .map_err(crate::error::unavailable("upload"))
    }

    /// The campaign chosen for an upload, even before its import has begun.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn chosen_campaign(
        &self,
        tenant: &TenantId,
        upload: &UploadId,
    ) -> Result<Option<CampaignId>, PortError> {
        let key = keys::upload(tenant, upload);
        let item = self
            .table
            .get("upload", key, crate::table::Read::Consistent)
            .await?
            .unwrap_or_default();
        item.get("campaign")
            .map(|value| crate::item::decode_attribute("upload", "campaign", value))
            .transpose()
    }
}

impl UploadStatus {
    /// The name that is stored: `running`, `done`, `failed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{attribute, decode, encode};

    #[test]
    fn an_upload_comes_back_as_it_was_written() {
        let upload = Upload {
            id: "u1".parse().unwrap(),
            tenant: "acme".parse().unwrap(),
            key: "team_acme/imports/u1/leads.csv".into(),
            status: UploadStatus::Done,
            campaign: Some("c1".parse().unwrap()),
            rows: 3,
            created: 1,
            merged: 1,
            rejected: 1,
            problem: None,
            started_at: crate::samples::now(),
            finished_at: Some(crate::samples::now()),
        };
        let item = encode("upload", keys::upload(&upload.tenant, &upload.id), &upload).unwrap();
        assert_eq!(
            item["status"],
            attribute("upload", &UploadStatus::Done).unwrap()
        );
        assert_eq!(UploadStatus::Done.as_str(), "done");
        assert_eq!(decode::<Upload>("upload", item).unwrap(), upload);
    }
}
