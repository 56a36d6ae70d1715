//! Uploads: a list of leads is put where its import begins (HUB-1).

use std::future::Future;

use serde::Serialize;
use touchline_domain::{
    ids::{TenantId, UploadId},
    sending::tenant::Tenant,
};

use super::{Actor, Change, Documents, tenants::exists};
use crate::ports::PortError;

/// How the name of a list ends.
const EXTENSION: &str = ".csv";

/// Where lists are put.
pub trait Lists: Sync {
    /// The bytes of a file.
    type Body: Send;

    /// Puts a list under its tenant's prefix (TEN-2). Its import begins by itself; the same list again creates nothing new.
    fn put_list(
        &self,
        list: &List,
        body: Self::Body,
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// An uploaded list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct List {
    /// Whose leads they are.
    pub tenant: TenantId,
    /// The upload's id.
    pub upload: UploadId,
    /// The file's name.
    pub name: String,
}

/// The answer to uploading a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uploaded {
    /// It is there, and its import begins.
    Uploaded(Change<List>),
    /// Only `.csv` files are imported (HUB-1).
    NotCsv,
    /// There is no such tenant.
    NoSuchTenant,
}

/// Uploads a list.
///
/// # Errors
/// A port is not available.
pub async fn upload<T: Documents<Tenant>, L: Lists>(
    tenants: &T,
    lists: &L,
    by: &Actor,
    list: List,
    body: L::Body,
) -> Result<Uploaded, PortError> {
    if !exists(tenants, &list.tenant).await? {
        return Ok(Uploaded::NoSuchTenant);
    }
    if !list.name.to_ascii_lowercase().ends_with(EXTENSION) {
        return Ok(Uploaded::NotCsv);
    }
    lists.put_list(&list, body).await?;
    Ok(Uploaded::Uploaded(Change {
        by: by.clone(),
        before: None,
        after: list,
    }))
}
